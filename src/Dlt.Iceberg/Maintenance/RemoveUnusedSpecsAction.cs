using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Removes the partition specs that no manifest of any snapshot uses. The default spec stays (Java:
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
        {
            var manifests = await reader.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false);
            used.UnionWith(manifests.Select(m => m.SpecId));
        }

        ImmutableArray<int> unused = [.. metadata.PartitionSpecs.Select(s => s.SpecId).Where(id => !used.Contains(id))];
        return unused.IsEmpty ? [] : [new TableUpdate.RemovePartitionSpecs(unused)];
    }
}
