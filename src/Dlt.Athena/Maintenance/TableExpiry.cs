namespace Dlt;

/// <summary>What the expiry of snapshots does to an Iceberg table, or would do.</summary>
public sealed record TableExpiry
{
    /// <summary>Name of the table.</summary>
    public required string Table { get; init; }

    /// <summary>Number of snapshots that expire.</summary>
    public int Expired { get; init; }

    /// <summary>Number of snapshots that stay.</summary>
    public int Kept { get; init; }

    /// <summary>
    /// Number of those that stay only because a load that is not complete may need them, or because they are younger than an hour.
    /// </summary>
    public int Needed { get; init; }

    /// <summary>Number of files that were deleted; 0 before the expiry.</summary>
    public int DeletedFiles { get; init; }

    /// <summary>Why the snapshots stay; null when nothing prevents the expiry.</summary>
    public string? Skipped { get; init; }

    /// <summary>True when <see cref="Skipped"/> is an error: the table cannot be read or written.</summary>
    public bool HasFailed { get; init; }
}
