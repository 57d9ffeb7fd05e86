namespace Dlt.Batches.Values;

/// <summary>Table of the powers of ten from 10^0 to 10^38.</summary>
internal static class PowersOfTen
{
    private static readonly Int128[] Powers = Make();

    /// <summary>Returns the power of ten; 10^38 for larger exponents.</summary>
    public static Int128 Of(int exponent) => Powers[Math.Min(exponent, Powers.Length - 1)];

    private static Int128[] Make()
    {
        var powers = new Int128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
