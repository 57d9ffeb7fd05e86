using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>What all tuples of a manifest have at one field (docs/spec/iceberg.md 3.3, record r508).</summary>
internal sealed record FieldSummary(bool ContainsNull, bool? ContainsNan, byte[]? LowerBound, byte[]? UpperBound);

/// <summary>A manifest as the list of a snapshot describes it (docs/spec/iceberg.md 3.3).</summary>
internal sealed record ManifestFile
{
    public required string Path { get; init; }

    public long Length { get; init; }

    public int SpecId { get; init; }

    /// <summary>True: it lists delete files.</summary>
    public bool IsDeletes { get; init; }

    public long SequenceNumber { get; init; }

    public long MinSequenceNumber { get; init; }

    public long AddedSnapshotId { get; init; }

    /// <summary>Null in some lists of version 1.</summary>
    public int? AddedFiles { get; init; }

    public int? ExistingFiles { get; init; }

    public int? DeletedFiles { get; init; }

    public long? AddedRows { get; init; }

    public long? ExistingRows { get; init; }

    public long? DeletedRows { get; init; }

    /// <summary>One summary per field of the spec; default when not known.</summary>
    public ImmutableArray<FieldSummary> Partitions { get; init; }

    public byte[]? KeyMetadata { get; init; }

    public long? FirstRowId { get; init; }

    /// <summary>False only when it is known that nothing in it is live.</summary>
    public bool MayHaveLiveFiles => AddedFiles is not 0 || ExistingFiles is not 0;
}
