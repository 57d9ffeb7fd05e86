using System.Globalization;

namespace Dlt.Normalize.Shapes;

/// <summary>Reads JSON numbers into columns of integers, doubles and timestamps.</summary>
internal static unsafe class ShapeNumber
{
    private const ulong MaxExactInteger = 1UL << 53;
    private const long MinEpochSeconds = Timestamp.MinMicros / Timestamp.MicrosPerSecond;
    private const long MaxEpochSeconds = Timestamp.MaxMicros / Timestamp.MicrosPerSecond;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Reads one number. The text must end with a byte that cannot be part of a number.</summary>
    /// <param name="p">First byte: a digit or a minus sign.</param>
    /// <param name="field">Field that the number belongs to.</param>
    /// <param name="row">Row of the table buffer.</param>
    /// <returns>The first byte after the number; null when the item must take the exact path.</returns>
    public static byte* Read(byte* p, FieldShape field, int row)
    {
        var start = p;
        var negative = *p == '-';
        if (negative) p++;
        var first = p;
        ulong mantissa = 0;
        uint digit;
        while ((digit = (uint)(*p - '0')) <= 9)
        {
            mantissa = mantissa * 10 + digit;
            p++;
        }

        var digits = (int)(p - first);
        if (digits is 0 or > 18 || (*first == '0' && digits > 1)) return null;
        if (*p is (byte)'.' or (byte)'e' or (byte)'E') return Real(p, start, first, mantissa, negative, field, row);
        var integer = negative ? -(long)mantissa : (long)mantissa;
        switch (field.Target)
        {
            case FieldTarget.Long:
                field.Longs!.Append(row, integer);
                return p;
            case FieldTarget.Double:
                if (mantissa > MaxExactInteger) return null;   // a double may round it
                field.Doubles!.Append(row, integer);
                return p;
            case FieldTarget.Timestamp when integer is >= MinEpochSeconds and <= MaxEpochSeconds:
                field.Longs!.Append(row, integer * Timestamp.MicrosPerSecond);
                return p;
            default:
                return null;
        }
    }

    private static byte* Real(byte* p, byte* start, byte* first, ulong mantissa, bool negative, FieldShape field, int row)
    {
        if (field.Target != FieldTarget.Double) return null;
        var exponent = 0;
        uint digit;
        if (*p == '.')
        {
            var fraction = ++p;
            while ((digit = (uint)(*p - '0')) <= 9)
            {
                mantissa = mantissa * 10 + digit;
                p++;
            }

            exponent = -(int)(p - fraction);
            if (exponent == 0) return null;
        }

        var isShort = p - first <= 18;
        if (*p is (byte)'e' or (byte)'E')
        {
            p++;
            var negativeExponent = *p == '-';
            if (*p is (byte)'+' or (byte)'-') p++;
            if ((uint)(*p - '0') > 9) return null;
            var written = 0;
            while ((digit = (uint)(*p - '0')) <= 9)
            {
                written = Math.Min(written * 10 + (int)digit, 100_000);
                p++;
            }

            exponent += negativeExponent ? -written : written;
        }

        double value;
        if (isShort && mantissa < 1UL << 53 && exponent is >= -22 and <= 22)
        {
            // Both factors are exact, so one rounding gives the right double.
            value = exponent < 0 ? mantissa / PowersOfTen[-exponent] : mantissa * PowersOfTen[exponent];
            if (negative) value = -value;
        }
        else
        {
            value = double.Parse(new ReadOnlySpan<byte>(start, (int)(p - start)), NumberStyles.Float, CultureInfo.InvariantCulture);
            if (!double.IsFinite(value)) return null;
        }

        field.Doubles!.Append(row, value);
        return p;
    }
}
