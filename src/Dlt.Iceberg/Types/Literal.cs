using System.Globalization;
using System.Numerics;

namespace Dlt.Iceberg;

/// <summary>Converts .NET and JSON values to the form that this library uses for each type (docs/spec/iceberg.md 5.1, 1.8).</summary>
internal static class Literal
{
    /// <summary>The side on which a number is outside the range of its type.</summary>
    public enum Bound
    {
        Below,
        Above,
    }

    /// <summary>
    /// Converts a value to the form of a type. Fractions become the nearest float or double; every other conversion is exact. <see
    /// cref="ValueCheck"/> checks digits and ranges.
    /// </summary>
    /// <returns>The value, a <see cref="Bound"/>, or null if the type does not accept the value.</returns>
    public static object? Of(PrimitiveType type, object value) => value is JsonValue json ? FromJson(type, json) : FromNet(type, value);

    /// <summary>Converts a JSON value of a default or a filter.</summary>
    public static object? FromJson(PrimitiveType type, JsonValue json)
    {
        switch (type.Kind)
        {
            case PrimitiveKind.Boolean: return json.Kind is JsonKind.True or JsonKind.False ? json.AsBool() : null;
            case PrimitiveKind.Int: return json.Kind == JsonKind.Integer ? Int(json.AsBigInteger()) : null;
            case PrimitiveKind.Long:
                return json.Kind == JsonKind.Integer ? Integer(json.AsBigInteger(), long.MinValue, long.MaxValue) : null;
            case PrimitiveKind.Float: return Real(json) is { } single ? Single(single) : null;
            case PrimitiveKind.Double: return Real(json);
            case PrimitiveKind.Decimal: return Decimal(type, json.Kind == JsonKind.String ? json.AsString() : json.ToString());
        }

        if (json.Kind == JsonKind.String) return FromText(type, json.AsString());
        return json.Kind == JsonKind.Integer && json.TryGetInt64(out var number) ? FromNumber(type, number) : null;
    }

    /// <summary>Parses the text form of a value.</summary>
    public static object? FromText(PrimitiveType type, string text)
    {
        switch (type.Kind)
        {
            case PrimitiveKind.String: return text;
            case PrimitiveKind.Boolean: return bool.TryParse(text, out var flag) ? flag : null;
            case PrimitiveKind.Int:
                return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? Int(i) : null;
            case PrimitiveKind.Long:
                return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)
                    ? Integer(n, long.MinValue, long.MaxValue) : null;
            case PrimitiveKind.Float:
                return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var single)
                    ? Parsed(single, float.IsInfinity(single), text) : null;
            case PrimitiveKind.Double:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                    ? Parsed(real, double.IsInfinity(real), text) : null;
            case PrimitiveKind.Decimal: return Decimal(type, text);
            case PrimitiveKind.Date: return TimeText.Days(text);
            case PrimitiveKind.Time: return TimeText.Time(text)?.Micros;
            case PrimitiveKind.Uuid: return Guid.TryParse(text, out var id) ? id : null;
            case PrimitiveKind.Fixed or PrimitiveKind.Binary:
                return text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
            case PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz: return TimeText.Moment(text)?.Micros;
            case PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs:
                return TimeText.Moment(text) is { } moment ? Nanoseconds((Int128)moment.Micros * 1000 + moment.Nanos) : null;
            default: return null;
        }
    }

    /// <summary>Parses an unscaled decimal; null if it has more digits than the type.</summary>
    public static object? Decimal(PrimitiveType type, string text) =>
        BigDecimal.TryParse(text, out var number) && number.TryToUnscaled(MaxPrecision, type.Scale, out var unscaled)
            && unscaled >= (BigInteger)Int128.MinValue && unscaled <= (BigInteger)Int128.MaxValue ? (Int128)unscaled : null;

    private const int MaxPrecision = 38;

    /// <summary>Rounds a number to the nearest float.</summary>
    /// <returns>A float, or a <see cref="Bound"/> for a finite number outside the range of float.</returns>
    public static object Single(double number)
    {
        var single = (float)number;
        if (float.IsInfinity(single) && double.IsFinite(number)) return number < 0 ? Bound.Below : Bound.Above;
        return single;
    }

    private static object? FromNet(PrimitiveType type, object value)
    {
        switch (value)
        {
            case string text: return FromText(type, text);
            case sbyte or byte or short or ushort or int or uint or long:
                return FromNumber(type, Convert.ToInt64(value, CultureInfo.InvariantCulture));
            case ulong number:
                return number <= long.MaxValue
                    ? FromNumber(type, (long)number) : FromText(type, number.ToString(CultureInfo.InvariantCulture));
            case float or double: return FromReal(type, Convert.ToDouble(value, CultureInfo.InvariantCulture));
            case decimal number:
                return type.Kind switch
                {
                    PrimitiveKind.Decimal => Decimal(type, number.ToString(CultureInfo.InvariantCulture)),
                    PrimitiveKind.Float => (float)number,
                    PrimitiveKind.Double => (double)number,
                    _ when decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue => FromNumber(type, (long)number),
                    _ => null,
                };
            case Int128 unscaled when type.Kind == PrimitiveKind.Decimal: return unscaled;
            case bool when type.Kind == PrimitiveKind.Boolean: return value;
            case Guid when type.Kind == PrimitiveKind.Uuid: return value;
            case byte[] { Length: 16 } bytes when type.Kind == PrimitiveKind.Uuid: return new Guid(bytes, bigEndian: true);
            case byte[] when type.Kind is PrimitiveKind.Fixed or PrimitiveKind.Binary: return value;
            case DateOnly day when type.Kind == PrimitiveKind.Date:
                return day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
            case TimeOnly time when type.Kind == PrimitiveKind.Time: return time.Ticks / TimeSpan.TicksPerMicrosecond;
            case DateTimeOffset time: return Ticks(type, time.UtcTicks);
            case DateTime time: return Ticks(type, (time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks);
            default: return null;
        }
    }

    private static object? FromReal(PrimitiveType type, double real) => type.Kind switch
    {
        PrimitiveKind.Float => Single(real),
        PrimitiveKind.Double => real,
        PrimitiveKind.Decimal => Decimal(type, real.ToString("R", CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static object? Ticks(PrimitiveType type, long ticks)
    {
        var since = ticks - DateTime.UnixEpoch.Ticks;
        return type.Kind switch
        {
            PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz => Micros.FloorDiv(since, TimeSpan.TicksPerMicrosecond),
            PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs => Nanoseconds((Int128)since * TimeSpan.NanosecondsPerTick),
            PrimitiveKind.Date => (int)Micros.FloorDiv(since, TimeSpan.TicksPerDay),
            _ => null,
        };
    }

    /// <summary>An integer becomes a float or double only if the conversion is exact.</summary>
    private static object? FromNumber(PrimitiveType type, long number) => type.Kind switch
    {
        PrimitiveKind.Int => Int(number),
        PrimitiveKind.Date => Int(number),
        PrimitiveKind.Long or PrimitiveKind.Time or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz
            or PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs => number,
        PrimitiveKind.Float => (Int128)(float)number == number ? (float)number : null,
        PrimitiveKind.Double => (Int128)(double)number == number ? (double)number : null,
        PrimitiveKind.Decimal => Decimal(type, number.ToString(CultureInfo.InvariantCulture)),
        _ => null,
    };

    /// <summary>Nanoseconds in 64 bits cover the years 1677 to 2262.</summary>
    private static object Nanoseconds(Int128 nanos) =>
        nanos < long.MinValue ? Bound.Below : nanos > long.MaxValue ? Bound.Above : (long)nanos;

    /// <summary>Digits that parse to infinity are a number outside the range of the type. The name <c>Infinity</c> is a value.</summary>
    private static object Parsed<T>(T number, bool isInfinite, string text)
        where T : struct
    {
        if (!isInfinite || !text.Any(char.IsAsciiDigit)) return number;
        return text.AsSpan().TrimStart().StartsWith('-') ? Bound.Below : Bound.Above;
    }

    private static object Integer(BigInteger number, long min, long max) =>
        number < min ? Bound.Below : number > max ? Bound.Above : (long)number;

    private static object Int(BigInteger number) => number < int.MinValue ? Bound.Below : number > int.MaxValue ? Bound.Above : (int)number;

    private static double? Real(JsonValue json) => json.Kind switch
    {
        JsonKind.Integer or JsonKind.Real => json.AsDouble(),
        JsonKind.String => json.AsString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            "-0.0" => -0.0,
            _ => null,
        },
        _ => null,
    };
}
