using Dlt.Schemas;

namespace Dlt.SchemaFiles;

/// <summary>
/// Converts a schema to and from its form in files for people, without the names that are also keys (docs/spec/pipeline.md 4.8).
/// </summary>
internal static class SchemaExport
{
    private const string ProcessingHints = "x-normalizer";

    /// <summary>Removes the hints that normalise stores, and updates the hash.</summary>
    public static JsonValue WithoutProcessingHints(JsonValue stored)
    {
        var tables = stored["tables"]!.Members.Select(t => KeyValuePair.Create(t.Key, WithoutHints(t.Value)));
        var schema = SchemaJson.FromJson(stored.With("tables", JsonValue.Object(tables)));
        return stored.With("tables", SchemaTables(schema)).With("version_hash", JsonValue.String(SchemaJson.Hash(schema)));
    }

    private static JsonValue WithoutHints(JsonValue table)
    {
        var columns = table["columns"]!.Members.Select(c => KeyValuePair.Create(c.Key, c.Value.Without(ProcessingHints)));
        return table.Without(ProcessingHints).With("columns", JsonValue.Object(columns));
    }

    /// <summary>Removes the names of tables and columns, which are also their keys.</summary>
    public static JsonValue WithoutNames(JsonValue stored) =>
        MapTables(stored, (_, table) => table.Without("name"), (_, column) => column.Without("name"));

    /// <summary>Restores the names that <see cref="WithoutNames"/> removed.</summary>
    public static JsonValue WithNames(JsonValue file) => MapTables(file, WithName, WithName);

    private static JsonValue WithName(string name, JsonValue value) =>
        value["name"] is null ? value.With("name", JsonValue.String(name)) : value;

    private static JsonValue MapTables(
        JsonValue schema, Func<string, JsonValue, JsonValue> ofTable, Func<string, JsonValue, JsonValue> ofColumn)
    {
        if (schema["tables"] is not { Kind: JsonKind.Object } tables) return schema;
        return schema.With("tables", JsonValue.Object(tables.Members.Select(table =>
        {
            var columns = table.Value["columns"] is { Kind: JsonKind.Object } own ? own : JsonValue.EmptyObject;
            var mapped = columns.Members.Select(c => KeyValuePair.Create(c.Key, ofColumn(c.Key, ObjectOf(c.Value))));
            return KeyValuePair.Create(table.Key, ofTable(table.Key, table.Value).With("columns", JsonValue.Object(mapped)));
        })));

        static JsonValue ObjectOf(JsonValue column) => column is { Kind: JsonKind.Object } ? column : JsonValue.EmptyObject;
    }

    private static JsonValue SchemaTables(Schema schema) =>
        JsonValue.Object(schema.Tables.Select(t => KeyValuePair.Create(t.Name, t.ToJson())));
}
