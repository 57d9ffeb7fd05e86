using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>The content of a data or delete file.</summary>
public enum FileContent
{
    /// <summary>The file contains rows of the table.</summary>
    Data,

    /// <summary>The file contains positions of deleted rows.</summary>
    PositionDeletes,

    /// <summary>The file contains keys of deleted rows.</summary>
    EqualityDeletes,
}

/// <summary>A data or delete file with the fields of its manifest entry (Iceberg table specification).</summary>
public sealed record DataFile
{
    /// <summary>Content of the file.</summary>
    public FileContent Content { get; init; }

    /// <summary>Location of the file.</summary>
    public required string FilePath { get; init; }

    /// <summary><c>PARQUET</c>, <c>AVRO</c>, <c>ORC</c> or <c>PUFFIN</c>.</summary>
    public string FileFormat { get; init; } = "PARQUET";

    /// <summary>Id of the file's partition spec.</summary>
    public int SpecId { get; init; }

    /// <summary>Partition values in the order of the spec's fields.</summary>
    public ImmutableArray<object?> Partition { get; init; } = [];

    /// <summary>Number of rows in the file, including deleted ones.</summary>
    public long RecordCount { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public long FileSizeInBytes { get; init; }

    /// <summary>Compressed size in bytes by field id.</summary>
    public IReadOnlyDictionary<int, long>? ColumnSizes { get; init; }

    /// <summary>Number of values by field id, including nulls and NaNs.</summary>
    public IReadOnlyDictionary<int, long>? ValueCounts { get; init; }

    /// <summary>Number of nulls by field id.</summary>
    public IReadOnlyDictionary<int, long>? NullValueCounts { get; init; }

    /// <summary>Number of NaNs by field id.</summary>
    public IReadOnlyDictionary<int, long>? NanValueCounts { get; init; }

    /// <summary>Lower bounds by field id, in the format's binary encoding (Iceberg table specification).</summary>
    public IReadOnlyDictionary<int, byte[]>? LowerBounds { get; init; }

    /// <summary>Upper bounds by field id, in the format's binary encoding.</summary>
    public IReadOnlyDictionary<int, byte[]>? UpperBounds { get; init; }

    /// <summary>Key metadata of an encrypted file.</summary>
    public byte[]? KeyMetadata { get; init; }

    /// <summary>Offsets of the row groups in bytes.</summary>
    public ImmutableArray<long> SplitOffsets { get; init; } = [];

    /// <summary>Field ids of the columns that equality deletes compare.</summary>
    public ImmutableArray<int> EqualityIds { get; init; } = [];

    /// <summary>Id of the sort order of the file's rows; null if unknown.</summary>
    public int? SortOrderId { get; init; }

    /// <summary>Row id of the first row (format version 3).</summary>
    public long? FirstRowId { get; init; }

    /// <summary>Location of the data file that the position deletes belong to; null if they belong to several files.</summary>
    public string? ReferencedDataFile { get; init; }

    /// <summary>Offset of the deletion vector in its file (format version 3).</summary>
    public long? ContentOffset { get; init; }

    /// <summary>Length of the deletion vector in bytes (format version 3).</summary>
    public long? ContentSizeInBytes { get; init; }

    /// <summary>
    /// UUID of the table that this library wrote the file for; null for files of other writers. It is not stored in manifests.
    /// </summary>
    internal string? TableUuid { get; init; }

    /// <summary>True for deletion vectors of format version 3.</summary>
    internal bool IsDeletionVector =>
        Content == FileContent.PositionDeletes && FileFormat.Equals("PUFFIN", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The change that a snapshot made to a file.</summary>
internal enum EntryStatus
{
    Existing,
    Added,
    Deleted,
}

/// <summary>An entry of a manifest with its inherited sequence numbers (docs/spec/iceberg.md 3.6).</summary>
/// <param name="Status">Change of the file in its snapshot.</param>
/// <param name="SnapshotId">Id of the snapshot that added or deleted the file.</param>
/// <param name="SequenceNumber">Data sequence number: the age of the rows.</param>
/// <param name="FileSequenceNumber">File sequence number: the age of the file.</param>
/// <param name="File">Data or delete file.</param>
internal sealed record ManifestEntry(EntryStatus Status, long SnapshotId, long SequenceNumber, long FileSequenceNumber, DataFile File)
{
    public bool IsLive => Status != EntryStatus.Deleted;
}
