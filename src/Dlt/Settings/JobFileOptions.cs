using Dlt.Parquet;

namespace Dlt.Settings;

/// <summary>How job files are written, and how large they become: the settings <c>data_writer</c> (dlt documentation, Writers).</summary>
internal sealed record JobFileOptions
{
    /// <summary>Codec, encodings, sizes of pages.</summary>
    public ParquetWriterOptions Parquet { get; init; } = new();

    /// <summary>Rows at which a row group is closed, roughly. 1 or more.</summary>
    public int RowGroupRows { get; init; } = 122_880;

    /// <summary>Most rows of a row group; null: <see cref="RowGroupRows"/> is a number to come near to.</summary>
    public int? MaxRowGroupRows { get; init; }

    /// <summary>Bytes of buffered values at which a row group is closed early.</summary>
    public long RowGroupBytes { get; init; } = 32L << 20;

    /// <summary>Bytes of buffered values of all tables together at which the largest row group is closed early.</summary>
    public long BufferedBytes { get; init; } = 20L << 20;

    /// <summary>Bytes at which a file is closed and the next one begun.</summary>
    public long TargetFileSizeBytes { get; init; } = 128L << 20;

    /// <summary>Rows at which a file is closed; null for no limit.</summary>
    public long? MaxFileRows { get; init; }
}
