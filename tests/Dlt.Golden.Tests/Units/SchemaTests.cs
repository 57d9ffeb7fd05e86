using System.Text;
using Dlt.Json;
using Dlt.Naming;
using Dlt.SchemaFiles;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Units;

public class SchemaTests
{
    public static TheoryData<string> Cases => UnitFile.Ids(
        "schemas", "stored", "error", "bump_history", "bump", "migrate", "load", "schema_name", "pattern", "merge_tables", "verify_capabilities", "system_tables", "export", "capabilities");

    [Theory, MemberData(nameof(Cases))]
    public void Schemas_are_stored_hashed_migrated_and_merged_as_in_dlt(string id) => UnitFile.Run("schemas", id, test =>
    {
        var expected = test["expected"]!;
        switch (test["kind"]!.AsString())
        {
            case "stored": Stored(test["input"]!, expected); break;
            case "error":
                var table = TableSchema.FromJson(test["input"]!["table"]!);
                var schema = new Schema("s");
                schema.Set(table);
                Assert.Throws<SchemaException>(() => DestinationCapabilities.Athena.ResolveMergeStrategy(schema, table));
                break;
            case "bump_history": BumpHistory(test["input"]!["steps"]!, expected); break;
            case "bump": Bump(test, expected); break;
            case "migrate": Migrate(test["input"]!, expected); break;
            case "load": Assert.ThrowsAny<DltException>(() => SchemaJson.FromJson(test["input"]!)); break;
            case "schema_name":
                Assert.Equal(expected["new"]!["ok"] is not null, Schema.IsValidName(test["input"]!.AsString()));
                if (expected["normalized"] is { Kind: JsonKind.String } name) Assert.Equal(name.AsString(), Schema.NormalizeName(test["input"]!.AsString()));
                break;
            case "pattern":
                var pattern = test["input"]!.AsString();
                Assert.Equal(expected["normalized"]!.AsString(), HintPattern.Normalize(pattern, NamingConvention.Create("snake_case")));
                Assert.Equal(expected["canonical"]!.AsString(), HintPattern.Canonical(pattern));
                if (expected["compiled"]!.Kind == JsonKind.Object) Assert.Throws<SchemaException>(() => new HintPattern(pattern));
                else Assert.Equal(expected["compiled"]!.AsString(), HintPattern.Compiled(pattern));
                break;
            case "merge_tables": MergeTables(test["input"]!, expected); break;
            case "verify_capabilities": Verify(test["input"]!, expected); break;
            case "system_tables": SystemTablesAre(expected); break;
            case "export": Export(test["input"]!, expected); break;
            default: Capabilities(expected); break;
        }
    });

    private static void Export(JsonValue input, JsonValue expected)
    {
        static string Sorted(JsonValue value) => JsonText.Write(value, sortKeys: true);
        var withoutHints = SchemaExport.WithoutProcessingHints(input);
        Assert.Equal(Sorted(expected["remove_defaults"]!), Sorted(SchemaExport.WithoutNames(input)));
        Assert.Equal(Sorted(expected["remove_processing_hints"]!), Sorted(withoutHints));
        Assert.Equal(expected["pretty_yaml"]!.AsString(), SchemaYaml.Write(SchemaExport.WithoutNames(input)));
        Assert.Equal(expected["yaml_no_hints"]!.AsString(), SchemaYaml.Write(SchemaExport.WithoutNames(withoutHints)));
        Assert.Equal(Sorted(input), Sorted(SchemaExport.WithNames(SchemaYaml.Read(expected["pretty_yaml"]!.AsString(), "test"))));
    }

    private static void Stored(JsonValue input, JsonValue expected)
    {
        var schema = SchemaJson.FromJson(input);
        var stored = SchemaJson.ToJson(schema);
        Assert.Equal(expected["version_hash"]!.AsString(), schema.VersionHash);
        if (expected["version"] is { } version) Assert.Equal(version.AsInt64(), schema.Version);
        if (expected["stored_json"] is { } json) Assert.Equal(JsonText.Write(JsonParser.Parse(json.AsString()), sortKeys: true), JsonText.Write(stored, sortKeys: true));
        if (expected["compressed"] is { } compressed)
            Assert.Equal(JsonText.Write(JsonParser.Parse(CompressedText.Decode(compressed.AsString())), sortKeys: true), JsonText.Write(stored, sortKeys: true));
    }

    private static void BumpHistory(JsonValue steps, JsonValue expected)
    {
        Schema? schema = null;
        for (var i = 0; i < steps.Items.Length; i++)
        {
            var step = steps.Items[i].AsString();
            if (step.StartsWith("fresh ", StringComparison.Ordinal)) schema = new Schema(step["fresh ".Length..]);
            else if (step == "add t(a text)") schema!.Set(Text("t", "a"));
            else if (step == "drop t") schema!.Drop("t");
            else Assert.Fail($"step '{step}' is not known to the test");
            SchemaJson.Bump(schema!);
            AssertVersion(schema!, expected.Items[i]);
        }
    }

    private static TableSchema Text(string table, string column) => new TableSchema(table)
        .WithColumns([new ColumnSchema(column, Dlt.Types.DataType.Text)])
        .With("write_disposition", JsonValue.String("append")).With("resource", JsonValue.String(table));

    private static void Bump(JsonValue test, JsonValue expected)
    {
        var input = test["input"]!;
        var schema = new Schema("bump")
        {
            Version = input["version"]!.AsInt64(),
            VersionHash = input["version_hash"]?.Kind == JsonKind.String ? input["version_hash"]!.AsString() : null,
            PreviousHashes = [.. input["previous_hashes"]!.Items.Select(h => h.AsString())],
        };
        SchemaJson.Bump(schema);
        AssertVersion(schema, expected);
    }

    private static void AssertVersion(Schema schema, JsonValue expected)
    {
        Assert.Equal(expected["version"]!.AsInt64(), schema.Version);
        Assert.Equal(expected["version_hash"]!.AsString(), schema.VersionHash);
        Assert.Equal(expected["previous_hashes"]!.Items.Select(h => h.AsString()), schema.PreviousHashes);
    }

    private static void Migrate(JsonValue input, JsonValue expected)
    {
        if (expected["error"] is not null)
        {
            Assert.Throws<SchemaException>(() => SchemaJson.FromJson(input));
            return;
        }

        Assert.Equal(JsonText.Write(expected["migrated"]!, sortKeys: true), JsonText.Write(SchemaMigrations.Migrate(input), sortKeys: true));
        var schema = SchemaJson.FromJson(input);
        var stored = SchemaJson.ToJson(schema);
        Assert.Equal(JsonText.Write(expected["loaded"]!, sortKeys: true), JsonText.Write(stored, sortKeys: true));
        AssertVersion(schema, expected);
    }

    private static void MergeTables(JsonValue input, JsonValue expected)
    {
        var schema = new Schema("m");
        foreach (var table in input["tables"]!.Items) schema.UpdateTable(TableSchema.FromJson(table));
        var update = schema.NormalizeNames(TableSchema.FromJson(input["update"]!));
        if (expected["error"] is not null)
        {
            Assert.Throws<SchemaException>(() => schema.UpdateTable(update));
            return;
        }

        schema.UpdateTable(update);
        foreach (var (name, table) in expected["tables"]!.Members)
            Assert.Equal(JsonText.Write(table, sortKeys: true), JsonText.Write(schema.Table(name).ToJson(), sortKeys: true));
        foreach (var (name, order) in expected["column_order"]!.Members)
            Assert.Equal(order.Items.Select(c => c.AsString()), schema.Table(name).Columns.Select(c => c.Name));
        if (expected["normalizers"] is { } normalizers) Assert.Equal(JsonText.Write(normalizers, sortKeys: true), JsonText.Write(schema.Normalizers, sortKeys: true));
    }

    private static void Verify(JsonValue input, JsonValue expected)
    {
        var naming = NamingConvention.Create(input["naming"] is { Kind: JsonKind.String } name ? name.AsString() : "snake_case");
        var schema = new Schema("s", naming);
        foreach (var table in input["tables"]!.Items) schema.Set(TableSchema.FromJson(table));
        var problems = SchemaVerification.Verify(schema, schema.Tables, DestinationCapabilities.Athena);
        Assert.Equal(expected.Items.Length, problems.Count);
    }

    private static void SystemTablesAre(JsonValue expected)
    {
        var naming = NamingConvention.Create("snake_case");
        foreach (var table in new[] { SystemTables.VersionTable(naming), SystemTables.LoadsTable(naming), SystemTables.PipelineStateTable(naming).With("description", JsonValue.String("Created by DLT. Tracks pipeline state")) })
            if (expected[table.Name] is { } known) Assert.Equal(JsonText.Write(known, sortKeys: true), JsonText.Write(table.ToJson(), sortKeys: true));
    }

    private static void Capabilities(JsonValue expected)
    {
        var athena = DestinationCapabilities.Athena;
        Assert.Equal((int?)expected["max_identifier_length"]!.AsInt64(), athena.MaxIdentifierLength);
        Assert.Equal(expected["has_case_sensitive_identifiers"]!.AsBool(), athena.HasCaseSensitiveIdentifiers);
        Assert.Equal(expected["max_timestamp_precision"]!.AsInt64(), athena.MaxTimestampPrecision);
        Assert.Equal(expected["max_text_data_type_length"]!.AsInt64(), athena.MaxTextDataTypeLength);
        Assert.Equal(expected["decimal_precision"]!.Items.Select(d => (int)d.AsInt64()), [athena.DecimalPrecision.Precision, athena.DecimalPrecision.Scale]);
    }
}
