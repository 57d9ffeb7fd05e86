using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>What a file holds.</summary>
public enum FileContent
{
    /// <summary>Rows.</summary>
    Data,

    /// <summary>Positions of deleted rows.</summary>
    PositionDeletes,

    /// <summary>Keys of deleted rows.</summary>
    EqualityDeletes,
}

/// <summary>A data or delete file as a manifest describes it (Iceberg table specification).</summary>
public sealed record DataFile
{
    /// <summary>What it holds.</summary>
    public FileContent Content { get; init; }

    /// <summary>Location, as written.</summary>
    public required string FilePath { get; init; }

    /// <summary><c>PARQUET</c>, <c>AVRO</c>, <c>ORC</c> or <c>PUFFIN</c>.</summary>
    public string FileFormat { get; init; } = "PARQUET";

    /// <summary>The spec of its partition.</summary>
    public int SpecId { get; init; }

    /// <summary>Values of the spec's fields in order.</summary>
    public ImmutableArray<object?> Partition { get; init; } = [];

    /// <summary>Rows in the file, deleted ones too.</summary>
    public long RecordCount { get; init; }

    /// <summary>Bytes.</summary>
    public long FileSizeInBytes { get; init; }

    /// <summary>Bytes by field id.</summary>
    public IReadOnlyDictionary<int, long>? ColumnSizes { get; init; }

    /// <summary>Values by field id, nulls and NaNs too.</summary>
    public IReadOnlyDictionary<int, long>? ValueCounts { get; init; }

    /// <summary>Nulls by field id.</summary>
    public IReadOnlyDictionary<int, long>? NullValueCounts { get; init; }

    /// <summary>NaNs by field id.</summary>
    public IReadOnlyDictionary<int, long>? NanValueCounts { get; init; }

    /// <summary>Lower bounds by field id, as bytes (Iceberg table specification).</summary>
    public IReadOnlyDictionary<int, byte[]>? LowerBounds { get; init; }

    /// <summary>Upper bounds by field id.</summary>
    public IReadOnlyDictionary<int, byte[]>? UpperBounds { get; init; }

    /// <summary>Keys for encrypted files.</summary>
    public byte[]? KeyMetadata { get; init; }

    /// <summary>Where row groups begin.</summary>
    public ImmutableArray<long> SplitOffsets { get; init; } = [];

    /// <summary>Columns that equality deletes compare.</summary>
    public ImmutableArray<int> EqualityIds { get; init; } = [];

    /// <summary>Order of the rows.</summary>
    public int? SortOrderId { get; init; }

    /// <summary>Row id of the first row (version 3).</summary>
    public long? FirstRowId { get; init; }

    /// <summary>The one data file that position deletes concern, if there is but one.</summary>
    public string? ReferencedDataFile { get; init; }

    /// <summary>Where a deletion vector begins in its file (version 3).</summary>
    public long? ContentOffset { get; init; }

    /// <summary>Bytes of a deletion vector (version 3).</summary>
    public long? ContentSizeInBytes { get; init; }

    /// <summary>The table that the file was written for; null for files that others wrote. It is in no manifest.</summary>
    internal string? TableUuid { get; init; }

    /// <summary>True for deletion vectors of version 3.</summary>
    internal bool IsDeletionVector =>
        Content == FileContent.PositionDeletes && FileFormat.Equals("PUFFIN", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a snapshot did with a file.</summary>
internal enum EntryStatus
{
    Existing,
    Added,
    Deleted,
}

/// <summary>A line of a manifest, with the numbers that it inherits (docs/spec/iceberg.md 3.6).</summary>
/// <param name="Status">What happened.</param>
/// <param name="SnapshotId">The snapshot that added the file, or deleted it.</param>
/// <param name="SequenceNumber">Age of the rows.</param>
/// <param name="FileSequenceNumber">Age of the file.</param>
/// <param name="File">The file.</param>
internal sealed record ManifestEntry(EntryStatus Status, long SnapshotId, long SequenceNumber, long FileSequenceNumber, DataFile File)
{
    public bool IsLive => Status != EntryStatus.Deleted;
}
