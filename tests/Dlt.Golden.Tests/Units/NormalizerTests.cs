using Dlt.Destinations;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Naming;
using Dlt.Normalize;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Units;

public class NormalizerTests
{
    public static TheoryData<string> Cases => UnitFile.Ids("normalizer", "");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Items_become_rows_and_tables_as_in_dlt(string id) => UnitFile.Run("normalizer", id, test =>
    {
        foreach (var fast in new[] { false, true }) Check(test, fast);
    });

    /// <summary>Runs the normaliser on a case and returns the result in the form of an expectation.</summary>
    public static JsonValue Observe(JsonValue test)
    {
        var (schema, normalizer) = Normalize(test, useFastPath: true);
        var rows = normalizer.Tables.Where(t => t.Rows > 0)
            .SelectMany(t => NormalizedRows.Read(t).Select(r => JsonValue.Array([JsonValue.String(t.Name), r])));
        var tables = schema.Tables.Where(t => !SystemTables.IsSystemName(t.Name)).Select(t => KeyValuePair.Create(t.Name, Described(t)));
        var nulls = normalizer.TakeNullColumns().GroupBy(n => n.Table)
            .Select(t => KeyValuePair.Create(t.Key, JsonValue.Array([.. t.Select(n => JsonValue.String(n.Column))])));
        return JsonValue.Object(("rows", JsonValue.Array([.. rows])), ("tables", JsonValue.Object(tables)),
            ("null_only", JsonValue.Object(nulls)));
    }

    private static void Check(JsonValue test, bool useFastPath)
    {
        var expected = test["expected"]!;
        if (expected["error"] is { } error)
        {
            ErrorOutcome.Throws(error, () => Normalize(test, useFastPath));
            return;
        }

        var (schema, normalizer) = Normalize(test, useFastPath);
        var rows = (expected["rows"] ?? expected["tree"])!.Items
            .Select(r => (Table: r.Items[0].AsString(), Row: r.Items[1]))
            .GroupBy(r => r.Table).ToDictionary(g => g.Key, g => g.Select(r => r.Row).ToList());
        Assert.Equal(rows.Keys.Order(), normalizer.Tables.Where(t => t.Rows > 0).Select(t => t.Name).Order());
        foreach (var buffer in normalizer.Tables.Where(t => t.Rows > 0))
        {
            var actual = NormalizedRows.Read(buffer).Select(NormalizedRows.Canonical);
            Assert.Equal(rows[buffer.Name].Select(NormalizedRows.Canonical), actual);
        }

        foreach (var (name, known) in expected["tables"]!.Members)
        {
            var actual = schema.Table(name);
            Assert.Equal(known["columns"]!.Items.Select(c => c["name"]!.AsString()), actual.Columns.Select(c => c.Name));
            Assert.Equal(JsonText.Write(known, sortKeys: true), JsonText.Write(Described(actual), sortKeys: true));
        }

        if (expected["normalizer_config"] is { } config)
            Assert.Equal(JsonText.Write(config, sortKeys: true), JsonText.Write(schema.Normalizers["json"]!["config"]!, sortKeys: true));
        var nullOnly = expected["null_only"]!.Members.SelectMany(t => t.Value.Items.Select(c => (Table: t.Key, Column: c.AsString())))
            .Where(IsIncomplete).Order();
        Assert.Equal(nullOnly, normalizer.TakeNullColumns().Where(IsIncomplete).Order());

        bool IsIncomplete((string Table, string Column) c) =>
            !schema.TryGetTable(c.Table, out var table) || !table.TryGetColumn(c.Column, out var column) || !column.IsComplete;
    }

    private static (Schema Schema, ItemNormalizer Normalizer) Normalize(JsonValue test, bool useFastPath)
    {
        var capabilities = test["capabilities"]!.AsString() switch
        {
            "athena" => AthenaCapabilities.Default,
            "none" => DestinationCapabilities.Generic,
            var other => throw new NotDrivenException($"the capabilities '{other}'"),
        };
        var schema = NewSchema(test["settings"]!, capabilities);
        var normalizer = new ItemNormalizer(schema, capabilities, test["load_id"]!.AsString(),
            new CountingIds(), TimeProvider.System)
        { UseFastPath = useFastPath };
        var table = schema.NormalizeTableIdentifier(test["table"]!.AsString());
        foreach (var item in JsonParser.Parse(test["items_json"]!.AsString()).Items) NormalizedRows.Add(normalizer, item, table);
        normalizer.Seal();
        return (schema, normalizer);
    }

    private static JsonValue Described(TableSchema table) =>
        table.ToJson().With("columns", JsonValue.Array([.. table.Columns.Select(c => c.Properties)]));

    private static Schema NewSchema(JsonValue settings, DestinationCapabilities capabilities)
    {
        Words.Check(settings, "settings", "tables", "max_nesting", "root_key", "propagation",
            "naming", "preferred", "hints", "max_length", "break_path");
        int? max = settings["max_length"] is { Kind: JsonKind.Integer } length ? (int)length.AsInt64() : capabilities.MaxIdentifierLength;
        var schema = new Schema("s", NamingConvention.Create(settings["naming"]?.AsString() ?? "snake_case", max));
        var config = JsonValue.EmptyObject;
        if (settings["max_nesting"] is { Kind: JsonKind.Integer } nesting) config = config.With("max_nesting", nesting);
        if (settings["root_key"] is { IsNull: false } rootKey) config = config.With("root_key_propagation", rootKey);
        if (settings["propagation"] is { Kind: JsonKind.Object } propagation) config = config.With("propagation", propagation);
        if (config.Members.Count > 0)
            schema.Normalizers = schema.Normalizers.With("json", schema.Normalizers["json"]!.With("config", config));
        if (settings["break_path"] is { Kind: JsonKind.False } no)
            schema.Normalizers = schema.Normalizers.With("use_break_path_on_normalize", no);
        if (settings["preferred"] is { Kind: JsonKind.Object } preferred)
            schema.Settings = schema.Settings.With("preferred_types", preferred);
        if (settings["hints"] is { Kind: JsonKind.Object } hints)
        {
            var defaults = schema.Settings["default_hints"]!;
            foreach (var (hint, patterns) in hints.Members)
                defaults = defaults.With(hint, JsonValue.Array([.. defaults[hint]?.Items ?? [], .. patterns.Items]));
            schema.Settings = schema.Settings.With("default_hints", defaults);
        }

        if (settings["tables"] is { Kind: JsonKind.Array } tables)
            foreach (var table in tables.Items) schema.UpdateTable(schema.NormalizeNames(TableSchema.FromJson(table)), capabilities);
        return schema;
    }
}
