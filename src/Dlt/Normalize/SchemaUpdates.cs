using Dlt.Schemas;

namespace Dlt.Normalize;

/// <summary>
/// Tables and columns that a package adds to its schema: the content of <c>schema_updates.json</c> (docs/spec/pipeline.md 2.1).
/// </summary>
internal sealed class SchemaUpdates
{
    private readonly Dictionary<string, TableSchema> _tables = new(StringComparer.Ordinal);

    public IReadOnlyCollection<TableSchema> Tables => _tables.Values;

    public void Add(TableSchema partial, bool isNewTable)
    {
        if (isNewTable) partial = partial.WithSeenData();
        _tables[partial.Name] = _tables.TryGetValue(partial.Name, out var known)
            ? known.WithColumns([.. known.Columns, .. partial.Columns])
            : partial;
    }

    /// <summary>Writes the stored form. Like dlt, it has the processing hints of the end of the package.</summary>
    public JsonValue ToJson(Schema schema) =>
        JsonValue.Object(_tables.Select(t => KeyValuePair.Create(t.Key, WithFinalHints(t.Value, schema).ToJson())));

    private static TableSchema WithFinalHints(TableSchema partial, Schema schema) =>
        partial["x-normalizer"] is not null && schema.Table(partial.Name)["x-normalizer"] is { } hints
            ? partial.With("x-normalizer", hints)
            : partial;
}
