namespace Dlt.Iceberg;

/// <summary>Checks whether a table's format version accepts rows: snapshots, manifests and delete files are written in version 2.</summary>
internal static class WritableVersion
{
    /// <summary>Checks that snapshots can be added to a table, before a file is written for it.</summary>
    /// <exception cref="IcebergException">The table has version 1, which only its owner may upgrade, or version 3.</exception>
    public static void CheckTakesRows(this TableMetadata metadata)
    {
        if (metadata.FormatVersion == TableMetadata.WrittenVersion) return;
        var problem = $"The table of {metadata.Location} has format version {metadata.FormatVersion}, but rows are written in version 2";
        var message = metadata.FormatVersion < TableMetadata.WrittenVersion
            ? $"{problem}. Nothing was written; the table is as before. If all its readers support version 2, upgrade it, which cannot be "
                + "undone: await table.NewTransaction().UpgradeFormatVersion(2).CommitAsync()."
            : $"{problem} only (docs/iceberg.md). Nothing was written; the table is as before.";
        throw new IcebergException(IcebergError.Unsupported, message);
    }
}
