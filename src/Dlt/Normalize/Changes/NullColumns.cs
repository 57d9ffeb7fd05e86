using Dlt.Schemas;

namespace Dlt.Normalize.Changes;

/// <summary>
/// Columns that received a null in a package. Those that received nothing else are not created, and a warning lists them.
/// </summary>
internal sealed class NullColumns
{
    private readonly HashSet<(string Table, string Column)> _columns = [];

    public void Add(IEnumerable<(string Table, string Column)> columns) => _columns.UnionWith(columns);

    /// <summary>
    /// Returns the columns without a type, ordered by name. A null in place of an object or a list that has columns or a table elsewhere is
    /// not one of them.
    /// </summary>
    /// <param name="schema">The schema at the end of the package.</param>
    public IEnumerable<ColumnNotCreated> NotCreated(Schema schema) => _columns
        .Where(c => !IsCreated(schema, c.Table, c.Column))
        .Select(c => new ColumnNotCreated(c.Table, c.Column))
        .OrderBy(c => c.Table, StringComparer.Ordinal).ThenBy(c => c.Column, StringComparer.Ordinal);

    private static bool IsCreated(Schema schema, string table, string column)
    {
        if (!schema.TryGetTable(table, out var known)) return false;
        if (known.TryGetColumn(column, out var own) && own.IsComplete) return true;
        var fields = column + schema.Naming.PathSeparator;
        if (known.Columns.Any(c => c.IsComplete && c.Name.StartsWith(fields, StringComparison.Ordinal))) return true;
        var list = schema.Naming.ShortenFragments(table, column);
        if (schema.TryGetTable(list, out _)) return true;
        var below = list + schema.Naming.PathSeparator;
        return schema.Tables.Any(t => t.Name.StartsWith(below, StringComparison.Ordinal));
    }
}
