namespace Dlt.Iceberg;

/// <summary>Takes partition specs out of the metadata that no manifest of any snapshot is written with; the default one stays (Java:
/// RemoveSnapshots.cleanExpiredMetadata).</summary>
internal sealed class RemoveUnusedSpecsAction : TransactionAction
{
    public override async Task<TableMetadata> ApplyAsync(TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        if (metadata.PartitionSpecs.Length < 2) return metadata;
        var used = new HashSet<int> { metadata.DefaultSpecId };
        var reader = new SnapshotReader(attempt.Files, metadata);
        foreach (var snapshot in metadata.Snapshots)
            used.UnionWith((await reader.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false)).Select(m => m.SpecId));
        var kept = metadata.PartitionSpecs.RemoveAll(s => !used.Contains(s.SpecId));
        return kept.Length == metadata.PartitionSpecs.Length ? metadata : metadata with { PartitionSpecs = kept };
    }
}
