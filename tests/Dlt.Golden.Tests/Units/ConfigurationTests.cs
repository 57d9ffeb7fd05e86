using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Settings;
using Dlt.Sources;
using Dlt.Types;
using Xunit;

namespace Dlt.Golden.Units;

public class ConfigurationTests
{
    /// <summary>The settings records by their name in dlt.</summary>
    private static readonly Dictionary<string, ConfigurationSpec> Specs = new()
    {
        ["athena"] = AthenaSpecs.Athena,
        ["filesystem"] = AthenaSpecs.Filesystem,
        ["aws"] = AthenaSpecs.Credentials with { Section = "credentials" },
        ["load"] = StepSpecs.Load,
        ["normalize"] = StepSpecs.Normalize,
        ["data_writer"] = StepSpecs.DataWriter,
        ["data_writer_extract"] = StepSpecs.DataWriter,
        ["parquet"] = StepSpecs.Parquet,
        ["runtime"] = StepSpecs.Runtime,
        ["schema"] = StepSpecs.Schema,
        ["extract"] = StepSpecs.Extract,
        ["pipeline"] = StepSpecs.Pipeline,
    };

    public static TheoryData<string> Texts => UnitFile.Ids("config", "coerce_from_text");

    public static TheoryData<string> Cases => UnitFile.Ids("config", "");

    /// <summary>True when a record of settings has a counterpart here; <c>source</c> and <c>access</c> have their own.</summary>
    internal static bool Knows(JsonValue? spec) =>
        spec is { Kind: JsonKind.String } && (spec.AsString() is "source" or "access" || Specs.ContainsKey(spec.AsString()));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Texts))]
    public void Texts_become_values_of_the_type_of_their_field(string id) => UnitFile.Run("config", id, test =>
    {
        var type = SettingTypes.Plain(test["type"]!.AsString());
        foreach (var (text, expected) in test["expected"]!.Members)
        {
            JsonValue? Value() => type switch
            {
                "literal" => Resolve(text, new("v") { Allowed = [.. test["values"]!.Items.Select(v => v.AsString())] }),
                "date" =>
                    JsonValue.String(
                        TypedJson.DateMarker + Settings(text).Get<DateOnly>("v")
                            .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
                "time" =>
                    JsonValue.String(
                        TypedJson.TimeMarker + IsoTime(Settings(text).Get<TimeOnly>("v"))),
                _ => Resolve(text, new("v", SettingTypes.Of(type))),
            };
            if (ErrorOutcome.IsError(expected)) ErrorOutcome.Throws(expected, () => Value());
            else Assert.Equal($"{text}: {JsonText.Write(GoldenValue.ToExtracted(expected))}", $"{text}: {JsonText.Write(Value()!)}");
        }
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Settings_are_found_where_dlt_finds_them(string id) => UnitFile.Run("config", id, test => InFolder(test, configuration =>
    {
        if (test["spec"]!.AsString() == "access") SettingAccess.Check(test, configuration());
        else Check(test, configuration);
        return JsonValue.Null;
    }));

    /// <summary>What our settings are resolved to.</summary>
    public static JsonValue Observe(JsonValue test) => InFolder(test, configuration => Resolve(test, configuration()).Values);

    /// <summary>As Python writes it: six digits of a fraction, or none.</summary>
    private static string IsoTime(TimeOnly time) => time.ToString(
        time.Ticks % TimeSpan.TicksPerSecond == 0 ? "HH:mm:ss" : "HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture);

    private static DltConfiguration Of(string text) => DltConfiguration.Load(new RunContext("none", "none", n => n == "V" ? text : null));

    private static JsonValue Resolve(string text, ConfigurationField field) =>
        new ConfigurationResolver(Of(text), [], null).Resolve(new("test", [field])).Values["v"]!;

    private static SourceSettings Settings(string text) => new(Of(text), "source");

    private static JsonValue InFolder(JsonValue test, Func<Func<DltConfiguration>, JsonValue> use)
    {
        var work = Directory.CreateTempSubdirectory("dlt-golden-config-").FullName;
        try
        {
            Write(work, ".dlt/config.toml", test["config_toml"]);
            Write(work, ".dlt/secrets.toml", test["secrets_toml"]);
            Write(work, "global/config.toml", test["global_config_toml"]);
            Write(work, "global/secrets.toml", test["global_secrets_toml"]);
            foreach (var (name, text) in test["files"]?.Members.AsEnumerable() ?? []) Write(
                work, name.Contains('/', StringComparison.Ordinal) ? name : ".dlt/" + name, text);
            var environment = test["env"]?.Members.ToDictionary(m => m.Key, m => m.Value.AsString()) ?? [];
            return use(
                () => DltConfiguration.Load(new RunContext(work, Path.Combine(work, "global"), n => environment.GetValueOrDefault(n))));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static ResolvedConfiguration Resolve(JsonValue test, DltConfiguration configuration)
    {
        var isSource = test["spec"]!.AsString() == "source";
        var spec = isSource ? SourceArguments.Spec(test["arguments"] ?? throw new NotDrivenException("a source without 'arguments'"))
            : Specs[test["spec"]!.AsString()];
        var given = isSource ? test["given"] : test["explicit"];
        var sections = test["sections"]!.Items.Select(s => s.AsString()).ToList();
        var result = new ConfigurationResolver(
            configuration, sections, test["pipeline_name"] is { Kind: JsonKind.String } pipeline ? pipeline.AsString() : null)
                .Resolve(spec, given is null ? null : GoldenValue.ToExtracted(given));
        // Arguments of the caller that are not settings are passed on unchanged.
        if (
            isSource
                && given is not null) result = result with
                {
                    Values = JsonValue.Object(
                    result.Values.Members.Concat(given.Members.Where(g => result.Values[g.Key] is null)))
                };
        if (spec == AthenaSpecs.Filesystem) _ = new FileLayout(
            result.Text("layout")!, result.Values["extra_placeholders"] is { Kind: JsonKind.Object } extra ? extra.Members.Names.ToList()
                : null);
        return result;
    }

    private static void Check(JsonValue test, Func<DltConfiguration> configuration)
    {
        var expected = test["expected"]!;
        if (ErrorOutcome.IsError(expected))
        {
            ErrorOutcome.Throws(expected, () => Resolve(test, configuration()));
            return;
        }

        var resolved = Resolve(test, configuration());
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
            var wanted = steps.Items.Select(s => s.AsString())
                .Where(s => !s.Contains("staging_config", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(
                wanted, own.Where(s => s.Key.EndsWith(field, StringComparison.OrdinalIgnoreCase))
                    .Select(s => $"{s.Provider}: {s.Key}{(s.IsHit ? " =" : "")}"));
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
