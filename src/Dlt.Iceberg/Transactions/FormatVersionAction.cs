using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>Raises the format version; what version 2 requires of older snapshots is added (spec/iceberg.md 1.3, 2.1, 2.3).</summary>
internal sealed class FormatVersionAction(int version) : TransactionAction
{
    public override async Task<TableMetadata> ApplyAsync(TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        if (version == metadata.FormatVersion) return metadata;
        if (version < metadata.FormatVersion)
            throw IcebergException.Illegal(
                $"The table has format version {metadata.FormatVersion}, and cannot become one of version {version}: a version is never "
                + "lowered.");
        if (version != TableMetadata.WrittenVersion)
        {
            throw new IcebergException(
                IcebergError.Unsupported,
                $"Format version {version} is not written; {TableMetadata.WrittenVersion} is (docs/iceberg.md). Nothing was written; the "
                + "table is as before.");
        }

        var reader = new SnapshotReader(attempt.Files, metadata);
        var snapshots = new List<Snapshot>();
        foreach (var snapshot in metadata.Snapshots)
            snapshots.Add(await UpgradedAsync(snapshot, reader, metadata, attempt, cancellationToken).ConfigureAwait(false));
        return metadata with
        {
            FormatVersion = version,
            TableUuid = metadata.TableUuid ?? Guid.NewGuid().ToString("D"),
            Snapshots = [.. snapshots],
        };
    }

    private static async Task<Snapshot> UpgradedAsync(
        Snapshot snapshot, SnapshotReader reader, TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        var json = snapshot.Json;
        if (snapshot.ManifestList is null)
        {
            var manifests = await reader.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false);
            manifests = await ManifestCounts.CompleteAsync(manifests, reader, cancellationToken).ConfigureAwait(false);
            var list = $"{TableLocations.Metadata(metadata)}/snap-{snapshot.SnapshotId}-0-{Guid.NewGuid():D}.avro";
            var content = ManifestListWriter.Write(manifests, snapshot.SnapshotId, snapshot.ParentSnapshotId, 0);
            await attempt.WriteAsync(list, content, cancellationToken).ConfigureAwait(false);
            json = json.Without("manifests").With("manifest-list", JsonValue.String(list));
        }

        if (snapshot.Operation is null)
        {
            // What it did is not known; overwrite is the operation that excludes nothing.
            var known = json["summary"] is { Kind: JsonKind.Object } summary ? summary.Members.Where(m => m.Key != "operation") : [];
            json = json.With("summary", JsonValue.Object(known.Prepend(KeyValuePair.Create("operation", JsonValue.String("overwrite")))));
        }

        if (json["sequence-number"] is null) json = json.With("sequence-number", JsonValue.Integer(0));
        return ReferenceEquals(json, snapshot.Json) ? snapshot : new Snapshot(json);
    }
}
