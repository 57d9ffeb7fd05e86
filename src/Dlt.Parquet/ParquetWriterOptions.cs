namespace Dlt.Parquet;

/// <summary>How files are written; the <c>[data_writer]</c> section of the configuration (dlt documentation, Writers).</summary>
public sealed record ParquetWriterOptions
{
    /// <summary>Compression of pages.</summary>
    public ParquetCodec Codec { get; init; } = ParquetCodec.Zstd;

    /// <summary>1 (fast) to 19; level 3 gains about 1 % of size over 1 and costs 1.4 times the time (research/performance.md 4).</summary>
    public int ZstdLevel { get; init; } = 1;

    /// <summary>
    /// True: integers, dates and times are DELTA_BINARY_PACKED, texts of many distinct values DELTA_LENGTH_BYTE_ARRAY. Files are
    /// smaller, but Spark with Iceberg up to 1.9.2 (AWS Glue 5) and Spark before 3.3 cannot read them.
    /// False: PLAIN and dictionaries, which every engine reads.
    /// </summary>
    public bool DeltaEncodings { get; init; }

    /// <summary>Bytes of entries at which a dictionary is given up; parquet-mr's limit.</summary>
    public int DictionaryBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of an uncompressed page, roughly.</summary>
    public int PageSizeBytes { get; init; } = 1 << 20;

    /// <summary>Rows of a page, at most and roughly; parquet-mr's limit. Readers skip pages by the page index.</summary>
    public int PageRows { get; init; } = 20_000;

    /// <summary>Rows of a row group. 1 or more.</summary>
    public int RowGroupRows { get; init; } = 122_880;

    /// <summary>Bytes of buffered values at which a row group is closed early.</summary>
    public long RowGroupBytes { get; init; } = 32L << 20;

    /// <summary>Bytes of buffered values of all tables together at which the largest row group is closed early.</summary>
    public long BufferedBytes { get; init; } = 20L << 20;

    /// <summary>Bytes at which a file is closed and the next one begun.</summary>
    public long TargetFileSizeBytes { get; init; } = 128L << 20;

    /// <summary>Rows at which a file is closed; null for no limit.</summary>
    public long? MaxFileRows { get; init; }

    /// <summary>Most rows of a row group; null: <see cref="RowGroupRows"/> is a number to come near to.</summary>
    public int? MaxRowGroupRows { get; init; }
}
