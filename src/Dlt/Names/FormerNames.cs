using Dlt.Naming;
using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>
/// Columns and tables with the names that dlt makes of keys of which no letter or digit survives (<c>x</c>): where a dataset has one, such
/// keys go on there.
/// What counts is what there was before the package, so that the order of the rows decides nothing.
/// </summary>
internal sealed class FormerNames
{
    private readonly Dictionary<string, HashSet<string>> _columns = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);

    /// <param name="schema">The schema at the beginning of the package.</param>
    public FormerNames(Schema schema)
    {
        foreach (var table in schema.DataTables)
        {
            if (IsFormer(schema, table.Name)) _tables.Add(table.Name);
            foreach (var column in table.CompleteColumns.Where(c => IsFormer(schema, c.Name)))
            {
                if (!_columns.TryGetValue(table.Name, out var columns)) _columns[table.Name] = columns = new(StringComparer.Ordinal);
                columns.Add(column.Name);
            }
        }
    }

    /// <summary>The identifier of a key within its table.</summary>
    /// <param name="schema">How names become identifiers.</param>
    /// <param name="table">The table.</param>
    /// <param name="path">Identifiers of the objects around it.</param>
    /// <param name="key">The key.</param>
    public string Identifier(Schema schema, string table, string[] path, string key)
    {
        if (_columns.Count == 0 || !_columns.TryGetValue(table, out var columns) || !LostNames.Concerns(key))
            return schema.NormalizeIdentifier(key);
        var former = schema.Naming.FormerIdentifier(key);
        return former is not null && columns.Contains(schema.Naming.ShortenFragments([.. path, former]))
            ? former
            : schema.NormalizeIdentifier(key);
    }

    /// <summary>The part of a table's name that the key of a list is.</summary>
    public string TablePart(Schema schema, string[] path, string key)
    {
        if (_tables.Count == 0 || !LostNames.Concerns(key)) return schema.NormalizeTableIdentifier(key);
        var former = schema.Naming.FormerIdentifier(key);
        return former is not null && _tables.Contains(schema.Naming.ShortenFragments([.. path, former]))
            ? former
            : schema.NormalizeTableIdentifier(key);
    }

    /// <summary>dlt leaves of such keys what it puts in the place of characters.</summary>
    private static bool IsFormer(Schema schema, string name)
    {
        var last = name.LastIndexOf(schema.Naming.PathSeparator, StringComparison.Ordinal);
        var part = last < 0 ? name : name[(last + schema.Naming.PathSeparator.Length)..];
        return part.Length > 0 && part.All(c => c is 'x' or 'a' or 'l' or '_');
    }
}
