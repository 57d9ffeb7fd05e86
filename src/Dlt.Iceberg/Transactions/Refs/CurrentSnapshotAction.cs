using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Moves a branch to another snapshot.</summary>
/// <param name="branch">The branch.</param>
/// <param name="snapshotId">The snapshot.</param>
/// <param name="mustBeAncestor">True for rolling back: the snapshot must be an ancestor of the one that the branch is at.</param>
internal sealed class CurrentSnapshotAction(string branch, long snapshotId, bool mustBeAncestor) : TransactionAction
{
    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        if (metadata.Find(snapshotId) is null) throw IcebergException.Illegal($"There is no snapshot {snapshotId}; it may have expired.");
        var head = BranchHead.Of(metadata, branch);
        if (mustBeAncestor && metadata.AncestorsOf(head).All(s => s.SnapshotId != snapshotId))
            throw IcebergException.Illegal(
                $"Snapshot {snapshotId} is not an ancestor of the current one. Set it as the current one instead of rolling back.");
        var reference = metadata.Refs.GetValueOrDefault(branch) ?? new SnapshotRef(snapshotId, IsBranch: true);
        return Task.FromResult<ImmutableArray<TableUpdate>>(
            [new TableUpdate.SetSnapshotRef(branch, reference with { SnapshotId = snapshotId })]);
    }
}
