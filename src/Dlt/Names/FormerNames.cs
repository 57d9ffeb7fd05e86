using Dlt.Naming;
using Dlt.Schemas;

namespace Dlt.Names;

/// <summary>
/// Finds columns and tables with the names that dlt gives to keys without any supported letter or digit (<c>x</c>). If a dataset has such a
/// name, the values of these keys continue to be loaded there. Only names from before the package are used, so the result does not depend
/// on the order of the rows.
/// </summary>
internal sealed class FormerNames
{
    private readonly Dictionary<string, HashSet<string>> _columns = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);

    /// <summary>Collects the names of a schema.</summary>
    /// <param name="schema">Schema at the beginning of the package.</param>
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

    /// <summary>Returns the normalized name of a key in its table.</summary>
    /// <param name="schema">Schema that normalizes names.</param>
    /// <param name="table">Normalized name of the table.</param>
    /// <param name="path">Normalized names of the objects around the key.</param>
    /// <param name="key">Key, not normalized.</param>
    public string Identifier(Schema schema, string table, string[] path, string key)
    {
        if (_columns.Count == 0 || !_columns.TryGetValue(table, out var columns) || !NamesWithoutLetters.Concerns(key))
            return schema.NormalizeIdentifier(key);
        var former = schema.Naming.FormerIdentifier(key);
        return former is not null && columns.Contains(schema.Naming.ShortenFragments([.. path, former]))
            ? former
            : schema.NormalizeIdentifier(key);
    }

    /// <summary>Returns the part of a table's name for the key of a list.</summary>
    public string TablePart(Schema schema, string[] path, string key)
    {
        if (_tables.Count == 0 || !NamesWithoutLetters.Concerns(key)) return schema.NormalizeTableIdentifier(key);
        var former = schema.Naming.FormerIdentifier(key);
        return former is not null && _tables.Contains(schema.Naming.ShortenFragments([.. path, former]))
            ? former
            : schema.NormalizeTableIdentifier(key);
    }

    /// <summary>Returns whether a name may come from such a key: dlt keeps only the replacements of unsupported characters.</summary>
    private static bool IsFormer(Schema schema, string name)
    {
        var last = name.LastIndexOf(schema.Naming.PathSeparator, StringComparison.Ordinal);
        var part = last < 0 ? name : name[(last + schema.Naming.PathSeparator.Length)..];
        return part.Length > 0 && part.All(c => c is 'x' or 'a' or 'l' or '_');
    }
}
