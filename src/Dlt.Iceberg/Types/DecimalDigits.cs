using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dlt.Iceberg;

/// <summary>Checks the digits of decimals, which are passed as boxed <see cref="Int128"/> (<see cref="UnscaledNumber"/>).</summary>
internal static class DecimalDigits
{
    private const int MaxDigits = 38;

    private static readonly Int128[] PowersOfTen = [.. Enumerable.Range(0, MaxDigits + 1).Select(p => (Int128)BigInteger.Pow(10, p))];

    /// <summary>True if the number has at most <paramref name="precision"/> digits.</summary>
    /// <param name="unscaled">Unscaled number of a decimal.</param>
    /// <param name="precision">Number of digits, 1 to 38.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Fit(object unscaled, int precision)
    {
        var number = (Int128)unscaled;
        return number < PowersOfTen[precision] && number > -PowersOfTen[precision];
    }

    /// <summary>True if the bytes of a decimal hold the number. It may have one digit more than the declared precision.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool FitBytes(object unscaled, int precision)
    {
        var bits = 8 * UnscaledNumber.BytesOf(precision) - 1;
        return (Int128)unscaled >> bits is var sign && (sign == 0 || sign == -1);
    }
}
