namespace Dlt.Iceberg;

/// <summary>Names a snapshot with a new branch or tag.</summary>
/// <param name="name">Its name.</param>
/// <param name="isBranch">False for a tag.</param>
/// <param name="snapshotId">The snapshot; null for the newest one of <paramref name="of"/>.</param>
/// <param name="of">The branch of the transaction.</param>
internal sealed class CreateRefAction(string name, bool isBranch, long? snapshotId, string of) : RefAction(name)
{
    protected override SnapshotRef Plan(TableMetadata metadata, SnapshotRef? now)
    {
        if (now is not null)
            throw IcebergException.Illegal(
                $"There is a branch or tag '{Name}' already. Take another name, or move it with "
                + $"Replace{(now.IsBranch ? "Branch" : "Tag")}.");
        if (!isBranch && Name == SnapshotRef.Main)
            throw IcebergException.Illegal("'main' is the name of the branch that readers use. Take another name.");
        var id = snapshotId ?? BranchHead.Of(metadata, of)?.SnapshotId
            ?? throw IcebergException.Illegal("The table has no snapshot to be named. Add rows first.");
        return new SnapshotRef(id, isBranch);
    }
}
