namespace Dlt.Iceberg;

/// <summary>Which format versions take rows: snapshots, manifests and delete files are written in version 2.</summary>
internal static class RowVersion
{
    /// <summary>Checks that snapshots can be added to a table, before a file is written for it.</summary>
    /// <exception cref="IcebergException">The table is of version 1, which only its owner may raise, or of version 3.</exception>
    public static void CheckTakesRows(this TableMetadata metadata)
    {
        if (metadata.FormatVersion == TableMetadata.WrittenVersion) return;
        throw new IcebergException(
            IcebergError.Unsupported,
            metadata.FormatVersion < TableMetadata.WrittenVersion
                ? $"The table of {metadata.Location} has format version 1, and rows are written in version 2. Nothing was written; the "
                    + "table is as before. If all its readers know version 2, "
                  + "upgrade it, which cannot be undone: await table.NewTransaction().UpgradeFormatVersion(2).CommitAsync()."
                : $"The table of {metadata.Location} has format version {metadata.FormatVersion}; rows are written to version 2 only "
                    + "(docs/iceberg.md). Nothing was written; the table is as before.");
    }
}
