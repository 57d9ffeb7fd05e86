using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Normalize;

/// <summary>What a package adds to its schema: the content of <c>schema_updates.json</c> (spec/pipeline.md 2.1).</summary>
internal sealed class SchemaUpdates
{
    private readonly Dictionary<string, TableSchema> _tables = new(StringComparer.Ordinal);

    public IReadOnlyCollection<TableSchema> Tables => _tables.Values;

    public void Add(TableSchema partial, bool isNewTable)
    {
        if (isNewTable) partial = partial.WithSeenData();
        _tables[partial.Name] = _tables.TryGetValue(partial.Name, out var known) ? known.WithColumns([.. known.Columns, .. partial.Columns]) : partial;
    }

    public JsonValue ToJson() => JsonValue.Object(_tables.Select(t => KeyValuePair.Create(t.Key, t.Value.ToJson())));
}
