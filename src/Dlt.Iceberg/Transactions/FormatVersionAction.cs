using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Raises the format version of the table and writes the manifest lists that snapshots of version 1 may lack
/// (docs/spec/iceberg.md 1.3, 2.1, 2.3).</summary>
/// <param name="version">The format version after the change.</param>
internal sealed class FormatVersionAction(int version) : TransactionAction
{
    public override async Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        FormatUpgrade.Check(metadata, version);
        if (version == metadata.FormatVersion) return [];
        var reader = new SnapshotReader(attempt.Files, metadata);
        var lists = ImmutableDictionary.CreateBuilder<long, string>();
        foreach (var snapshot in metadata.Snapshots.Where(s => s.ManifestList is null))
            lists[snapshot.SnapshotId] = await WriteListAsync(snapshot, reader, metadata, attempt, cancellationToken).ConfigureAwait(false);
        var upgrade = new TableUpdate.UpgradeFormatVersion(version) { ManifestLists = lists.ToImmutable() };
        return metadata.TableUuid is null ? [new TableUpdate.AssignUuid(Guid.NewGuid().ToString("D")), upgrade] : [upgrade];
    }

    private static async Task<string> WriteListAsync(
        Snapshot snapshot, SnapshotReader reader, TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        var manifests = await reader.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false);
        manifests = await ManifestCounts.CompleteAsync(manifests, reader, cancellationToken).ConfigureAwait(false);
        var list = $"{TableLocations.Metadata(metadata)}/snap-{snapshot.SnapshotId}-0-{Guid.NewGuid():D}.avro";
        var content = ManifestListWriter.Write(manifests, snapshot.SnapshotId, snapshot.ParentSnapshotId, 0);
        await attempt.WriteAsync(list, content, cancellationToken).ConfigureAwait(false);
        return list;
    }
}
