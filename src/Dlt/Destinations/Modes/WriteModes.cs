using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>The write mode of each disposition and, for merge, of each strategy. Destinations register how they publish a mode.</summary>
internal static class WriteModes
{
    /// <summary>Returns the mode of a chain.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="root">Root table of the chain.</param>
    /// <param name="capabilities">Capabilities of the destination.</param>
    /// <exception cref="SchemaException">The table asks for a merge that cannot be done. Nothing was changed.</exception>
    public static WriteMode Of(Schema schema, TableSchema root, DestinationCapabilities capabilities) =>
        schema.WriteDispositionOf(root) switch
        {
            WriteDisposition.Replace => WriteMode.Replace,
            WriteDisposition.Merge => MergeOf(root, capabilities.ResolveMergeStrategy(schema, root)),
            _ => WriteMode.Append,   // the rows of a table with the disposition skip are refused when they are staged
        };

    /// <summary>
    /// True for a merge that only adds rows: the table format has no strategy, or the table has no keys (docs/spec/pipeline.md 9.4).
    /// </summary>
    public static bool IsAppend(TableSchema root, MergeStrategy? strategy) => strategy is null
        || (strategy is MergeStrategy.DeleteInsert { DestinationScope: null, SourceFilter: null }
            && !Has(root, HintNames.PrimaryKey) && !Has(root, HintNames.MergeKey) && !Has(root, HintNames.HardDelete));

    private static WriteMode MergeOf(TableSchema root, MergeStrategy? strategy)
    {
        if (IsAppend(root, strategy)) return WriteMode.Append;
        if (strategy is MergeStrategy.Upsert or MergeStrategy.Cdc or MergeStrategy.InsertOnly && !Has(root, HintNames.PrimaryKey))
        {
            throw new SchemaException(
                $"Table '{root.Name}' has no primary key, which the merge strategy {strategy.Kind.Name()} needs. Nothing was changed. "
                + "Declare the primary key of the resource (PrimaryKey, primary_key), or use the strategy delete-insert. A package that "
                + "waits is given up with dlt pipeline NAME abort-packages.")
            { Table = root.Name };
        }

        if (strategy is MergeStrategy.Scd2 scd2 && scd2.ValidFromColumn == scd2.ValidToColumn)
        {
            throw new SchemaException(
                $"Table '{root.Name}' has one column, '{scd2.ValidToColumn}', for the begin and the end of versions. Nothing was changed. "
                + "Give ValidFromColumn and ValidToColumn (validity_column_names) different names.")
            { Table = root.Name, Column = scd2.ValidToColumn };
        }

        return new MergeMode(strategy!.Kind);
    }

    private static bool Has(TableSchema table, string hint) => table.Columns.Any(c => c.Has(hint));
}
