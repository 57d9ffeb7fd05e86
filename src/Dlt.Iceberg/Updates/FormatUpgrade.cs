namespace Dlt.Iceberg;

/// <summary>Raises the format version of metadata, and adds to snapshots of version 1 the members that version 2 requires
/// (docs/spec/iceberg.md 1.3, 2.1, 2.3).</summary>
internal static class FormatUpgrade
{
    /// <summary>Checks that a table can be upgraded to a version.</summary>
    /// <exception cref="IcebergException">The version is lower than that of the table, or this library does not write it.</exception>
    public static void Check(TableMetadata metadata, int version)
    {
        if (version < metadata.FormatVersion)
        {
            throw IcebergException.Illegal(
                $"The table has format version {metadata.FormatVersion} and cannot be lowered to version {version}.");
        }

        if (version > TableMetadata.HighestVersion)
        {
            throw new IcebergException(
                IcebergError.Unsupported,
                $"This library writes the format versions {TableMetadata.WrittenVersion} and {TableMetadata.HighestVersion}, not {version} "
                + "(docs/iceberg.md). Nothing was written; the table is as before.");
        }
    }

    /// <summary>Applies an upgrade to metadata.</summary>
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
                throw IcebergException.Illegal($"Snapshot {snapshot.SnapshotId} has no manifest list, but version 2 requires one.");
            json = json.Without("manifests").With("manifest-list", JsonValue.String(manifestList));
        }

        if (snapshot.Operation is null)
        {
            // The operation is unknown, and overwrite is the one that allows every kind of change.
            var known = json["summary"] is { Kind: JsonKind.Object } summary ? summary.Members.Where(m => m.Key != "operation") : [];
            var operation = KeyValuePair.Create("operation", JsonValue.String("overwrite"));
            json = json.With("summary", JsonValue.Object(known.Prepend(operation)));
        }

        if (json["sequence-number"] is null) json = json.With("sequence-number", JsonValue.Integer(0));
        return ReferenceEquals(json, snapshot.Json) ? snapshot : new Snapshot(json);
    }
}
