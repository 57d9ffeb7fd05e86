namespace Dlt.Schemas;

/// <summary>Migrates stored schemas of engine versions 1 to 10 to version 11, one version at a time (docs/spec/pipeline.md 4.4).</summary>
internal static class SchemaMigrations
{
    private static readonly Func<JsonValue, JsonValue>[] Steps = [To2, To3, To4, To5, To6, To7, To8, To9, To10, To11];

    public static JsonValue Migrate(JsonValue stored)
    {
        var engine = stored["engine_version"]?.AsInt64() ?? 1;
        if (engine > Schema.EngineVersion)
        {
            throw new SchemaException(
                $"Schema '{stored["name"]}' has engine version {engine}; this version of dlt reads up to {Schema.EngineVersion}. A "
                + "newer dlt wrote this dataset: update dlt.");
        }

        for (; engine < Schema.EngineVersion; engine++)
            stored = Steps[engine - 1](stored).With("engine_version", JsonValue.Integer(engine + 1));
        return stored;
    }

    private static JsonValue To2(JsonValue schema) =>
        schema.With("includes", schema["includes"] ?? JsonValue.EmptyArray).With("excludes", schema["excludes"] ?? JsonValue.EmptyArray);

    private static JsonValue To3(JsonValue schema)
    {
        var patterns = (JsonValue list) => JsonValue.Array([.. list.Items.Select(p => JsonValue.String("re:" + p.AsString()))]);
        var hints = (schema["hints"] ?? JsonValue.EmptyObject).Members;
        var types = (schema["preferred_types"] ?? JsonValue.EmptyObject).Members;
        var settings = JsonValue.Object(
            ("default_hints", JsonValue.Object(hints.Select(h => KeyValuePair.Create(h.Key, patterns(h.Value))))),
            ("preferred_types", JsonValue.Object(types.Select(t => KeyValuePair.Create("re:" + t.Key, t.Value)))));
        var flat = schema["tables"] ?? JsonValue.EmptyObject;
        var tables = new List<KeyValuePair<string, JsonValue>>();
        foreach (var (name, columns) in flat.Members)
        {
            var table = JsonValue.Object(("name", JsonValue.String(name)));
            var parent = flat.Members.Names.Where(t => name.StartsWith(t + "__", StringComparison.Ordinal)).MaxBy(t => t.Length);
            if (parent is not null) table = table.With("parent", JsonValue.String(parent));
            table = table.With("columns", columns);
            if (parent is null)
            {
                table = table.With("write_disposition",
                    JsonValue.String(name is SystemTables.Version or SystemTables.Loads ? "skip" : "append"))
                        .With("resource", JsonValue.String(name));
                table = MoveFilters(schema, name, table);
            }

            tables.Add(new(name, table));
        }

        // Filters may name tables that never received data.
        var filters = new[] { "excludes", "includes" }.SelectMany(kind => (schema[kind] ?? JsonValue.EmptyArray).Items);
        var filtered = filters.Select(p => p.AsString().TrimStart('^').Split("__")[0]).Distinct();
        foreach (var name in filtered.Where(n => !flat.Members.Contains(n)))
        {
            var table = JsonValue.Object(
                ("name", JsonValue.String(name)),
                ("columns", JsonValue.EmptyObject),
                ("write_disposition", JsonValue.String("append")),
                ("resource", JsonValue.String(name)));
            tables.Add(new(name, MoveFilters(schema, name, table)));
        }

        var rootKey = JsonValue.Object((SystemTables.RowId, JsonValue.String(SystemTables.RootId)));
        var propagation = JsonValue.Object(("root", rootKey));
        var relational = JsonValue.Object(
            ("module", JsonValue.String(Schema.RelationalModule)),
            ("config", JsonValue.Object(("propagation", propagation))));
        return schema.Without("hints").Without("preferred_types").Without("includes").Without("excludes")
            .With("tables", JsonValue.Object(tables))
            .With("settings", settings)
            .With("normalizers", JsonValue.Object(("names", JsonValue.String("snake_case")), ("json", relational)));
    }

    /// <summary>Moves filters from the schema, where their prefix named the table, to the table.</summary>
    private static JsonValue MoveFilters(JsonValue schema, string name, JsonValue table)
    {
        var filters = JsonValue.EmptyObject;
        foreach (var kind in new[] { "excludes", "includes" })
        {
            var prefix = $"^{name}__";
            var own = (schema[kind] ?? JsonValue.EmptyArray).Items.Where(p => p.AsString().StartsWith(prefix, StringComparison.Ordinal))
                .Select(p => JsonValue.String("re:^" + p.AsString()[prefix.Length..])).ToArray();
            if (own.Length > 0) filters = filters.With(kind, JsonValue.Array([.. own]));
        }

        return filters.Members.Count == 0 ? table : table.With("filters", filters);
    }

    private static JsonValue To4(JsonValue schema) =>
        schema["version_hash"] is null ? schema.With("version_hash", JsonValue.String("")) : schema;

    private static JsonValue To5(JsonValue schema) => WithTable(WithTable(schema, SystemTables.VersionTable), SystemTables.LoadsTable);

    private static JsonValue To6(JsonValue schema) => WithTable(schema, SystemTables.LoadsTable);

    private static JsonValue To7(JsonValue schema) => EachTable(schema, t => t.Without("table_sealed"))
        .With("settings", (schema["settings"] ?? JsonValue.EmptyObject).Without("schema_sealed"));

    private static JsonValue To8(JsonValue schema) => schema.With("previous_hashes", JsonValue.EmptyArray);

    private static JsonValue To9(JsonValue schema) => EachTable(schema, t =>
        t["columns"]?[SystemTables.RowId] is null
            ? t
            : t.With("x-normalizer", (t["x-normalizer"] ?? JsonValue.EmptyObject).With("seen-data", JsonValue.Bool(true))));

    private static JsonValue To10(JsonValue schema)
    {
        schema = EachTable(schema, table =>
            table.With("columns", JsonValue.Object((table["columns"] ?? JsonValue.EmptyObject).Members.Select(c =>
        {
            var column = Recomplex(c.Value).Without("foreign_key");
            if (c.Key == SystemTables.RowId && column["row_key"] is null)
                column = column.With("row_key", column["unique"] is { Kind: JsonKind.True }
                    ? JsonValue.Bool(true)
                    : column["unique"] ?? JsonValue.Bool(true));
            if (c.Key == SystemTables.ParentId && column["parent_key"] is null) column = column.With("parent_key", JsonValue.Bool(true));
            return KeyValuePair.Create(c.Key, column);
        }))));

        var settings = schema["settings"] ?? JsonValue.EmptyObject;
        if (settings["preferred_types"] is { Kind: JsonKind.Object } preferred)
        {
            settings = settings.With("preferred_types", JsonValue.Object(preferred.Members.Select(p =>
                KeyValuePair.Create(p.Key, p.Value is { Kind: JsonKind.String } t && t.AsString() == "complex"
                    ? JsonValue.String("json")
                    : p.Value))));
        }

        if (settings["default_hints"] is { Kind: JsonKind.Object } hints)
        {
            settings = settings.With("default_hints", hints.Without("foreign_key")
                .With("row_key", JsonValue.Array([JsonValue.String(SystemTables.RowId)]))
                .With("parent_key", JsonValue.Array([JsonValue.String(SystemTables.ParentId)])));
        }

        var normalizers = schema["normalizers"] ?? JsonValue.EmptyObject;
        if (normalizers["json"]?["config"] is { Kind: JsonKind.Object } config)
            normalizers = normalizers.With("json", normalizers["json"]!.With("config", config.Without("generate_dlt_id")));
        return schema.With("settings", settings).With("normalizers", normalizers);
    }

    private static JsonValue To11(JsonValue schema) =>
        schema.With("normalizers", (schema["normalizers"] ?? JsonValue.EmptyObject)
            .With("use_break_path_on_normalize", JsonValue.Bool(false)));

    private static JsonValue Recomplex(JsonValue column) =>
        column["data_type"] is { Kind: JsonKind.String } type && type.AsString() == "complex"
            ? column.With("data_type", JsonValue.String("json"))
            : column;

    private static JsonValue WithTable(JsonValue schema, Func<NamingConvention, TableSchema> make)
    {
        var table = make(NamingConvention.Create("snake_case"));
        return schema.With("tables", (schema["tables"] ?? JsonValue.EmptyObject).With(table.Name, table.ToJson()));
    }

    private static JsonValue EachTable(JsonValue schema, Func<JsonValue, JsonValue> change) =>
        schema.With("tables", JsonValue.Object((schema["tables"] ?? JsonValue.EmptyObject)
            .Members.Select(t => KeyValuePair.Create(t.Key, change(t.Value)))));
}
