using System.Globalization;
using System.Numerics;
using Dlt.Types;

namespace Dlt;

/// <summary>
/// A decimal number of any size: a sign, digits times a power of ten, or NaN or an infinity. Keeps its exponent, so <c>1.0</c> and
/// <c>1.00</c> differ, and prints as Python's <c>Decimal</c>.
/// </summary>
public readonly record struct BigDecimal
{
    private const string NaN = "NaN";
    private const string Infinity = "Infinity";

    private static readonly BigInteger Ten = 10;

    internal BigDecimal(BigInteger digits, int exponent, bool isNegative, string? special = null)
    {
        Digits = digits;
        Exponent = exponent;
        IsNegative = isNegative;
        Special = special;
    }

    /// <summary>The digits as an integer, 0 or more.</summary>
    public BigInteger Digits { get; internal init; }

    /// <summary>Power of ten by which the digits are multiplied.</summary>
    public int Exponent { get; internal init; }

    /// <summary>True for numbers below zero, negative zero and negative infinity.</summary>
    public bool IsNegative { get; internal init; }

    /// <summary><c>NaN</c> or <c>Infinity</c>; null for a number.</summary>
    internal string? Special { get; }

    /// <summary>True for numbers, false for NaN and the infinities.</summary>
    public bool IsFinite => Special is null;

    /// <summary>True for NaN.</summary>
    public bool IsNaN => Special == NaN;

    /// <summary>True for zero of either sign.</summary>
    public bool IsZero => Special is null && Digits.IsZero;

    /// <summary>Converts an integer; the exponent is 0.</summary>
    public static BigDecimal FromInteger(BigInteger value) => new(BigInteger.Abs(value), 0, value.Sign < 0);

    /// <summary>Converts a double by the shortest text that identifies it, so 0.1 stays 0.1.</summary>
    public static BigDecimal FromDouble(double value)
    {
        if (double.IsNaN(value)) return new(0, 0, false, NaN);
        if (double.IsInfinity(value)) return new(0, 0, value < 0, Infinity);
        TryParse(PythonNumber.Repr(value), out var result);
        return result;
    }

    /// <summary>Returns whether the shortest text that identifies a double is this number, whatever its exponent.</summary>
    internal bool IsShortestOf(double value)
    {
        if (!IsFinite || !double.IsFinite(value)) return false;
        if (IsZero) return value == 0;
        var (isNegative, shortest, exponent) = JsonText.ShortestDigits(value);
        var digits = Digits.ToString(CultureInfo.InvariantCulture);
        var kept = digits.TrimEnd('0');
        return kept == shortest && Exponent + digits.Length - kept.Length == exponent && IsNegative == isNegative;
    }

    /// <summary>Parses every text that Python's <c>Decimal(text)</c> accepts.</summary>
    /// <returns>False when the text is not a decimal number.</returns>
    public static bool TryParse(string text, out BigDecimal value)
    {
        value = default;
        var clean = PythonNumber.Clean(text.Replace("_", "", StringComparison.Ordinal));
        if (clean.Length == 0) return false;
        var at = 0;
        var negative = clean[0] == '-';
        if (clean[0] is '-' or '+') at++;
        var rest = clean[at..];
        if (rest.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = new(0, 0, negative, NaN);
            return true;
        }

        if (rest.Equals("inf", StringComparison.OrdinalIgnoreCase) || rest.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = new(0, 0, negative, Infinity);
            return true;
        }

        var exponent = 0;
        var e = rest.IndexOfAny(['e', 'E']);
        if (e >= 0)
        {
            if (!int.TryParse(rest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return false;
            rest = rest[..e];
        }

        var point = rest.IndexOf('.');
        if (point >= 0)
        {
            exponent -= rest.Length - point - 1;
            rest = rest.Remove(point, 1);
        }

        if (rest.Length == 0 || !rest.All(char.IsAsciiDigit)) return false;
        value = new(BigInteger.Parse(rest, CultureInfo.InvariantCulture), exponent, negative);
        return true;
    }

    /// <summary>Converts to an integer if there is no fraction and the exponent is at most 400.</summary>
    public bool TryToInteger(out BigInteger value)
    {
        value = default;
        if (Special is not null) return false;
        if (Exponent >= 0)
        {
            if (Exponent > 400 && !Digits.IsZero) return false;
            value = Digits * BigInteger.Pow(Ten, Digits.IsZero ? 0 : Exponent);
        }
        else
        {
            value = BigInteger.DivRem(Digits, BigInteger.Pow(Ten, -Exponent), out var remainder);
            if (!remainder.IsZero) return false;
        }

        if (IsNegative) value = -value;
        return true;
    }

    /// <summary>Rounds to at most <paramref name="scale"/> digits after the point, half to even.</summary>
    /// <param name="scale">Maximum number of fraction digits, 0 or more.</param>
    /// <param name="isExact">True when no digit was lost; also for NaN and the infinities.</param>
    internal BigDecimal Round(int scale, out bool isExact)
    {
        isExact = true;
        if (Special is not null || Exponent >= -scale) return this;
        var divisor = BigInteger.Pow(Ten, -Exponent - scale);
        var quotient = BigInteger.DivRem(Digits, divisor, out var rest);
        isExact = rest.IsZero;
        if (isExact) return this;
        var order = (rest * 2).CompareTo(divisor);
        if (order > 0 || (order == 0 && !quotient.IsEven)) quotient++;
        return new(quotient, -scale, IsNegative);
    }

    /// <summary>
    /// Converts to the integer <c>value * 10^scale</c>. Returns false when the result has a fraction or more than
    /// <paramref name="precision"/> digits; nothing is rounded.
    /// </summary>
    public bool TryToUnscaled(int precision, int scale, out BigInteger unscaled)
    {
        unscaled = default;
        if (Special is not null) return false;
        var shifted = this with { Exponent = Exponent + scale };
        return shifted.TryToInteger(out unscaled) && BigInteger.Abs(unscaled) < BigInteger.Pow(Ten, precision);
    }

    /// <summary>Converts to the nearest double.</summary>
    public double ToDouble() => Special switch
    {
        NaN => double.NaN,
        Infinity => IsNegative ? double.NegativeInfinity : double.PositiveInfinity,
        _ => double.Parse(ToString(), NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    /// <summary>Returns the text of Python's <c>str(Decimal)</c>, such as <c>1.50</c> or <c>1E+20</c>.</summary>
    public override string ToString()
    {
        var sign = IsNegative ? "-" : "";
        if (Special is not null) return sign + Special;
        var digits = Digits.ToString(CultureInfo.InvariantCulture);
        var left = Exponent + digits.Length;
        var dot = Exponent <= 0 && left > -6 ? left : 1;
        var mantissa = dot <= 0 ? "0." + new string('0', -dot) + digits
            : dot >= digits.Length ? digits + new string('0', dot - digits.Length)
            : string.Concat(digits.AsSpan(0, dot), ".", digits.AsSpan(dot));
        return left == dot ? sign + mantissa : string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}E{left - dot:+0;-0}");
    }
}
