using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Warns about nested tables of a root table that only other schemas declare. A load of this schema that removes rows of the root does not
/// know them, and leaves their rows: they are the data of another pipeline.
/// </summary>
/// <param name="bookkeeping">Reads the schemas of the dataset.</param>
/// <param name="glue">The catalog.</param>
/// <param name="database">Database of the dataset.</param>
/// <param name="maxIdentifierLength">Longest identifier of the destination; null for no limit.</param>
/// <param name="warn">Receives the warnings.</param>
internal sealed class OtherNestedTables(
    BookkeepingReader bookkeeping, IGlueCatalog glue, string database, int? maxIdentifierLength, Action<string> warn)
{
    /// <summary>Warns about the root tables whose rows a load removes. Reads schemas only where the dataset has several.</summary>
    public async Task CheckAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        var roots = plan.Chains.Where(c => RemovesRows(c.Mode)).Select(c => c.Root).ToList();
        if (roots.Count == 0) return;
        var loads = await bookkeeping.SeenRowsAsync(cancellationToken).ConfigureAwait(false);
        if (loads.All(l => l.SchemaName is null || l.SchemaName == plan.Schema.Name)) return;
        var schemas = await bookkeeping.SchemasAsync(maxIdentifierLength, cancellationToken).ConfigureAwait(false);
        foreach (var root in roots)
        {
            var own = plan.Schema.ChainOf(root).Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var schema in schemas.Where(s => s.Name != plan.Schema.Name))
            {
                if (!schema.TryGetTable(root.Name, out var same) || same.Parent is not null) continue;
                var others = schema.ChainOf(same).Where(t => t.HasSeenData && !own.Contains(t.Name)).ToList();
                if (others.Count > 0) await WarnAsync(root, schema.Name, others, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>True when a load may remove nested rows with their root rows. These two strategies add nested rows only.</summary>
    private static bool RemovesRows(WriteMode mode) =>
        mode.RemovesRows && mode is not MergeMode { Strategy: MergeStrategyKind.InsertOnly or MergeStrategyKind.Scd2 };

    private async Task WarnAsync(TableSchema root, string schema, List<TableSchema> others, CancellationToken cancellationToken)
    {
        var names = others.ConvertAll(t => t.Name.ToLowerInvariant());
        var found = new List<string>();
        await foreach (var table in glue.FindTablesAsync(database, names, cancellationToken).ConfigureAwait(false)) found.Add(table.Name);
        if (found.Count == 0) return;
        var example = others.FirstOrDefault(t => found.Contains(t.Name.ToLowerInvariant()) && LinkOf(t, root) is not null);
        var remedy = "";
        if (example is not null && Named(root, "row_key") is { } key)
        {
            remedy = $" Rows without a root row are removed by: DELETE FROM {example.Name.ToLowerInvariant()} WHERE "
                + $"{LinkOf(example, root)} NOT IN (SELECT {key} FROM {root.Name.ToLowerInvariant()}).";
        }

        var list = string.Join(", ", found.Order(StringComparer.Ordinal).Select(t => $"'{t}'"));
        warn($"The schema '{schema}' loads nested tables of '{root.Name}' that this one does not have: {list}. This load leaves their "
            + $"rows, also those of root rows that it replaces or removes. Load '{root.Name}' with all its nested tables under one "
            + $"schema.{remedy}");
    }

    private static string? LinkOf(TableSchema nested, TableSchema root) =>
        Named(nested, "root_key") ?? (nested.Parent == root.Name ? Named(nested, "parent_key") : null);

    private static string? Named(TableSchema table, string hint) => table.CompleteColumns.FirstOrDefault(c => c.Has(hint))?.Name;
}
