namespace Dlt.Schemas;

public sealed partial class Schema
{
    private (int Changes, ILookup<string, TableSchema> Nested)? _nested;   // as of that number of changes

    /// <summary>Returns the root table above a table, or the table itself.</summary>
    public TableSchema RootOf(TableSchema table)
    {
        while (table.Parent is { } parent && _tables.TryGetValue(parent, out var above)) table = above;
        return table;
    }

    /// <summary>Returns a root table and all tables nested below it, parents first.</summary>
    public IEnumerable<TableSchema> ChainOf(TableSchema root)
    {
        var children = NestedTables();
        var next = new Stack<TableSchema>([root]);
        while (next.TryPop(out var table))
        {
            yield return table;
            foreach (var child in children[table.Name].Reverse()) next.Push(child);
        }
    }

    /// <summary>Nested tables by the name of their parent.</summary>
    private ILookup<string, TableSchema> NestedTables()
    {
        lock (_tables)
        {
            if (_nested is { } known && known.Changes == Changes) return known.Nested;
            var nested = Tables.Where(t => t.Parent is not null).ToLookup(t => t.Parent!, StringComparer.Ordinal);
            _nested = (Changes, nested);
            return nested;
        }
    }

    /// <summary>Tables whose names are the same but for upper and lower case.</summary>
    internal IEnumerable<TableSchema> TablesInAnyCase(string name) =>
        _namesInAnyCase.GetValueOrDefault(name, []).Select(n => _tables[n]);
}
