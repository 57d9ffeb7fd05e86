using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.SchemaFiles;

/// <summary>The form of a schema in files for people: without the names that stand as keys (docs/spec/pipeline.md 4.8).</summary>
internal static class SchemaExport
{
    private const string ProcessingHints = "x-normalizer";

    /// <summary>The stored form without what normalising notes in it, and with the hash of that.</summary>
    public static JsonValue WithoutProcessingHints(JsonValue stored)
    {
        var schema = SchemaJson.FromJson(stored.With("tables", JsonValue.Object(stored["tables"]!.Members.Select(t => KeyValuePair.Create(
            t.Key,
            t.Value.Without(ProcessingHints)
                .With("columns", JsonValue.Object(
                t.Value["columns"]!.Members.Select(c => KeyValuePair.Create(c.Key, c.Value.Without(ProcessingHints))))))))));
        return stored.With("tables", SchemaTables(schema)).With("version_hash", JsonValue.String(SchemaJson.Hash(schema)));
    }

    /// <summary>Without the names of tables and columns, which are their keys.</summary>
    public static JsonValue WithoutNames(JsonValue stored) =>
        MapTables(stored, (_, table) => table.Without("name"), (_, column) => column.Without("name"));

    /// <summary>With the names that <see cref="WithoutNames"/> took away.</summary>
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
            var mapped = JsonValue.Object(
                columns.Members.Select(c =>
                KeyValuePair.Create(c.Key, ofColumn(c.Key, c.Value is { Kind: JsonKind.Object } ? c.Value : JsonValue.EmptyObject))));
            return KeyValuePair.Create(table.Key, ofTable(table.Key, table.Value).With("columns", mapped));
        })));
    }

    private static JsonValue SchemaTables(Schema schema) =>
        JsonValue.Object(schema.Tables.Select(t => KeyValuePair.Create(t.Name, t.ToJson())));
}
