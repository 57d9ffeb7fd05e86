using System.Globalization;
using Dlt.Types;

namespace Dlt.Iceberg;

/// <summary>Values as the Java library prints them: names of partition folders, and JSON (docs/spec/iceberg.md 4.4, 1.8).</summary>
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
        return rest == 0 ? text
            : text.Contains('.', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture,
                $"{text.PadRight(text.IndexOf('.', StringComparison.Ordinal) + 7, '0')}{rest:000}")
                    : string.Create(CultureInfo.InvariantCulture, $"{text}.000000{rest:000}");
    }

    /// <summary>
    /// Java leaves out a fraction of zero, and, for times of day, seconds of zero; it prints fractions in groups of three digits.
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

    /// <summary>Plain, but with an exponent where Java's BigDecimal has one: below 10^-6.</summary>
    public static string Decimal(Int128 unscaled, int scale)
    {
        var digits = Int128.IsNegative(unscaled)
            ? unscaled.ToString(CultureInfo.InvariantCulture)[1..] : unscaled.ToString(CultureInfo.InvariantCulture);
        var sign = Int128.IsNegative(unscaled) ? "-" : "";
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
