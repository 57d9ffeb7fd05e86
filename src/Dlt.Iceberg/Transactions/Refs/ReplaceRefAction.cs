namespace Dlt.Iceberg;

/// <summary>Moves a branch or tag to another snapshot, whichever that is.</summary>
/// <param name="name">The branch or tag.</param>
/// <param name="isBranch">What it must be: false for a tag.</param>
/// <param name="snapshotId">The snapshot.</param>
internal sealed class ReplaceRefAction(string name, bool isBranch, long snapshotId) : RefAction(name)
{
    protected override SnapshotRef Plan(TableMetadata metadata, SnapshotRef? now)
    {
        if (now is null || now.IsBranch != isBranch)
            throw IcebergException.Illegal($"There is no {(isBranch ? "branch" : "tag")} '{Name}'.");
        if (metadata.Find(snapshotId) is null) throw IcebergException.Illegal($"There is no snapshot {snapshotId}; it may have expired.");
        return now with { SnapshotId = snapshotId };
    }
}
