using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>
/// Collects the new columns of tables that several Arrow resources feed. Generators run in parallel, but the schema must be the same as if
/// they ran one after another in the order of the source: otherwise its hash would differ from run to run.
/// </summary>
/// <param name="schema">The schema that receives the columns.</param>
/// <param name="resources">Names of the resources, in the order of the source.</param>
internal sealed class ArrowColumnOrder(Schema schema, IReadOnlyList<string> resources)
{
    // Keys: the table, then the resource.
    private readonly Dictionary<string, Dictionary<string, List<ColumnSchema>>> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _before = new(StringComparer.Ordinal);

    /// <summary>Records the columns of a batch before they are added to the schema.</summary>
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

    /// <summary>
    /// Sorts the new columns by resource. If two resources have the same new column, the first one determines its position and type.
    /// </summary>
    public void Settle()
    {
        foreach (var (table, byResource) in _found.Where(f => f.Value.Count > 1))
        {
            if (!schema.TryGetTable(table, out var known)) continue;
            var firsts = resources.Where(byResource.ContainsKey).SelectMany(r => byResource[r]).DistinctBy(c => c.Name);
            List<ColumnSchema> added = [];
            foreach (var first in firsts)
                if (known.TryGetColumn(first.Name, out var stored)) added.Add(Typed(stored, first));
            var names = added.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
            schema.Set(known.WithColumns([.. known.Columns.Where(c => !names.Contains(c.Name)), .. added]));
        }
    }

    /// <summary>Returns the column with its hints, but with the type of another column.</summary>
    private static ColumnSchema Typed(ColumnSchema column, ColumnSchema type) =>
        column.Without("precision").Without("scale").MergedWith(type);
}
