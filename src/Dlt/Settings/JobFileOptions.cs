using Dlt.Parquet;

namespace Dlt.Settings;

/// <summary>Format and sizes of job files: the settings <c>data_writer</c> (dlt documentation, Writers).</summary>
internal sealed record JobFileOptions
{
    /// <summary>Codec, encodings and page sizes.</summary>
    public ParquetWriterOptions Parquet { get; init; } = new();

    /// <summary>Approximate number of rows at which a row group is closed: 1 or more.</summary>
    public int RowGroupRows { get; init; } = 122_880;

    /// <summary>Maximum number of rows of a row group; null when only <see cref="RowGroupRows"/> applies.</summary>
    public int? MaxRowGroupRows { get; init; }

    /// <summary>Bytes of buffered values at which a row group is closed early.</summary>
    public long RowGroupBytes { get; init; } = 32L << 20;

    /// <summary>Bytes of buffered values, over all tables, at which the largest row group is closed early.</summary>
    public long BufferedBytes { get; init; } = 20L << 20;

    /// <summary>Bytes at which a file is closed and the next one started.</summary>
    public long TargetFileSizeBytes { get; init; } = 128L << 20;

    /// <summary>Rows at which a file is closed; null for no limit.</summary>
    public long? MaxFileRows { get; init; }
}
