namespace Dlt.Schemas;

/// <summary>Decides whether rows of nested tables store the id of their root row (docs/spec/pipeline.md 6.6).</summary>
internal static class RootKeys
{
    /// <summary>Adds <c>propagation.tables.&lt;root&gt;</c> to the normalizer's configuration if the root table requires it.</summary>
    public static void AddPropagation(Schema schema, TableSchema table, DestinationCapabilities? capabilities)
    {
        var root = schema.RootOf(table);
        if (root.Parent is not null || SystemTables.IsSystemName(root.Name) || !IsWanted(schema, root, capabilities)) return;
        var json = schema.Normalizers["json"] ?? JsonValue.EmptyObject;
        var config = json["config"] ?? JsonValue.EmptyObject;
        var propagation = config["propagation"] ?? JsonValue.EmptyObject;
        var tables = propagation["tables"] ?? JsonValue.EmptyObject;
        var rule = tables[root.Name] ?? JsonValue.EmptyObject;
        var rowKey = RowKeyOf(schema, root);
        var rootId = schema.Naming.NormalizeIdentifier(SystemTables.RootId);
        if (rule[rowKey] is not null) return;
        tables = tables.With(root.Name, rule.With(rowKey, JsonValue.String(rootId)));
        config = config.With("propagation", propagation.With("tables", tables));
        schema.Normalizers = schema.Normalizers.With("json", json.With("config", config));
    }

    private static bool IsWanted(Schema schema, TableSchema root, DestinationCapabilities? capabilities)
    {
        if (schema.Normalizers["json"]?["config"]?["root_key_propagation"] is { } setting && !setting.IsNull)
        {
            if (setting.Kind == JsonKind.True) return true;
        }
        else if (capabilities?.ResolveMergeStrategy(schema, root) is not (null or MergeStrategy.Scd2))
        {
            return true;
        }

        return schema.TablesWithRootKey.Any(t => schema.RootOf(t).Name == root.Name);
    }

    private static string RowKeyOf(Schema schema, TableSchema root) =>
        root.Columns.FirstOrDefault(c => c.Has("row_key"))?.Name ?? schema.Naming.NormalizeIdentifier(SystemTables.RowId);
}
