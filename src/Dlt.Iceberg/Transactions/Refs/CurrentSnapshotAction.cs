using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Moves a branch to another snapshot.</summary>
/// <param name="branch">Name of the branch.</param>
/// <param name="snapshotId">Id of the snapshot.</param>
/// <param name="mustBeAncestor">True for a rollback: the snapshot must be an ancestor of the newest snapshot of the branch.</param>
internal sealed class CurrentSnapshotAction(string branch, long snapshotId, bool mustBeAncestor) : TransactionAction
{
    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        if (metadata.Find(snapshotId) is null) throw IcebergException.Illegal($"There is no snapshot {snapshotId}. It may have expired.");
        var head = BranchHead.Of(metadata, branch);
        if (mustBeAncestor && metadata.AncestorsOf(head).All(s => s.SnapshotId != snapshotId))
        {
            throw IcebergException.Illegal(
                $"Snapshot {snapshotId} is not an ancestor of the newest snapshot of '{branch}'. To move the branch to any snapshot, use "
                + "SetCurrentSnapshot.");
        }

        var reference = metadata.Refs.GetValueOrDefault(branch) ?? new SnapshotRef(snapshotId, IsBranch: true);
        return Task.FromResult<ImmutableArray<TableUpdate>>(
            [new TableUpdate.SetSnapshotRef(branch, reference with { SnapshotId = snapshotId })]);
    }
}
