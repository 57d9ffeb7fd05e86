using System.ComponentModel;
using System.Globalization;

namespace Dlt.Internal;

/// <summary>
/// Prints floating-point numbers as Java, Athena, Trino and Iceberg do: <c>1.0</c>, <c>1.0E10</c>, <c>NaN</c>, <c>-Infinity</c>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class JavaNumber
{
    private const double SmallestPlain = 1e-3;
    private const double LargestPlain = 1e7;

    /// <summary>Returns the text of <c>Double.toString</c> with the fewest digits that identify the number.</summary>
    public static string Text(double number) =>
        Text(number, double.Parse(number.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) == number
            ? number.ToString("E1", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Returns the text of <c>Float.toString</c> with the fewest digits that identify the number.</summary>
    public static string Text(float number) =>
        Text(number, float.Parse(number.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) == number
            ? number.ToString("E1", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture));

    private static string Text(double number, string shortest)
    {
        if (double.IsNaN(number)) return "NaN";
        if (double.IsInfinity(number)) return number > 0 ? "Infinity" : "-Infinity";
        var sign = double.IsNegative(number) ? "-" : "";
        if (number == 0) return sign + "0.0";
        var (digits, exponent) = Parts(shortest.TrimStart('-'));
        var magnitude = Math.Abs(number);
        if (magnitude is < SmallestPlain or >= LargestPlain)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}");
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length <= exponent + 1) return $"{sign}{digits.PadRight(exponent + 1, '0')}.0";
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>Returns the digits without surrounding zeros, and the power of ten of the first one.</summary>
    private static (string Digits, int Exponent) Parts(string text)
    {
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var all = point < 0 ? whole : whole + mantissa[(point + 1)..];
        var leading = all.Length - all.TrimStart('0').Length;
        var digits = all.Trim('0');
        return (digits.Length == 0 ? "0" : digits, exponent + whole.Length - 1 - leading);
    }
}
