using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Golden.Pipelines;

/// <summary>Golden rows with their places (#n, parent#n, root#n) turned back into ids.</summary>
internal static class GoldenRows
{
    public static List<JsonValue> Of(IEnumerable<JsonValue> rows, Schema schema, TableSchema table) =>
        [.. rows.Select(row =>
        {
            row = Replace(row, "_dlt_id", "#", table.Name);
            if (table.Parent is { } parent) row = Replace(row, "_dlt_parent_id", "parent#", parent);
            return Replace(row, "_dlt_root_id", "root#", schema.RootOf(table).Name);
        })];

    public static HashSet<string> RandomIds(Dictionary<string, List<JsonValue>> tables) =>
        [.. tables.SelectMany(t => t.Value).Select(r => r["_dlt_id"]).OfType<JsonValue>()
            .Where(i => i.Kind == JsonKind.String && i.AsString().StartsWith("place ", StringComparison.Ordinal))
            .Select(i => i.AsString())];

    private static JsonValue Replace(JsonValue row, string column, string prefix, string table) =>
        row[column] is { Kind: JsonKind.String } id && id.AsString().StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(id.AsString()[prefix.Length..], out var place)
            ? row.With(column, JsonValue.String($"place {table} {place}"))
            : row;
}
