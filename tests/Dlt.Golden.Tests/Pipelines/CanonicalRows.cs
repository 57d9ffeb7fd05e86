using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Golden.Pipelines;

/// <summary>Rows in the order and with the ids of the golden files: random ids become places (README, "Rows").</summary>
internal static class CanonicalRows
{
    public static Dictionary<string, List<string>> Of(Dictionary<string, List<JsonValue>> tables,
        Schema schema, IReadOnlySet<string> randomIds)
    {
        var result = new Dictionary<string, List<string>>();
        var places = new Dictionary<string, Dictionary<string, int>>();   // table → id → place
        var random = randomIds.ToHashSet();
        foreach (var table in tables.Keys.Select(schema.Table).OrderBy(t => Depth(schema, t)))
        {
            var rows = tables[table.Name].Select(Loads).ToList();
            var isNested = table.Parent is not null;
            List<JsonValue> sorted;
            if (isNested)
            {
                foreach (var row in rows)
                    if (Id(row, "_dlt_parent_id") is { } parent && random.Contains(parent) && Id(row, "_dlt_id") is { } id) random.Add(id);
                var parents = places.GetValueOrDefault(table.Parent!) ?? [];
                sorted = [.. rows.OrderBy(r => parents.GetValueOrDefault(Id(r, "_dlt_parent_id") ?? "", -1))
                    .ThenBy(r => r["_dlt_list_idx"] is { Kind: JsonKind.Integer } i ? i.AsInt64() : -1)];
            }
            else
            {
                // Rows of equal text are distinguished by their nested rows.
                sorted = [.. rows.OrderBy(r => Text(WithoutRandom(r, random)), Comparer<string>.Create(JsonText.CompareUtf8))
                    .ThenBy(r => Subtree(r, table, tables, schema), StringComparer.Ordinal)];
            }

            var own = places[table.Name] = new(StringComparer.Ordinal);
            for (var i = 0; i < sorted.Count; i++)
                if (Id(sorted[i], "_dlt_id") is { } id) own.TryAdd(id, i);
            result[table.Name] = [.. sorted.Select((row, i) => Text(Replace(row, table, i, random, places, schema)))];
        }

        return result;
    }

    /// <summary>Reals are compared as numbers: 1.0 and 1 are equal.</summary>
    public static string Text(JsonValue row) => JsonText.Write(Numbers(row), sortKeys: true);

    private static JsonValue Numbers(JsonValue json) => json.Kind switch
    {
        JsonKind.Object => JsonValue.Object(json.Members.Select(m => KeyValuePair.Create(m.Key, Numbers(m.Value)))),
        JsonKind.Array => JsonValue.Array([.. json.Items.Select(Numbers)]),
        JsonKind.Real when Math.Abs(json.AsDouble()) < 1e15 && Math.Floor(json.AsDouble()) == json.AsDouble() =>
            JsonValue.Integer((long)json.AsDouble()),
        _ => json,
    };

    private static int Depth(Schema schema, TableSchema table)
    {
        var depth = 0;
        for (; table.Parent is { } parent; table = schema.Table(parent)) depth++;
        return depth;
    }

    private static string? Id(JsonValue row, string column) => row[column] is { Kind: JsonKind.String } id ? id.AsString() : null;

    private static JsonValue Loads(JsonValue row) =>
        Id(row, "_dlt_load_id") is { } load && load.StartsWith("17000000", StringComparison.Ordinal)
            ? row.With("_dlt_load_id", JsonValue.String($"load#{PipelineChecks.Ordinal(load)}")) : row;

    private static JsonValue WithoutRandom(JsonValue row, HashSet<string> random) =>
        Id(row, "_dlt_id") is { } id && random.Contains(id) ? row.Without("_dlt_id") : row;

    private static string Subtree(JsonValue row, TableSchema table, Dictionary<string, List<JsonValue>> tables, Schema schema)
    {
        if (Id(row, "_dlt_id") is not { } id) return "";
        var children = schema.Tables.Where(t => t.Parent == table.Name && tables.ContainsKey(t.Name))
            .OrderBy(t => t.Name, StringComparer.Ordinal);
        return string.Concat(children.SelectMany(child => tables[child.Name]
            .Where(r => Id(r, "_dlt_parent_id") == id).OrderBy(r => r["_dlt_list_idx"]!.AsInt64())
            .Select(r => Text(r.Without("_dlt_id").Without("_dlt_parent_id").Without("_dlt_root_id"))
                + Subtree(r, child, tables, schema))));
    }

    private static JsonValue Replace(JsonValue row, TableSchema table, int place, HashSet<string> random,
        Dictionary<string, Dictionary<string, int>> places, Schema schema)
    {
        if (Id(row, "_dlt_id") is { } id && random.Contains(id)) row = row.With("_dlt_id", JsonValue.String($"#{place}"));
        if (Id(row, "_dlt_parent_id") is { } parent && random.Contains(parent))
            row = row.With("_dlt_parent_id", JsonValue.String($"parent#{places[table.Parent!].GetValueOrDefault(parent, -1)}"));
        if (Id(row, "_dlt_root_id") is { } root && random.Contains(root))
            row = row.With("_dlt_root_id", JsonValue.String($"root#{places[schema.RootOf(table).Name].GetValueOrDefault(root, -1)}"));
        return row;
    }
}
