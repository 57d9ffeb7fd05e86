using System.Collections.Immutable;

namespace Dlt.Parquet;

/// <summary>Options of a Parquet file: codec, encodings and page sizes. Setting a value outside of its range throws.</summary>
public sealed record ParquetWriterOptions
{
    /// <summary>Compression of pages; Zstandard by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of <see cref="ParquetCodec"/>.</exception>
    public ParquetCodec Codec
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value : throw new ArgumentOutOfRangeException(nameof(Codec), value, "The codec is not a member of ParquetCodec.");
    } = ParquetCodec.Zstd;

    /// <summary>
    /// Level of Zstandard, 1 (fastest, the default) to 22. Level 3 makes files about 1 % smaller than level 1 and takes 1.4 times as long
    /// (bench/README.md).
    /// </summary>
    public int ZstdLevel { get; init => field = InRange(value, 1, 22, nameof(ZstdLevel)); } = 1;

    /// <summary>
    /// True to encode integers, dates and times as DELTA_BINARY_PACKED, and texts with many distinct values as DELTA_LENGTH_BYTE_ARRAY.
    /// Files are smaller, but Spark with Iceberg up to 1.9.2 (AWS Glue 5) and Spark before 3.3 cannot read them. False (the default) to use
    /// PLAIN and dictionaries, which every engine reads.
    /// </summary>
    public bool DeltaEncodings { get; init; }

    /// <summary>
    /// Maximum size of the dictionary of a numeric column in bytes, 1 or more; larger dictionaries are dropped. The default is parquet-mr's
    /// limit.
    /// </summary>
    public int DictionaryBytes { get; init => field = InRange(value, 1, int.MaxValue, nameof(DictionaryBytes)); } = 1 << 20;

    /// <summary>Approximate size of an uncompressed page in bytes, 1 to 1 GiB.</summary>
    public int PageSizeBytes { get; init => field = InRange(value, 1, 1 << 30, nameof(PageSizeBytes)); } = 1 << 20;

    /// <summary>
    /// Approximate maximum number of rows per page, 1 or more. The default is parquet-mr's limit. Readers skip pages by the page index.
    /// </summary>
    public int PageRows { get; init => field = InRange(value, 1, int.MaxValue, nameof(PageRows)); } = 20_000;

    /// <summary>
    /// Bloom filters by the name of their column, for columns with many distinct values that readers look up. Columns of booleans, lists,
    /// structs and maps have none. Empty by default.
    /// </summary>
    public ImmutableDictionary<string, BloomFilterOptions> BloomFilters { get; init; } =
        ImmutableDictionary<string, BloomFilterOptions>.Empty;

    private static int InRange(int value, int min, int max, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max, name);
        return value;
    }
}
