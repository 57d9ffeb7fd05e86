namespace Dlt;

/// <summary>What a compaction does to an Iceberg table, or would do.</summary>
public sealed record TableCompaction
{
    /// <summary>Name of the table.</summary>
    public required string Table { get; init; }

    /// <summary>Number of data files that are rewritten: small ones, and those with deleted rows.</summary>
    public int DataFiles { get; init; }

    /// <summary>Their size in bytes.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Number of delete files that are removed with them.</summary>
    public int DeleteFiles { get; init; }

    /// <summary>Number of data files that took their place; 0 before the compaction.</summary>
    public int WrittenFiles { get; init; }

    /// <summary>Number of manifests that are merged; 0 when they stay.</summary>
    public int Manifests { get; init; }

    /// <summary>Number of data files that stay because their loads are not complete, and may be taken back.</summary>
    public int StayedFiles { get; init; }

    /// <summary>Why the table, or the rest of it, stays as it is; null when nothing prevents the compaction.</summary>
    public string? Skipped { get; init; }

    /// <summary>True when <see cref="Skipped"/> is an error: the table cannot be read or written.</summary>
    public bool HasFailed { get; init; }
}
