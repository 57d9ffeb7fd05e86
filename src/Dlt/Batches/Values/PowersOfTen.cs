namespace Dlt.Batches.Values;

/// <summary>10 to the 0 … 38.</summary>
internal static class PowersOfTen
{
    private static readonly Int128[] Powers = Make();

    public static Int128 Of(int exponent) => Powers[Math.Min(exponent, Powers.Length - 1)];

    private static Int128[] Make()
    {
        var powers = new Int128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
