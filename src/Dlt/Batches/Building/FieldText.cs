using System.Globalization;

namespace Dlt.Batches.Building;

/// <summary>
/// Parses values of fields without types, as in CSV. Nothing is guessed: a field that would be written differently from its value stays a
/// text, such as <c>01</c>.
/// </summary>
internal static class FieldText
{
    private const double MaxExactInteger = 1L << 53;

    private static readonly int UnixDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Parses a 64-bit integer. Codes such as 01234, and texts with blanks or signs other than minus, are not integers.</summary>
    public static bool TryInteger(ReadOnlySpan<char> field, out long value)
    {
        value = 0;
        return IsNumber(field) && long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Parses a finite number. An integer that a double cannot represent exactly is refused.</summary>
    public static bool TryReal(ReadOnlySpan<char> field, out double value)
    {
        value = 0;
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return IsNumber(field)
            && double.TryParse(field, style, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value)
            && (Math.Abs(value) < MaxExactInteger || field.ContainsAny('.', 'e', 'E') || IsExact(field, value));
    }

    /// <summary>Parses <c>true</c> or <c>false</c>, ignoring case.</summary>
    public static bool TryBool(ReadOnlySpan<char> field, out bool value)
    {
        value = field.Equals("true", StringComparison.OrdinalIgnoreCase);
        return value || field.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Parses a date such as <c>2024-01-02</c> to days since 1970-01-01.</summary>
    public static bool TryDate(ReadOnlySpan<char> field, out int day)
    {
        day = 0;
        if (field.Length != 10) return false;
        if (!DateOnly.TryParseExact(field, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return false;
        day = date.DayNumber - UnixDay;
        return true;
    }

    /// <summary>
    /// Returns whether a text starts like a number: digits without a leading zero, after at most a minus, and without blanks and
    /// underscores.
    /// </summary>
    public static bool IsNumber(ReadOnlySpan<char> field)
    {
        if (field.Length > 0 && field[0] == '-') field = field[1..];
        if (field.Length == 0 || !char.IsAsciiDigit(field[0])) return false;
        var hasLeadingZero = field[0] == '0' && field.Length > 1 && char.IsAsciiDigit(field[1]);
        return !hasLeadingZero && !field.ContainsAny('_', ' ', '\t');
    }

    private static bool IsExact(ReadOnlySpan<char> field, double value) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
        && Math.Abs(value) < 1L << 62
        && (long)value == whole;
}
