namespace Dlt.Iceberg;

/// <summary>Sets how long a branch or tag and its snapshots are kept. Where a value is null, the table properties <c>history.expire.*</c>
/// apply.</summary>
/// <param name="name">Name of the branch or tag.</param>
/// <param name="minSnapshotsToKeep">Number of snapshots that a branch always keeps, 1 or more.</param>
/// <param name="maxSnapshotAge">Age up to which snapshots of a branch are kept.</param>
/// <param name="maxRefAge">Age of its snapshot after which the branch or tag itself is removed.</param>
internal sealed class RefRetentionAction(string name, int? minSnapshotsToKeep, TimeSpan? maxSnapshotAge, TimeSpan? maxRefAge)
    : RefAction(name)
{
    protected override SnapshotRef Plan(TableMetadata metadata, SnapshotRef? now)
    {
        if (now is null) throw IcebergException.Illegal($"There is no branch or tag '{Name}'.");
        if (!now.IsBranch && (minSnapshotsToKeep is not null || maxSnapshotAge is not null))
            throw IcebergException.Illegal($"'{Name}' is a tag, which has one snapshot. Set only maxRefAge for it.");
        if (Name == SnapshotRef.Main && maxRefAge is not null)
            throw IcebergException.Illegal("'main' never expires. Leave out maxRefAge.");
        if (minSnapshotsToKeep < 1)
            throw IcebergException.Illegal($"minSnapshotsToKeep is {minSnapshotsToKeep}. It must be 1 or more.");
        if (maxSnapshotAge <= TimeSpan.Zero || maxRefAge <= TimeSpan.Zero)
            throw IcebergException.Illegal("maxSnapshotAge and maxRefAge must be longer than zero.");
        return now with
        {
            MinSnapshotsToKeep = minSnapshotsToKeep,
            MaxSnapshotAgeMs = (long?)maxSnapshotAge?.TotalMilliseconds,
            MaxRefAgeMs = (long?)maxRefAge?.TotalMilliseconds,
        };
    }
}
