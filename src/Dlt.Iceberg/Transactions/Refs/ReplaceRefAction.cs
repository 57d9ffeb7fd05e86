namespace Dlt.Iceberg;

/// <summary>Moves a branch or tag to any other snapshot.</summary>
/// <param name="name">Name of the branch or tag.</param>
/// <param name="isBranch">True if it must be a branch, false if it must be a tag.</param>
/// <param name="snapshotId">Id of the snapshot.</param>
internal sealed class ReplaceRefAction(string name, bool isBranch, long snapshotId) : RefAction(name)
{
    protected override SnapshotRef Plan(TableMetadata metadata, SnapshotRef? now)
    {
        if (now is null || now.IsBranch != isBranch)
            throw IcebergException.Illegal($"There is no {(isBranch ? "branch" : "tag")} '{Name}'.");
        if (metadata.Find(snapshotId) is null) throw IcebergException.Illegal($"There is no snapshot {snapshotId}. It may have expired.");
        return now with { SnapshotId = snapshotId };
    }
}
