namespace Dlt.Parquet.Metrics;

/// <summary>
/// Smallest and largest value in PLAIN encoding, without the length of texts. Bounds of long texts are shortened and then not exact.
/// </summary>
/// <param name="Min">Lower bound; null when there is none, for example because a value is NaN.</param>
/// <param name="Max">Upper bound; null when there is none: a long value of 0xFF bytes has no short upper bound.</param>
/// <param name="IsMinExact">True when <paramref name="Min"/> is a value.</param>
/// <param name="IsMaxExact">True when <paramref name="Max"/> is a value.</param>
internal sealed record ColumnBounds(byte[]? Min, byte[]? Max, bool IsMinExact = true, bool IsMaxExact = true)
{
    /// <summary>True when a value is NaN, so there are no bounds.</summary>
    public bool HasNaN { get; init; }
}
