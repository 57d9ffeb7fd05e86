using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Summary of one partition field over all entries of a manifest (docs/spec/iceberg.md 3.3, record r508).</summary>
internal sealed record FieldSummary(bool ContainsNull, bool? ContainsNan, byte[]? LowerBound, byte[]? UpperBound);

/// <summary>A manifest with the fields of its manifest list entry (docs/spec/iceberg.md 3.3).</summary>
internal sealed record ManifestFile
{
    public required string Path { get; init; }

    public long Length { get; init; }

    public int SpecId { get; init; }

    /// <summary>True if the manifest lists delete files.</summary>
    public bool IsDeletes { get; init; }

    public long SequenceNumber { get; init; }

    public long MinSequenceNumber { get; init; }

    public long AddedSnapshotId { get; init; }

    /// <summary>Number of added files; null in some lists of version 1.</summary>
    public int? AddedFiles { get; init; }

    public int? ExistingFiles { get; init; }

    public int? DeletedFiles { get; init; }

    public long? AddedRows { get; init; }

    public long? ExistingRows { get; init; }

    public long? DeletedRows { get; init; }

    /// <summary>One summary per field of the spec; the default value if unknown.</summary>
    public ImmutableArray<FieldSummary> Partitions { get; init; }

    public byte[]? KeyMetadata { get; init; }

    public long? FirstRowId { get; init; }

    /// <summary>False only if the counts show that the manifest has no live files.</summary>
    public bool MayHaveLiveFiles => AddedFiles is not 0 || ExistingFiles is not 0;
}
