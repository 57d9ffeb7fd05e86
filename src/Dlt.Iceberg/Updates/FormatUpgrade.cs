using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>Raises the format version of metadata; snapshots of version 1 get what version 2 requires of them (docs/spec/iceberg.md 1.3, 2.1,
/// 2.3).</summary>
internal static class FormatUpgrade
{
    /// <summary>Checks that a table can become one of a version.</summary>
    /// <exception cref="IcebergException">The version is lower than the table's, or not the one that is written.</exception>
    public static void Check(TableMetadata metadata, int version)
    {
        if (version < metadata.FormatVersion)
            throw IcebergException.Illegal(
                $"The table has format version {metadata.FormatVersion}, and cannot become one of version {version}: a version is never "
                + "lowered.");
        if (version > metadata.FormatVersion && version != TableMetadata.WrittenVersion)
            throw new IcebergException(
                IcebergError.Unsupported,
                $"Format version {version} is not written; {TableMetadata.WrittenVersion} is (docs/iceberg.md). Nothing was written; the "
                + "table is as before.");
    }

    /// <summary>Applies an upgrade.</summary>
    /// <exception cref="IcebergException">The version is not legal, or a snapshot lacks a manifest list.</exception>
    public static TableMetadata Apply(TableMetadata metadata, TableUpdate.UpgradeFormatVersion upgrade)
    {
        Check(metadata, upgrade.FormatVersion);
        return metadata with
        {
            FormatVersion = upgrade.FormatVersion,
            Snapshots = [.. metadata.Snapshots.Select(s => Upgraded(s, upgrade.ManifestLists.GetValueOrDefault(s.SnapshotId)))],
        };
    }

    private static Snapshot Upgraded(Snapshot snapshot, string? manifestList)
    {
        var json = snapshot.Json;
        if (snapshot.ManifestList is null)
        {
            if (manifestList is null)
                throw IcebergException.Illegal($"Snapshot {snapshot.SnapshotId} has no manifest list, which version 2 requires.");
            json = json.Without("manifests").With("manifest-list", JsonValue.String(manifestList));
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
