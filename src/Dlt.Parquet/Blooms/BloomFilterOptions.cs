namespace Dlt.Parquet;

/// <summary>Size of the Bloom filters of a column. Setting a value outside of its range throws.</summary>
public sealed record BloomFilterOptions
{
    internal const int MinBytes = 32;
    private const int HighestBytes = 128 << 20;

    /// <summary>
    /// Share of absent values that the filter of a row group does not exclude, above 0 and below 1; 0.01 by default. It is higher if
    /// <see cref="MaxBytes"/> does not suffice.
    /// </summary>
    public double FalsePositiveRate
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(FalsePositiveRate), value, "The rate of false positives is above 0 and below 1.");
    } = 0.01;

    /// <summary>Maximum size of the filter of a row group in bytes, 32 to 128 MiB; 1 MiB by default.</summary>
    public int MaxBytes
    {
        get;
        init => field = value is >= MinBytes and <= HighestBytes ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxBytes), value, "The size of a Bloom filter is 32 bytes to 128 MiB.");
    } = 1 << 20;
}
