using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Settings;
using Xunit;

namespace Dlt.Golden.Units;

public class ConfigurationTests
{
    /// <summary>The records of settings.</summary>
    private static readonly string[] Specs = ["athena", "filesystem", "aws", "load", "normalize", "data_writer", "data_writer_extract", "parquet", "runtime", "schema", "extract", "pipeline", "source"];

    private static readonly Dictionary<string, ConfigurationType> Types = new()
    {
        ["str"] = ConfigurationType.Text, ["int"] = ConfigurationType.Integer, ["optional_int"] = ConfigurationType.Integer, ["float"] = ConfigurationType.Double, ["bool"] = ConfigurationType.Bool, ["any"] = ConfigurationType.Any,
        ["decimal"] = ConfigurationType.Decimal, ["datetime"] = ConfigurationType.Timestamp, ["bytes"] = ConfigurationType.Binary,
    };

    public static TheoryData<string> Texts => UnitFile.Ids("config", c => c["kind"]?.AsString() == "coerce_from_text" && c["type"]!.AsString() is not ("literal" or "tuple"));

    public static TheoryData<string> Choices => UnitFile.Ids("config", c => c["kind"]?.AsString() == "coerce_from_text" && c["type"]!.AsString() is "literal" or "tuple");

    public static TheoryData<string> Cases => UnitFile.Ids("config", c => c["spec"] is { Kind: JsonKind.String } spec && Specs.Contains(spec.AsString()));

    public static TheoryData<string> Accesses => UnitFile.Ids("config", c => c["spec"] is { Kind: JsonKind.String } spec && spec.AsString() == "access" );

    /// <summary>Settings by their key: as text, and with the type that they have or look like.</summary>
    [Theory, MemberData(nameof(Accesses))]
    public void Programs_read_settings_by_their_key(string id) => UnitFile.Run("config", id, test =>
    {
        var work = Directory.CreateTempSubdirectory("dlt-golden-config-").FullName;
        try
        {
            Write(work, ".dlt/config.toml", test["config_toml"]);
            var environment = test["env"]?.Members.ToDictionary(m => m.Key, m => m.Value.AsString()) ?? [];
            var configuration = DltConfiguration.Load(new RunContext(work, Path.Combine(work, "global"), n => environment.GetValueOrDefault(n)));
            if (test["expected"]!["error"] is not null)
            {
                Assert.Equal(test["expected"]!["fields"]!.Items.Select(f => f.AsString()), Assert.Throws<ConfigurationException>(() => configuration["a.b"]).Fields);
            }
            else if (id == "config-access-typed")
            {
                // The same text as text, number and integer; the other setting is none.
                var wanted = test["expected"]!["resolved"]!.Items;
                Assert.Equal((wanted[0].AsString(), wanted[1].AsDouble(), wanted[2].AsInt64()), (configuration.GetString("a.b"), configuration.GetDouble("a.b"), configuration.GetInteger("a.b")));
                Assert.Throws<ConfigurationException>(() => configuration.GetDouble("a.c"));
            }
            else if (test["expected"]!["resolved"] is { Kind: JsonKind.Array } list)
            {
                // What the vector asks for, in its order: a text, a number, a table, something missing, a value in the table.
                Assert.Equal(list.Items.Select(i => JsonText.Write(i)), new[] { configuration["a.b"], configuration["a.c"], configuration["a.d"], JsonValue.Null, configuration["a.d.e"] }.Select(i => JsonText.Write(i)));
                Assert.Throws<ConfigurationException>(() => configuration["a.x"]);
            }
            else
            {
                var expected = test["expected"]!["resolved"]!;
                Assert.Equal(expected["get"]!.AsString(), configuration.GetString("a.b"));
                Assert.Equal(JsonText.Write(expected["item"]!), JsonText.Write(configuration["a.b"]));
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    });

    [Theory, MemberData(nameof(Texts))]
    public void Texts_become_values_of_the_type_of_their_field(string id) => UnitFile.Run("config", id, test =>
    {
        foreach (var (text, expected) in test["expected"]!.Members)
        {
            var isTaken = ConfigurationValues.TryCoerce(JsonValue.String(text), Types[test["type"]!.AsString()], out var value);
            Assert.True(isTaken != IsError(expected), $"'{text}' is {(isTaken ? "taken" : "refused")}");
            if (isTaken) Assert.Equal(JsonText.Write(GoldenValue.ToExtracted(expected)), JsonText.Write(value));
        }
    });

    /// <summary>The vector's type is <c>Literal['a', 'b']</c>; <c>tuple</c> is a type of Python.</summary>
    [Theory, MemberData(nameof(Choices))]
    public void Of_a_few_texts_only_those_are_taken(string id) => UnitFile.Run("config", id, test =>
    {
        Assert.Equal("literal", test["type"]!.AsString());
        foreach (var (text, expected) in test["expected"]!.Members)
        {
            var configuration = DltConfiguration.Load(new RunContext("none", "none", n => n == "V" ? text : null));
            JsonValue Resolve() => new ConfigurationResolver(configuration, [], null).Resolve(new("test", [new("v") { Allowed = ["a", "b"] }])).Values["v"]!;
            if (IsError(expected)) Assert.Throws<ConfigurationException>(Resolve);
            else Assert.Equal(expected, Resolve());
        }
    });

    [Theory, MemberData(nameof(Cases))]
    public void Settings_are_found_where_dlt_finds_them(string id) => UnitFile.Run("config", id, test =>
    {
        var work = Directory.CreateTempSubdirectory("dlt-golden-config-").FullName;
        try
        {
            Check(test, work);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    });

    private static bool IsError(JsonValue expected) => expected.Kind == JsonKind.Object && expected["error"] is not null;

    private static void Check(JsonValue test, string work)
    {
        var expected = test["expected"]!;
        Write(work, ".dlt/config.toml", test["config_toml"]);
        Write(work, ".dlt/secrets.toml", test["secrets_toml"]);
        Write(work, "global/config.toml", test["global_config_toml"]);
        Write(work, "global/secrets.toml", test["global_secrets_toml"]);
        foreach (var (name, text) in test["files"]?.Members.AsEnumerable() ?? []) Write(work, name.Contains('/', StringComparison.Ordinal) ? name : ".dlt/" + name, text);
        var environment = test["env"]?.Members.ToDictionary(m => m.Key, m => m.Value.AsString()) ?? [];
        var sections = test["sections"]!.Items.Select(s => s.AsString()).ToList();
        var pipeline = test["pipeline_name"] is { Kind: JsonKind.String } name2 ? name2.AsString() : null;

        ResolvedConfiguration Resolve()
        {
            var configuration = DltConfiguration.Load(new RunContext(work, Path.Combine(work, "global"), n => environment.GetValueOrDefault(n)));
            var spec = test["spec"]!.AsString() switch
            {
                "athena" => AthenaSpecs.Athena,
                "filesystem" => AthenaSpecs.Filesystem,
                "load" => StepSpecs.Load,
                "normalize" => StepSpecs.Normalize,
                "data_writer" or "data_writer_extract" => StepSpecs.DataWriter,
                "parquet" => StepSpecs.Parquet,
                "runtime" => StepSpecs.Runtime,
                "schema" => StepSpecs.Schema,
                "extract" => StepSpecs.Extract,
                "pipeline" => StepSpecs.Pipeline,
                "source" => SourceArguments.Spec(test["source_arguments"]!.AsString()),
                _ => AthenaSpecs.Credentials with { Section = "credentials" },
            };
            var result = new ConfigurationResolver(configuration, sections, pipeline).Resolve(spec, test["source_arguments"] is null ? test["explicit"] : SourceArguments.Given(test["source_arguments"]!.AsString(), test["call"]!.AsString()));
            if (spec == AthenaSpecs.Filesystem) _ = new FileLayout(result.Text("layout")!, result.Values["extra_placeholders"] is { Kind: JsonKind.Object } extra ? extra.Members.Names.ToList() : null);
            return result;
        }

        if (expected["error"] is not null)
        {
            var error = Assert.ThrowsAny<ConfigurationException>(() => Resolve());
            if (expected["fields"] is { Kind: JsonKind.Array } fields) Assert.Equal(fields.Items.Select(f => f.AsString()), error.Fields);
            return;
        }

        var resolved = Resolve();
        foreach (var (field, value) in expected["resolved"]!.Members)
        {
            if (resolved.Values[field] is not { } actual) continue;   // fields that dlt's other destinations have
            AssertValue(field, value, actual);
        }

        if (expected["lookups"] is not { } lookups) return;
        foreach (var (field, steps) in lookups.Members)
        {
            if (!resolved.Lookups.TryGetValue(field, out var own)) continue;
            // A staging destination and synonyms have lookups of their own: dlt's only, and ours only.
            var wanted = steps.Items.Select(s => s.AsString()).Where(s => !s.Contains("staging_config", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(wanted, own.Where(s => s.Key.EndsWith(field, StringComparison.OrdinalIgnoreCase)).Select(s => $"{s.Provider}: {s.Key}{(s.IsHit ? " =" : "")}"));
        }
    }

    private static void AssertValue(string field, JsonValue expected, JsonValue actual)
    {
        if (expected.Kind == JsonKind.Object && actual.Kind == JsonKind.Object)
        {
            foreach (var (name, value) in expected.Members)
                if (actual[name] is { } own) AssertValue($"{field}.{name}", value, own);
            return;
        }

        Assert.Equal($"{field} = {JsonText.Write(GoldenValue.ToExtracted(expected))}", $"{field} = {JsonText.Write(actual)}");
    }

    private static void Write(string work, string file, JsonValue? text)
    {
        if (text is not { Kind: JsonKind.String }) return;
        var path = Path.Combine(work, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.AsString());
    }
}
