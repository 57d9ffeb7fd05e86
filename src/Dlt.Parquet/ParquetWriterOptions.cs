namespace Dlt.Parquet;

/// <summary>How a file is written: codec, encodings, sizes of pages. Values outside the ranges are refused when they are set.</summary>
public sealed record ParquetWriterOptions
{
    /// <summary>Compression of pages.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a member of <see cref="ParquetCodec"/>.</exception>
    public ParquetCodec Codec
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value : throw new ArgumentOutOfRangeException(nameof(Codec), value, "There is no such codec.");
    } = ParquetCodec.Zstd;

    /// <summary>
    /// Level of Zstandard: 1 (fast) to 22. Level 3 gains about 1 % of size over level 1, and costs 1.4 times the time (bench/README.md).
    /// </summary>
    public int ZstdLevel { get; init => field = InRange(value, 1, 22, nameof(ZstdLevel)); } = 1;

    /// <summary>
    /// True: integers, dates and times are DELTA_BINARY_PACKED, texts of many distinct values DELTA_LENGTH_BYTE_ARRAY. Files are
    /// smaller, but Spark with Iceberg up to 1.9.2 (AWS Glue 5) and Spark before 3.3 cannot read them.
    /// False: PLAIN and dictionaries, which every engine reads.
    /// </summary>
    public bool DeltaEncodings { get; init; }

    /// <summary>
    /// Bytes of entries at which a column of numbers gives its dictionary up: 1 or more; parquet-mr's limit is the default.
    /// </summary>
    public int DictionaryBytes { get; init => field = InRange(value, 1, int.MaxValue, nameof(DictionaryBytes)); } = 1 << 20;

    /// <summary>Bytes of an uncompressed page, roughly: 1 to 1 GiB.</summary>
    public int PageSizeBytes { get; init => field = InRange(value, 1, 1 << 30, nameof(PageSizeBytes)); } = 1 << 20;

    /// <summary>
    /// Rows of a page, at most and roughly: 1 or more; parquet-mr's limit is the default. Readers skip pages by the page index.
    /// </summary>
    public int PageRows { get; init => field = InRange(value, 1, int.MaxValue, nameof(PageRows)); } = 20_000;

    private static int InRange(int value, int min, int max, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max, name);
        return value;
    }
}
