using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Removes the partition specs that no manifest of any snapshot is written with; the default one stays (Java:
/// RemoveSnapshots.cleanExpiredMetadata).</summary>
internal sealed class RemoveUnusedSpecsAction : TransactionAction
{
    public override async Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        if (metadata.PartitionSpecs.Length < 2) return [];
        var used = new HashSet<int> { metadata.DefaultSpecId };
        var reader = new SnapshotReader(attempt.Files, metadata);
        foreach (var snapshot in metadata.Snapshots)
            used.UnionWith((await reader.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false)).Select(m => m.SpecId));
        ImmutableArray<int> unused = [.. metadata.PartitionSpecs.Select(s => s.SpecId).Where(id => !used.Contains(id))];
        return unused.IsEmpty ? [] : [new TableUpdate.RemovePartitionSpecs(unused)];
    }
}
