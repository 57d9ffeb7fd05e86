namespace Dlt.Iceberg;

/// <summary>Checks what the format version of a table allows. Rows are written in versions 2 and 3.</summary>
internal static class WritableVersion
{
    private const int FirstWithLineage = 3;

    /// <summary>
    /// True for tables whose rows have ids (format version 3): <c>_row_id</c> and <c>_last_updated_sequence_number</c>. Their position
    /// deletes are deletion vectors.
    /// </summary>
    public static bool HasRowLineage(this TableMetadata metadata) => metadata.FormatVersion >= FirstWithLineage;

    /// <summary>Checks that snapshots can be added to a table, before a file is written for it.</summary>
    /// <exception cref="IcebergException">The table has version 1, which only its owner may upgrade.</exception>
    public static void CheckTakesRows(this TableMetadata metadata)
    {
        if (metadata.FormatVersion >= TableMetadata.WrittenVersion) return;
        throw new IcebergException(
            IcebergError.Unsupported,
            $"The table of {metadata.Location} has format version {metadata.FormatVersion}, but rows are written in versions 2 and 3. "
            + "Nothing was written; the table is as before. If all its readers support version 2, upgrade it, which cannot be undone: "
            + "await table.NewTransaction().UpgradeFormatVersion(2).CommitAsync().");
    }

    /// <summary>Checks that rows of a table can be merged by keys.</summary>
    /// <exception cref="IcebergException">The table has version 1, or version 3, whose row ids a merge would not keep.</exception>
    public static void CheckMerges(this TableMetadata metadata)
    {
        metadata.CheckTakesRows();
        if (!metadata.HasRowLineage()) return;
        throw new IcebergException(
            IcebergError.Unsupported,
            $"The table of {metadata.Location} has format version {metadata.FormatVersion}, and a merge by keys works with version 2 only. "
            + "Nothing was written; the table is as before. Use UpsertAsync of a transaction, or a table of version 2.");
    }
}
