using System.Globalization;
using System.Numerics;
using System.Text;

namespace Dlt.Types;

/// <summary>Parses and prints numbers as Python does; text columns and cursors depend on the form (docs/spec/pipeline.md 3.3).</summary>
internal static class PythonNumber
{
    /// <summary>Returns Python's <c>repr</c> of a double: <c>1.0</c>, <c>1e-07</c>, <c>1e+16</c>, <c>nan</c>.</summary>
    public static string Repr(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        var (negative, digits, exponent) = JsonText.ShortestDigits(value);
        var sign = negative ? "-" : "";
        var point = digits.Length + exponent;
        if (point is > -4 and <= 16)
        {
            if (point <= 0) return sign + "0." + new string('0', -point) + digits;
            return exponent >= 0
                ? sign + digits + new string('0', exponent) + ".0"
                : string.Concat(sign, digits.AsSpan(0, point), ".", digits.AsSpan(point));
        }

        var mantissa = digits.Length == 1 ? digits : string.Concat(digits.AsSpan(0, 1), ".", digits.AsSpan(1));
        var power = point - 1;
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}e{(power < 0 ? '-' : '+')}{Math.Abs(power):00}");
    }

    /// <summary>Parses the texts of Python's <c>int(text)</c>, and hexadecimal after <c>0x</c>.</summary>
    public static bool TryParseInteger(string text, out BigInteger value)
    {
        value = default;
        var clean = Clean(text);
        if (IsHex(clean)) return TryParseHex(clean[2..], out value);
        if (!TryRemoveUnderscores(clean, out clean)) return false;
        var digits = clean.StartsWith('-') || clean.StartsWith('+') ? clean.AsSpan(1) : clean;
        if (digits.Length == 0 || digits.ContainsAnyExceptInRange('0', '9')) return false;
        return BigInteger.TryParse(clean, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Parses the texts of Python's <c>float(text)</c>, and hexadecimal after <c>0x</c> if allowed.</summary>
    public static bool TryParseDouble(string text, bool allowHex, out double value)
    {
        value = 0;
        var clean = Clean(text);
        if (allowHex && IsHex(clean))
        {
            if (!TryParseHex(clean[2..], out var integer)) return false;
            value = (double)integer;
            return true;
        }

        if (!TryRemoveUnderscores(clean, out clean) || clean.Length == 0) return false;
        var unsigned = clean[0] is '-' or '+' ? clean[1..] : clean;
        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }

        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = clean[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        if (unsigned.Length == 0 || !(char.IsAsciiDigit(unsigned[0]) || unsigned[0] == '.')) return false;
        return double.TryParse(clean, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Trims the text and converts Unicode decimal digits to ASCII.</summary>
    public static string Clean(string text)
    {
        var trimmed = text.Trim();
        if (Ascii.IsValid(trimmed)) return trimmed;
        var builder = new StringBuilder(trimmed.Length);
        foreach (var c in trimmed) builder.Append(char.IsDigit(c) ? (char)('0' + (int)char.GetNumericValue(c)) : c);
        return builder.ToString();
    }

    private static bool IsHex(string text) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);

    private static bool TryParseHex(string text, out BigInteger value)
    {
        value = default;
        var negative = text.StartsWith('-');
        if (negative || text.StartsWith('+')) text = text[1..];
        if (text.Length == 0 || !text.All(char.IsAsciiHexDigit)) return false;
        value = BigInteger.Parse("0" + text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (negative) value = -value;
        return true;
    }

    /// <summary>Removes underscores as Python does: one is allowed between two digits.</summary>
    private static bool TryRemoveUnderscores(string text, out string clean)
    {
        clean = text;
        if (!text.Contains('_', StringComparison.Ordinal)) return true;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '_') continue;
            if (i == 0 || i == text.Length - 1 || !char.IsAsciiDigit(text[i - 1]) || !char.IsAsciiDigit(text[i + 1])) return false;
        }

        clean = text.Replace("_", "", StringComparison.Ordinal);
        return true;
    }
}
