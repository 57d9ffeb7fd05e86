using Dlt.Schemas;

namespace Dlt.Normalize.Changes;

/// <summary>Finds the tables and columns that a package adds to the schema.</summary>
/// <param name="before">Schema before the package was extracted; null when there was none.</param>
/// <param name="after">Schema after the package was normalised.</param>
/// <param name="capabilities">Capabilities of the destination, which affect the column types.</param>
internal sealed class SchemaDifference(Schema? before, Schema after, DestinationCapabilities capabilities)
{
    /// <summary>Returns the changes of the tables that the package has rows or files for, with the counted values.</summary>
    /// <param name="tables">Names of these tables.</param>
    /// <param name="tally">Counts of variants, rounded values and rejects.</param>
    public LoadChanges Of(IEnumerable<string> tables, ChangeTally tally)
    {
        var known = tables
            .Where(t => !SystemTables.IsSystemName(t))
            .Order(StringComparer.Ordinal)
            .Select(t => after.TryGetTable(t, out var table) ? table : null)
            .OfType<TableSchema>()
            .Where(t => t.CompleteColumns.Any())
            .ToList();
        return new()
        {
            NewTables = [.. known.Where(t => !WasLoaded(t, out _)).Select(t => new NewTable(t.Name, Columns(t).Count()))],
            NewColumns = [.. known.SelectMany(NewColumns)],
            Variants = [.. Counted(known, tally.Variants).Select(c => new VariantColumn(c.Table, c.Column.Name, c.Count))],
            Rounded = [.. Counted(known, tally.Rounded).Select(Rounded)],
            Rejected = [.. tally.Rejects.OrderBy(r => r.Table, StringComparer.Ordinal)],
            Discarded = [.. tally.Discarded.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => new DiscardedRows(d.Key, d.Value))],
        };
    }

    private static IEnumerable<ColumnSchema> Columns(TableSchema table) =>
        table.CompleteColumns.Where(c => !SystemTables.IsSystemName(c.Name));

    private bool WasLoaded(TableSchema table, out TableSchema? former)
    {
        former = null;
        return before is not null && before.TryGetTable(table.Name, out former) && former.HasSeenData;
    }

    private IEnumerable<NewColumn> NewColumns(TableSchema table)
    {
        if (!WasLoaded(table, out var former)) return [];
        return Columns(table)
            .Where(c => !c.Has("variant") && !(former!.TryGetColumn(c.Name, out var own) && own.IsComplete))
            .Select(c => new NewColumn(table.Name, c.Name, FileColumnTypes.NameOf(c, capabilities)));
    }

    private static IEnumerable<(string Table, ColumnSchema Column, long Count)> Counted(
        IEnumerable<TableSchema> tables, IReadOnlyDictionary<(string Table, string Column), long> counts) =>
        from table in tables
        from column in Columns(table)
        let count = counts.GetValueOrDefault((table.Name, column.Name))
        where count > 0
        select (table.Name, column, count);

    private RoundedColumn Rounded((string Table, ColumnSchema Column, long Count) counted) =>
        new(counted.Table, counted.Column.Name, FileColumnTypes.Of(counted.Column, capabilities).Scale, counted.Count);
}
