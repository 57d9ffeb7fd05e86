using System.Globalization;
using Dlt.Internal;

namespace Dlt.Iceberg;

/// <summary>Formats values as the Java library does, for partition folders and JSON (docs/spec/iceberg.md 4.4, 1.8).</summary>
internal static class ValueText
{
    public static string Of(PrimitiveType type, object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        int days when type.Kind == PrimitiveKind.Date => CivilDate.Text(days),
        long time when type.Kind == PrimitiveKind.Time => Time(time, keepsSeconds: false),
        long time when type.Kind is PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz =>
            Timestamp(time) + (type.Kind == PrimitiveKind.TimestampTz ? "+00:00" : ""),
        long time when type.Kind is PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs =>
            Nanos(time) + (type.Kind == PrimitiveKind.TimestampTzNs ? "+00:00" : ""),
        float number => JavaNumber.Text(number),
        double number => JavaNumber.Text(number),
        Int128 unscaled => Decimal(unscaled, type.Scale),
        Guid id => id.ToString("D"),
        byte[] bytes => Convert.ToBase64String(bytes),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Timestamp(long micros)
    {
        var days = (int)Micros.FloorDiv(micros, Micros.PerDay);
        return $"{CivilDate.Text(days)}T{Time(micros - days * Micros.PerDay, keepsSeconds: true)}";
    }

    private static string Nanos(long nanos)
    {
        var micros = Micros.FloorDiv(nanos, 1000);
        var rest = nanos - micros * 1000;
        var text = Timestamp(micros);
        if (rest == 0) return text;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var padded = point < 0 ? text + ".000000" : text.PadRight(point + 7, '0');
        return string.Create(CultureInfo.InvariantCulture, $"{padded}{rest:000}");
    }

    /// <summary>
    /// Formats a time as Java does: without a zero fraction, without zero seconds (times of day only), with fractions in groups of three
    /// digits.
    /// </summary>
    private static string Time(long micros, bool keepsSeconds)
    {
        var fraction = micros % Micros.PerSecond;
        var seconds = micros / Micros.PerSecond;
        var text = string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}");
        if (seconds % 60 == 0 && fraction == 0 && !keepsSeconds) return text;
        text += string.Create(CultureInfo.InvariantCulture, $":{seconds % 60:00}");
        if (fraction == 0) return text;
        return text + (fraction % 1000 == 0
            ? string.Create(CultureInfo.InvariantCulture, $".{fraction / 1000:000}")
            : string.Create(CultureInfo.InvariantCulture, $".{fraction:000000}"));
    }

    /// <summary>Plain notation, but with an exponent below 10^-6, as Java's BigDecimal does.</summary>
    public static string Decimal(Int128 unscaled, int scale)
    {
        var isNegative = Int128.IsNegative(unscaled);
        var text = unscaled.ToString(CultureInfo.InvariantCulture);
        var digits = isNegative ? text[1..] : text;
        var sign = isNegative ? "-" : "";
        var adjusted = digits.Length - 1 - scale;
        if (scale == 0) return sign + digits;
        if (adjusted < -6)
        {
            var mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}E{adjusted}");
        }

        if (digits.Length <= scale) digits = new string('0', scale - digits.Length + 1) + digits;
        return $"{sign}{digits[..^scale]}.{digits[^scale..]}";
    }
}
