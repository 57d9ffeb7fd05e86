using System.Globalization;
using System.Numerics;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Iceberg;

/// <summary>Values of .NET, and of JSON, in the form that a type has in this library (spec/iceberg.md 5.1, 1.8).</summary>
internal static class Literal
{
    /// <summary>A number that the type cannot hold, on either side.</summary>
    public enum Bound
    {
        Below,
        Above,
    }

    /// <returns>The value, a <see cref="Bound"/>, or null when it cannot be of that type.</returns>
    public static object? Of(PrimitiveType type, object value) => value is JsonValue json ? FromJson(type, json) : FromNet(type, value);

    /// <summary>Values of defaults and filters in JSON.</summary>
    public static object? FromJson(PrimitiveType type, JsonValue json)
    {
        switch (type.Kind)
        {
            case PrimitiveKind.Boolean: return json.Kind is JsonKind.True or JsonKind.False ? json.AsBool() : null;
            case PrimitiveKind.Int: return json.Kind == JsonKind.Integer ? Int(json.AsBigInteger()) : null;
            case PrimitiveKind.Long: return json.Kind == JsonKind.Integer ? Integer(json.AsBigInteger(), long.MinValue, long.MaxValue) : null;
            case PrimitiveKind.Float: return Real(json) is { } f ? (float)f : null;
            case PrimitiveKind.Double: return Real(json);
            case PrimitiveKind.Decimal: return Decimal(type, json.Kind == JsonKind.String ? json.AsString() : json.ToString());
        }

        return json.Kind == JsonKind.String ? FromText(type, json.AsString()) : json.Kind == JsonKind.Integer && json.TryGetInt64(out var number) ? FromNumber(type, number) : null;
    }

    /// <summary>Reads the text form of a value.</summary>
    public static object? FromText(PrimitiveType type, string text)
    {
        switch (type.Kind)
        {
            case PrimitiveKind.String: return text;
            case PrimitiveKind.Boolean: return bool.TryParse(text, out var flag) ? flag : null;
            case PrimitiveKind.Int: return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? Int(i) : null;
            case PrimitiveKind.Long: return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? Integer(n, long.MinValue, long.MaxValue) : null;
            case PrimitiveKind.Float: return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var single) ? single : null;
            case PrimitiveKind.Double: return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null;
            case PrimitiveKind.Decimal: return Decimal(type, text);
            case PrimitiveKind.Date: return Days(text);
            case PrimitiveKind.Time: return Split(text, out var time, out _) ? time : null;
            case PrimitiveKind.Uuid: return Guid.TryParse(text, out var id) ? id : null;
            case PrimitiveKind.Fixed or PrimitiveKind.Binary: return text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
            case PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz: return Micro(text) is { } m ? m.Micros : null;
            case PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs: return Micro(text) is { } ns ? ns.Micros * 1000 + ns.Nanos : null;
            default: return null;
        }
    }

    /// <summary>An unscaled decimal; null when it has more digits than the type.</summary>
    public static object? Decimal(PrimitiveType type, string text) =>
        BigDecimal.TryParse(text, out var number) && number.TryToUnscaled(PrimitiveMax, type.Scale, out var unscaled) && unscaled >= (BigInteger)Int128.MinValue && unscaled <= (BigInteger)Int128.MaxValue ? (Int128)unscaled : null;

    private const int PrimitiveMax = 38;

    private static object? FromNet(PrimitiveType type, object value)
    {
        switch (value)
        {
            case string text: return FromText(type, text);
            case sbyte or byte or short or ushort or int or uint or long: return FromNumber(type, Convert.ToInt64(value, CultureInfo.InvariantCulture));
            case float or double when type.Kind is PrimitiveKind.Float or PrimitiveKind.Double:
                var real = Convert.ToDouble(value, CultureInfo.InvariantCulture);
                return type.Kind == PrimitiveKind.Float ? (float)real : real;
            case float or double when type.Kind == PrimitiveKind.Decimal: return Decimal(type, Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture));
            case decimal number: return type.Kind switch
            {
                PrimitiveKind.Decimal => Decimal(type, number.ToString(CultureInfo.InvariantCulture)),
                PrimitiveKind.Float => (float)number,
                PrimitiveKind.Double => (double)number,
                _ => decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue ? FromNumber(type, (long)number) : null,
            };
            case Int128 unscaled when type.Kind == PrimitiveKind.Decimal: return unscaled;
            case bool when type.Kind == PrimitiveKind.Boolean: return value;
            case Guid when type.Kind == PrimitiveKind.Uuid: return value;
            case byte[] when type.Kind is PrimitiveKind.Fixed or PrimitiveKind.Binary: return value;
            case DateOnly day when type.Kind == PrimitiveKind.Date: return day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
            case TimeOnly time when type.Kind == PrimitiveKind.Time: return time.Ticks / TimeSpan.TicksPerMicrosecond;
            case DateTimeOffset time: return Ticks(type, time.UtcTicks);
            case DateTime time: return Ticks(type, (time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks);
            default: return null;
        }
    }

    private static object? Ticks(PrimitiveType type, long ticks)
    {
        var since = ticks - DateTime.UnixEpoch.Ticks;
        return type.Kind switch
        {
            PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz => Micros.FloorDiv(since, TimeSpan.TicksPerMicrosecond),
            PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs => since * TimeSpan.NanosecondsPerTick,
            PrimitiveKind.Date => (int)Micros.FloorDiv(since, TimeSpan.TicksPerDay),
            _ => null,
        };
    }

    private static object? FromNumber(PrimitiveType type, long number) => type.Kind switch
    {
        PrimitiveKind.Int => Int(number),
        PrimitiveKind.Date => number is >= int.MinValue and <= int.MaxValue ? (int)number : null,
        PrimitiveKind.Long or PrimitiveKind.Time or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz or PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs => number,
        PrimitiveKind.Float => (float)number,
        PrimitiveKind.Double => (double)number,
        PrimitiveKind.Decimal => Decimal(type, number.ToString(CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static object Integer(BigInteger number, long min, long max) => number < min ? Bound.Below : number > max ? Bound.Above : (long)number;

    private static object Int(BigInteger number) => number < int.MinValue ? Bound.Below : number > int.MaxValue ? Bound.Above : (int)number;

    private static double? Real(JsonValue json) => json.Kind switch
    {
        JsonKind.Integer or JsonKind.Real => json.AsDouble(),
        JsonKind.String => json.AsString() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, "-0.0" => -0.0, _ => null },
        _ => null,
    };

    private static object? Days(string text)
    {
        var sign = text.StartsWith('-') ? -1 : 1;
        var parts = text.TrimStart('-', '+').Split('-');
        return parts.Length == 3 && int.TryParse(parts[0], out var year) && int.TryParse(parts[1], out var month) && int.TryParse(parts[2], out var day) && month is >= 1 and <= 12 && day is >= 1 and <= 31
            ? CivilDate.ToDays(sign * year, month, day)
            : null;
    }

    private static (long Micros, long Nanos)? Micro(string text)
    {
        var t = text.IndexOfAny(['T', ' ']);
        if (t < 0) return Days(text) is int midnight ? (midnight * Micros.PerDay, 0) : null;
        if (Days(text[..t]) is not int days) return null;
        var rest = text[(t + 1)..];
        var offset = 0L;
        if (rest.EndsWith('Z'))
        {
            rest = rest[..^1];
        }
        else if (rest.LastIndexOfAny(['+', '-']) is var sign and > 0)
        {
            if (!Split(rest[(sign + 1)..], out offset, out _)) return null;
            offset = rest[sign] == '-' ? -offset : offset;
            rest = rest[..sign];
        }

        return Split(rest, out var time, out var nanos) ? (days * Micros.PerDay + time - offset, nanos) : null;
    }

    /// <summary>Hours, minutes, and perhaps seconds with up to nine digits after the point.</summary>
    private static bool Split(string text, out long micros, out long nanos)
    {
        (micros, nanos) = (0, 0);
        var parts = text.Split(':');
        if (parts.Length is < 2 or > 3 || !int.TryParse(parts[0], out var hours) || !int.TryParse(parts[1], out var minutes)) return false;
        micros = (hours * 60L + minutes) * 60 * Micros.PerSecond;
        if (parts.Length == 2) return true;
        var seconds = parts[2].Split('.');
        if (!int.TryParse(seconds[0], out var whole)) return false;
        micros += whole * Micros.PerSecond;
        if (seconds.Length == 1) return true;
        var digits = seconds[1].PadRight(9, '0');
        if (digits.Length != 9 || !long.TryParse(digits, out var fraction)) return false;
        micros += fraction / 1000;
        nanos = fraction % 1000;
        return true;
    }
}
