namespace Dlt.Iceberg;

/// <summary>Sets how long a branch or tag keeps itself and its snapshots; null for what the table's properties say.</summary>
/// <param name="name">The branch or tag.</param>
/// <param name="minSnapshotsToKeep">Fewest snapshots that stay of a branch. 1 or more.</param>
/// <param name="maxSnapshotAge">Age up to which snapshots of a branch stay.</param>
/// <param name="maxRefAge">Age of its snapshot after which the branch or tag itself goes.</param>
internal sealed class RefRetentionAction(string name, int? minSnapshotsToKeep, TimeSpan? maxSnapshotAge, TimeSpan? maxRefAge)
    : RefAction(name)
{
    protected override SnapshotRef Plan(TableMetadata metadata, SnapshotRef? now)
    {
        if (now is null) throw IcebergException.Illegal($"There is no branch or tag '{Name}'.");
        if (!now.IsBranch && (minSnapshotsToKeep is not null || maxSnapshotAge is not null))
            throw IcebergException.Illegal($"'{Name}' is a tag, which keeps its one snapshot. Give it a maxRefAge only.");
        if (Name == SnapshotRef.Main && maxRefAge is not null)
            throw IcebergException.Illegal("'main' never expires, so that it takes no maxRefAge.");
        if (minSnapshotsToKeep < 1)
            throw IcebergException.Illegal($"A branch keeps at least one snapshot, and minSnapshotsToKeep is {minSnapshotsToKeep}.");
        if (maxSnapshotAge <= TimeSpan.Zero || maxRefAge <= TimeSpan.Zero)
            throw IcebergException.Illegal("An age must be longer than zero.");
        return now with
        {
            MinSnapshotsToKeep = minSnapshotsToKeep,
            MaxSnapshotAgeMs = (long?)maxSnapshotAge?.TotalMilliseconds,
            MaxRefAgeMs = (long?)maxRefAge?.TotalMilliseconds,
        };
    }
}
