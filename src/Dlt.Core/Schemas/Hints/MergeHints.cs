namespace Dlt.Schemas;

/// <summary>
/// Hints of a merge that a new declaration replaces. Without this, a filter, a key or a column of an earlier run would take part in every
/// later merge, unseen in the program (docs/differences.md, schemas).
/// </summary>
internal static class MergeHints
{
    /// <summary>Hints of the table that belong to one strategy.</summary>
    private static readonly string[] Options =
    [
        HintNames.Deduplicated, HintNames.SourceFilter, HintNames.DestinationScope, HintNames.SkipUnchangedRows,
        HintNames.BoundaryTimestamp,
    ];

    /// <summary>Hints of which a table has one column.</summary>
    private static readonly string[] Roles =
        [HintNames.HardDelete, HintNames.DedupSort, HintNames.RowVersion, HintNames.ValidFrom, HintNames.ValidTo];

    /// <summary>Returns the hints that the stored columns lose, because the declaration gives them to its own columns.</summary>
    public static IEnumerable<string> OfColumns(TableSchema declared)
    {
        foreach (var role in Roles.Where(h => declared.Columns.Any(c => c.Has(h))))
        {
            yield return role;
            if (role == HintNames.ValidTo) yield return HintNames.ActiveRecordTimestamp;
        }

        if (declared.WriteDisposition != WriteDisposition.Merge) yield break;
        if (!declared.Columns.Any(c => c.Has(HintNames.PrimaryKey) || c.Has(HintNames.MergeKey))) yield break;
        yield return HintNames.PrimaryKey;
        yield return HintNames.MergeKey;
    }

    /// <summary>Returns the stored table without options that a declared strategy does not have.</summary>
    public static TableSchema WithoutOptions(TableSchema stored, TableSchema declared)
    {
        if (declared[HintNames.MergeStrategy] is null) return stored;
        foreach (var option in Options)
            if (stored[option] is not null && declared[option] is null) stored = stored.Without(option);
        return stored;
    }
}
