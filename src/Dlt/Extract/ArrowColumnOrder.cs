using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>
/// The new columns of tables that several Arrow resources feed. Generators run side by side; the schema shall be as if they ran one after
/// another, in the order of the source, or its hash would differ from run to run.
/// </summary>
/// <param name="schema">The schema that gets the columns.</param>
/// <param name="resources">Names of the resources, in order.</param>
internal sealed class ArrowColumnOrder(Schema schema, IReadOnlyList<string> resources)
{
    // by table and resource
    private readonly Dictionary<string, Dictionary<string, List<ColumnSchema>>> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _before = new(StringComparer.Ordinal);

    /// <summary>Notes the columns of a batch before they enter the schema.</summary>
    public void Add(string table, string resource, IReadOnlyList<ColumnSchema> columns)
    {
        if (!_found.TryGetValue(table, out var byResource))
        {
            _found[table] = byResource = new(StringComparer.Ordinal);
            var known = schema.TryGetTable(table, out var stored) ? stored.CompleteColumns.Select(c => c.Name) : [];
            _before[table] = known.ToHashSet(StringComparer.Ordinal);
        }

        if (!byResource.TryGetValue(resource, out var own)) byResource[resource] = own = [];
        own.AddRange(columns.Where(c => !_before[table].Contains(c.Name) && !own.Exists(o => o.Name == c.Name)));
    }

    /// <summary>Puts the new columns in order; a column that two resources bring is that of the first.</summary>
    public void Settle()
    {
        foreach (var (table, byResource) in _found.Where(f => f.Value.Count > 1))
        {
            if (!schema.TryGetTable(table, out var known)) continue;
            var firsts = resources.Where(byResource.ContainsKey).SelectMany(r => byResource[r]).DistinctBy(c => c.Name);
            var added = firsts.Select(c => known.TryGetColumn(c.Name, out var stored) ? Typed(stored, c) : null).OfType<ColumnSchema>()
                .ToList();
            var names = added.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
            schema.Set(known.WithColumns([.. known.Columns.Where(c => !names.Contains(c.Name)), .. added]));
        }
    }

    /// <summary>A column with its hints and the type of another.</summary>
    private static ColumnSchema Typed(ColumnSchema column, ColumnSchema type) =>
        column.Without("precision").Without("scale").MergedWith(type);
}
