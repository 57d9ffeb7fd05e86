namespace Dlt.Schemas;

/// <summary>Decides whether rows of nested tables store the id of their root row (docs/spec/pipeline.md 6.6).</summary>
internal static class RootKeys
{
    /// <summary>
    /// Adds <c>propagation.tables.&lt;root&gt;</c> to the normalizer's configuration if the root table requires it, and removes it from a
    /// table that is replaced now and does not require it. Other dispositions keep it, as in dlt.
    /// </summary>
    public static void UpdatePropagation(Schema schema, TableSchema table, DestinationCapabilities? capabilities)
    {
        var root = schema.RootOf(table);
        if (root.Parent is not null || SystemTables.IsSystemName(root.Name)) return;
        var isWanted = IsWanted(schema, root, capabilities);
        if (!isWanted && schema.WriteDispositionOf(root) != WriteDisposition.Replace) return;
        var json = schema.Normalizers["json"] ?? JsonValue.EmptyObject;
        var config = json["config"] ?? JsonValue.EmptyObject;
        var propagation = config["propagation"] ?? JsonValue.EmptyObject;
        var tables = propagation["tables"] ?? JsonValue.EmptyObject;
        var rule = tables[root.Name] ?? JsonValue.EmptyObject;
        var rowKey = RowKeyOf(schema, root);
        if (isWanted == rule[rowKey] is not null) return;
        rule = isWanted
            ? rule.With(rowKey, JsonValue.String(schema.Naming.NormalizeIdentifier(SystemTables.RootId))) : rule.Without(rowKey);
        tables = rule.Members.Count == 0 ? tables.Without(root.Name) : tables.With(root.Name, rule);
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
