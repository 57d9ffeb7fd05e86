using System.Text;
using Dlt.Destinations;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Naming;
using Dlt.SchemaFiles;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Units;

public class SchemaTests
{
    public static TheoryData<string> Cases => UnitFile.Ids(
        "schemas", "stored", "error", "bump_history", "bump", "migrate", "load", "schema_name",
        "pattern", "merge_tables", "verify_capabilities", "system_tables", "export", "capabilities");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Schemas_are_stored_hashed_migrated_and_merged_as_in_dlt(string id) => UnitFile.Run("schemas", id, test =>
    {
        var expected = test["expected"]!;
        switch (test["kind"]!.AsString())
        {
            case "stored":
                Stored(test["input"]!, expected);
                break;
            case "error":
                var table = TableSchema.FromJson(test["input"]!["table"]!);
                var schema = new Schema("s");
                schema.Set(table);
                ErrorOutcome.Throws(expected, () => AthenaCapabilities.Default.ResolveMergeStrategy(schema, table));
                break;
            case "bump_history":
                BumpHistory(test["input"]!, expected);
                break;
            case "bump":
                Bump(test, expected);
                break;
            case "migrate":
                Migrate(test["input"]!, expected);
                break;
            case "load":
                ErrorOutcome.Throws(expected, () => SchemaJson.FromJson(test["input"]!));
                break;
            case "schema_name":
                Assert.Equal(expected["new"]!["ok"] is not null, Schema.IsValidName(test["input"]!.AsString()));
                if (ErrorOutcome.IsError(expected["new"]!))
                    ErrorOutcome.Throws(expected["new"]!, () => new Schema(test["input"]!.AsString()));
                if (expected["normalized"] is { Kind: JsonKind.String } name)
                    Assert.Equal(name.AsString(), Schema.NormalizeName(test["input"]!.AsString()));
                break;
            case "pattern":
                var pattern = test["input"]!.AsString();
                Assert.Equal(expected["normalized"]!.AsString(), HintPattern.Normalize(pattern, NamingConvention.Create("snake_case")));
                Assert.Equal(expected["canonical"]!.AsString(), HintPattern.Canonical(pattern));
                if (ErrorOutcome.IsError(expected["compiled"]!)) ErrorOutcome.Throws(expected["compiled"]!, () => new HintPattern(pattern));
                else Assert.Equal(expected["compiled"]!.AsString(), HintPattern.Compiled(pattern));
                break;
            case "merge_tables":
                MergeTables(test["input"]!, expected);
                break;
            case "verify_capabilities":
                Verify(test["input"]!, expected);
                break;
            case "system_tables":
                SystemTablesAre(expected);
                break;
            case "export":
                Export(test["input"]!, expected);
                break;
            default:
                Capabilities(expected);
                break;
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
        if (ErrorOutcome.IsError(expected))
        {
            ErrorOutcome.Throws(expected, () => SchemaJson.FromJson(input));
            return;
        }

        var schema = SchemaJson.FromJson(input);
        var stored = SchemaJson.ToJson(schema);
        Assert.Equal(expected["version_hash"]!.AsString(), schema.VersionHash);
        if (expected["version"] is { } version) Assert.Equal(version.AsInt64(), schema.Version);
        if (expected["stored_json"] is { } json)
            Assert.Equal(JsonText.Write(JsonParser.Parse(json.AsString()), sortKeys: true), JsonText.Write(stored, sortKeys: true));
        if (expected["compressed"] is { } compressed)
            Assert.Equal(JsonText.Write(JsonParser.Parse(CompressedText.Decode(compressed.AsString())), sortKeys: true),
                JsonText.Write(stored, sortKeys: true));
    }

    /// <summary>Changes one after another, the schema stored after each.</summary>
    private static void BumpHistory(JsonValue input, JsonValue expected)
    {
        Words.Check(input, "input", "schema", "steps", "operations");
        var operations = (input["operations"] ?? throw new NotDrivenException("a history without 'operations'")).Items;
        Schema? schema = null;
        for (var i = 0; i < operations.Length; i++)
        {
            switch (operations[i].Members.First())
            {
                case { Key: "new", Value: var name }:
                    schema = new Schema(name.AsString());
                    break;
                case { Key: "update_table", Value: var table }:
                    schema!.UpdateTable(TableSchema.FromJson(table));
                    break;
                case { Key: "drop_tables", Value: var tables }:
                    foreach (var table in tables.Items) schema!.Drop(table.AsString());
                    break;
                case { Key: var other }: throw new NotDrivenException($"the operation '{other}'");
            }

            SchemaJson.Bump(schema!);
            AssertVersion(schema!, expected.Items[i]);
        }
    }

    /// <summary>The document before, and its hash after it was stored again.</summary>
    private static void Bump(JsonValue test, JsonValue expected)
    {
        var document = test["schema"] ?? throw new NotDrivenException("a bump without 'schema'");
        var before = test["input"]!;
        var schema = SchemaJson.FromJson(document.With("version_hash", JsonValue.Null).With("previous_hashes", JsonValue.EmptyArray));
        schema.Version = before["version"]!.AsInt64();
        schema.VersionHash = before["version_hash"] is { Kind: JsonKind.String } hash ? hash.AsString() : null;
        schema.PreviousHashes = [.. before["previous_hashes"]!.Items.Select(h => h.AsString())];
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
        if (ErrorOutcome.IsError(expected))
        {
            ErrorOutcome.Throws(expected, () => SchemaJson.FromJson(input));
            return;
        }

        Assert.Equal(JsonText.Write(expected["migrated"]!, sortKeys: true),
            JsonText.Write(SchemaMigrations.Migrate(input), sortKeys: true));
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
        if (ErrorOutcome.IsError(expected))
        {
            ErrorOutcome.Throws(expected, () => schema.UpdateTable(update));
            return;
        }

        schema.UpdateTable(update);
        foreach (var (name, table) in expected["tables"]!.Members)
            Assert.Equal(JsonText.Write(table, sortKeys: true), JsonText.Write(schema.Table(name).ToJson(), sortKeys: true));
        foreach (var (name, order) in expected["column_order"]!.Members)
            Assert.Equal(order.Items.Select(c => c.AsString()), schema.Table(name).Columns.Select(c => c.Name));
        if (expected["normalizers"] is { } normalizers)
            Assert.Equal(JsonText.Write(normalizers, sortKeys: true), JsonText.Write(schema.Normalizers, sortKeys: true));
    }

    private static void Verify(JsonValue input, JsonValue expected)
    {
        var naming = NamingConvention.Create(input["naming"] is { Kind: JsonKind.String } name ? name.AsString() : "snake_case");
        var schema = new Schema("s", naming);
        foreach (var table in input["tables"]!.Items) schema.Set(TableSchema.FromJson(table));
        var problems = SchemaVerification.Verify(schema, schema.Tables, AthenaCapabilities.Default);
        Assert.Equal(expected.Items.Length, problems.Count);
        foreach (var (wanted, problem) in expected.Items.Zip(problems)) ErrorOutcome.Check(wanted, problem);
    }

    private static void SystemTablesAre(JsonValue expected)
    {
        var naming = NamingConvention.Create("snake_case");
        foreach (var table in new[] { SystemTables.VersionTable(naming), SystemTables.LoadsTable(naming),
            SystemTables.PipelineStateTable(naming).With("description", JsonValue.String("Created by DLT. Tracks pipeline state")) })
            if (expected[table.Name] is { } known)
                Assert.Equal(JsonText.Write(known, sortKeys: true), JsonText.Write(table.ToJson(), sortKeys: true));
    }

    private static void Capabilities(JsonValue expected)
    {
        var athena = AthenaCapabilities.Default;
        Assert.Equal((int?)expected["max_identifier_length"]!.AsInt64(), athena.MaxIdentifierLength);
        Assert.Equal(expected["has_case_sensitive_identifiers"]!.AsBool(), athena.HasCaseSensitiveIdentifiers);
        Assert.Equal(expected["max_timestamp_precision"]!.AsInt64(), athena.TimestampPrecision);
        Assert.Equal(expected["max_text_data_type_length"]!.AsInt64(), athena.MaxTextDataTypeLength);
        Assert.Equal(expected["decimal_precision"]!.Items.Select(d => (int)d.AsInt64()),
            [athena.DecimalPrecision.Precision, athena.DecimalPrecision.Scale]);
    }
}
