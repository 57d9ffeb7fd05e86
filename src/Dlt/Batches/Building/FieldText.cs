using System.Globalization;

namespace Dlt.Batches.Building;

/// <summary>
/// What the text of a field is that has no type of its own, as in CSV. Nothing is guessed: a number, a flag or a date that would be written
/// otherwise again is a text.
/// </summary>
internal static class FieldText
{
    private const double MaxExactInteger = 1L << 53;

    private static readonly int UnixDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>
    /// A whole number of 64 bits. Codes such as 01234 are no numbers, nor are texts with blanks or signs other than minus.
    /// </summary>
    public static bool TryInteger(ReadOnlySpan<char> field, out long value)
    {
        value = 0;
        return IsNumber(field) && long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A finite number; a whole number that a double would round is none.</summary>
    public static bool TryReal(ReadOnlySpan<char> field, out double value)
    {
        value = 0;
        return IsNumber(field)
            && double.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value)
            && (Math.Abs(value) < MaxExactInteger || field.ContainsAny('.', 'e', 'E') || IsExact(field, value));
    }

    /// <summary><c>true</c> or <c>false</c> in any case.</summary>
    public static bool TryBool(ReadOnlySpan<char> field, out bool value)
    {
        value = field.Equals("true", StringComparison.OrdinalIgnoreCase);
        return value || field.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A date of the form <c>2024-01-02</c>, as days since 1970-01-01.</summary>
    public static bool TryDate(ReadOnlySpan<char> field, out int day)
    {
        day = 0;
        if (field.Length != 10 || !DateOnly.TryParseExact(
            field, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return false;
        day = date.DayNumber - UnixDay;
        return true;
    }

    /// <summary>
    /// True when the text begins as a number does: digits without a leading zero, after a minus at most, and neither blanks nor underscores
    /// anywhere.
    /// </summary>
    public static bool IsNumber(ReadOnlySpan<char> field)
    {
        if (field.Length > 0 && field[0] == '-') field = field[1..];
        return field.Length > 0 && char.IsAsciiDigit(field[0]) && (field[0] != '0' || field.Length == 1 || !char.IsAsciiDigit(field[1]))
            && !field.ContainsAny('_', ' ', '\t');
    }

    private static bool IsExact(ReadOnlySpan<char> field, double value) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && Math.Abs(value) < 1L << 62
            && (long)value == whole;
}
