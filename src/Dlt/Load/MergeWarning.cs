using Dlt.Destinations;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>Says what a merge leaves out of what a table asks for (docs/spec/pipeline.md 9.4, 9.5).</summary>
internal static class MergeWarning
{
    /// <summary>Returns the warning about a root table with the disposition merge; null for none.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="capabilities">Capabilities of the destination.</param>
    public static string? Of(TableSchema table, Schema schema, DestinationCapabilities capabilities)
    {
        var strategy = capabilities.ResolveMergeStrategy(schema, table);
        if (strategy is null)
        {
            return $"Table '{table.Name}' asks for merge, which destination '{capabilities.DestinationName}' does not have "
                + $"for the table format {capabilities.FormatOf(schema, table).Name()}. Its rows are appended."
                + (capabilities.Of(TableFormat.Iceberg).MergeStrategies.IsEmpty
                    ? ""
                    : " To merge, load into a new table with TableFormat.Iceberg (table_format, force_iceberg).");
        }

        if (WriteModes.IsAppend(table, strategy))
        {
            return $"Table '{table.Name}' asks for merge and has neither a primary key nor a merge key. Its rows are appended. Declare a "
                + "primary key (PrimaryKey, primary_key) or a merge key.";
        }

        if (table.Columns.FirstOrDefault(c => c.Has(HintNames.HardDelete)) is { } deletes
            && (!deletes.IsComplete || strategy is MergeStrategy.Scd2))
        {
            return $"The column '{deletes.Name}' of table '{table.Name}' was to mark deletions (HardDelete, hard_delete), and marks none: "
                + (deletes.IsComplete ? "the merge strategy scd2 has no deletions." : "no row has had such a column. Correct its name.");
        }

        var hasMergeKey = table.CompleteColumns.Any(c => c.Has(HintNames.MergeKey));
        return hasMergeKey && IgnoredBy(strategy) is { } why
            ? $"The merge key of table '{table.Name}' has no effect: {why}." : null;
    }

    private static string? IgnoredBy(MergeStrategy strategy) => strategy switch
    {
        MergeStrategy.Upsert or MergeStrategy.InsertOnly => $"the merge strategy {strategy.Kind.Name()} compares primary keys only",
        MergeStrategy.DeleteInsert { DestinationScope: not null } or MergeStrategy.Cdc { DestinationScope: not null }
            or MergeStrategy.Scd2 { DestinationScope: not null } => "the destination scope selects the rows instead",
        _ => null,
    };
}
