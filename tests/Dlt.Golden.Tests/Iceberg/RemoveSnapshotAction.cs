using System.Collections.Immutable;
using Dlt.Iceberg;

namespace Dlt.Golden.Iceberg;

/// <summary>Removes one snapshot of any age, unless a branch or tag names it.</summary>
internal sealed class RemoveSnapshotAction(long snapshotId) : TransactionAction
{
    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        var stays = metadata.Find(snapshotId) is null || metadata.Refs.Values.Any(r => r.SnapshotId == snapshotId);
        ImmutableArray<TableUpdate> updates = stays ? [] : [new TableUpdate.RemoveSnapshots([snapshotId])];
        return Task.FromResult(updates);
    }
}
