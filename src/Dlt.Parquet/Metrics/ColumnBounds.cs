namespace Dlt.Parquet.Metrics;

/// <summary>
/// Smallest and largest value in PLAIN encoding, without the length of texts; bounds of long texts are shortened and then not exact.
/// </summary>
/// <param name="Min">Null where there is none, as where a value is NaN.</param>
/// <param name="Max">Null where there is none: a long value whose bytes are all 0xFF has no short upper bound.</param>
/// <param name="IsMinExact">True: a value is <paramref name="Min"/>.</param>
/// <param name="IsMaxExact">True: a value is <paramref name="Max"/>.</param>
internal sealed record ColumnBounds(byte[]? Min, byte[]? Max, bool IsMinExact = true, bool IsMaxExact = true)
{
    /// <summary>True: NaN is among the values, so that there are no bounds.</summary>
    public bool HasNaN { get; init; }
}
