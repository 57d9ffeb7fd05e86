namespace Dlt.Iceberg;

/// <summary>Creates a branch or tag at a snapshot.</summary>
/// <param name="name">Name of the branch or tag.</param>
/// <param name="isBranch">True for a branch, false for a tag.</param>
/// <param name="snapshotId">Id of the snapshot; null for the newest snapshot of <paramref name="of"/>.</param>
/// <param name="of">Name of the branch of the transaction.</param>
internal sealed class CreateRefAction(string name, bool isBranch, long? snapshotId, string of) : RefAction(name)
{
    protected override SnapshotRef Plan(TableMetadata metadata, SnapshotRef? now)
    {
        if (now is not null)
        {
            throw IcebergException.Illegal(
                $"There is already a {(now.IsBranch ? "branch" : "tag")} '{Name}'. Choose another name, or move it with "
                + $"Replace{(now.IsBranch ? "Branch" : "Tag")}.");
        }

        if (!isBranch && Name == SnapshotRef.Main)
            throw IcebergException.Illegal("'main' is the name of the default branch and cannot be a tag. Choose another name.");
        var id = snapshotId ?? BranchHead.Of(metadata, of)?.SnapshotId
            ?? throw IcebergException.Illegal("The table has no snapshot yet. Add rows first.");
        return new SnapshotRef(id, isBranch);
    }
}
