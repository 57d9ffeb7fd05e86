using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>
/// Types of the columns that the table of a resource has, or that its hints declare, before a run adds any. Generators may ask while the
/// run changes the schema.
/// </summary>
internal sealed class KnownColumns
{
    private readonly Dictionary<string, DataType> _types = new(StringComparer.Ordinal);
    private readonly NamingConvention _naming;

    /// <summary>Reads the columns of a resource's table.</summary>
    /// <param name="resource">The resource. If a function chooses the tables of its items, only the hints count.</param>
    /// <param name="schema">Schema at the beginning of the run.</param>
    public KnownColumns(Resource resource, Schema schema)
    {
        _naming = schema.Naming;
        var hints = resource.Hints;
        var name = schema.NormalizeTableIdentifier(hints.TableName ?? resource.Name);
        if (hints.TableNameOf is null && schema.TryGetTable(name, out var table))
            foreach (var column in table.CompleteColumns) _types[column.Name] = column.DataType;
        foreach (var column in hints.Columns.Where(c => c.HasType)) _types[schema.NormalizeIdentifier(column.Name)] = column.DataType;
    }

    /// <summary>Finds the type of a column by its name in the source; null for a new column.</summary>
    public DataType? TypeOf(string name)
    {
        if (_types.Count == 0 || string.IsNullOrWhiteSpace(name)) return null;
        if (_types.TryGetValue(_naming.NormalizeIdentifier(name), out var type)) return type;
        return _types.TryGetValue(_naming.NormalizePath(name), out type) ? type : null;
    }
}
