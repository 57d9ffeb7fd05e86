using System.Collections.Immutable;
using System.Globalization;
using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Settings;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Settings;

/// <summary>
/// Walks all fields of all settings records. Each field has an effect, stops a load that would ignore it, or gives a warning. A new field
/// that no code reads fails here.
/// </summary>
public sealed class SettingsFieldTests : IDisposable
{
    private static readonly (string Section, ConfigurationSpec Spec)[] Specs =
    [
        ("destination.athena", AthenaSpecs.Athena), ("destination.filesystem", AthenaSpecs.Filesystem), ("extract", StepSpecs.Extract),
        ("normalize", StepSpecs.Normalize), ("load", StepSpecs.Load),
        ("normalize.data_writer", StepSpecs.DataWriter), ("data_writer", StepSpecs.Parquet), ("runtime", StepSpecs.Runtime),
        ("pipelines.pipe", StepSpecs.Pipeline), ("sources.shop.schema", StepSpecs.Schema),
    ];

    /// <summary>Settings that another setting depends on.</summary>
    private static readonly Dictionary<string, string> Together = new()
    {
        ["runtime.http_max_error_body_length"] = "http_show_error_body = true",
        ["destination.filesystem.extra_placeholders"] = "layout = \"{table_name}/{entry}/{load_id}.{file_id}.{ext}\"",
        ["destination.athena.lakeformation_config.tags"] = "enabled = true",
        ["destination.athena.lakeformation_config.enabled"] = "tags = { team = \"data\" }",
        ["destination.filesystem.current_datetime"] = "layout = \"{table_name}/{YYYY}/{load_id}.{file_id}.{ext}\"",
    };

    /// <summary>Settings that the one under test requires; another value represents a missing one.</summary>
    private static readonly Dictionary<string, string> Otherwise = [];

    /// <summary>Valid values of settings that do not take every value of their type.</summary>
    private static readonly Dictionary<string, string> Values = new()
    {
        ["destination.athena.replace_strategy"] = "\"truncate-and-insert\"",
        ["destination.athena.hive_replace"] = "\"truncate-and-insert\"",
        ["destination.athena.ddl"] = "\"athena\"",
        ["destination.athena.merge_engine"] = "\"athena\"",
        ["destination.athena.maintenance"] = "\"compact\"",
        ["destination.athena.hive_partitions"] = "\"glue\"",
        ["destination.athena.naming_convention"] = "\"direct\"",
        ["destination.athena.max_identifier_length"] = "24",
        ["destination.athena.db_location"] = "\"s3://other\"",
        ["destination.athena.query_result_bucket"] = "\"s3://other\"",
        ["destination.filesystem.bucket_url"] = "\"s3://other\"",
        ["destination.filesystem.layout"] = "\"{table_name}/deep/{load_id}.{file_id}.{ext}\"",
        ["destination.filesystem.current_datetime"] = "\"2001-02-03T04:05:06Z\"",
        ["load.parallelism_strategy"] = "\"sequential\"",
        ["data_writer.compression"] = "\"snappy\"",
        ["pipelines.pipe.refresh"] = "\"drop_data\"",
        ["sources.shop.schema.naming"] = "\"direct\"",
        ["sources.shop.schema.json_normalizer"] = "{ config = { max_nesting = 1 } }",
    };

    private readonly TempFolder _folder = new();

    static SettingsFieldTests()
    {
        foreach (var section in new[] { "destination.athena.credentials", "destination.filesystem.credentials" })
        {
            foreach (var (name, other) in new[]
            { ("aws_access_key_id", "aws_secret_access_key"), ("aws_secret_access_key", "aws_access_key_id") })
            {
                Together[$"{section}.{name}"] = $"{other} = \"other half\"";
                Otherwise[$"{section}.{name}"] = $"{name} = \"another\"";
            }
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Fields
    {
        get
        {
            var fields = new TheoryData<string, string>();
            foreach (var (section, spec) in Specs)
                foreach (var (path, setting) in Walk(section, spec))
                    foreach (var name in setting.Synonyms.Prepend(setting.Name)) fields.Add(path, name);
            return fields;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Fields))]
    public async Task A_setting_has_an_effect_or_gives_a_warning(string section, string name)
    {
        var (_, field) = Specs.SelectMany(s => Walk(s.Section, s.Spec))
            .First(f => f.Path == section && f.Field.Synonyms.Prepend(f.Field.Name).Contains(name));
        var key = $"{section}.{field.Name}";
        var together = Together.GetValueOrDefault(key) ?? "";
        var without = await SeenAsync(
            section, $"{together.Replace("{entry}", "same", StringComparison.Ordinal)}\n{Otherwise.GetValueOrDefault(key)}\n");
        var with = await SeenAsync(section, $"{together}\n{name} = {Values.GetValueOrDefault(key) ?? Sample(field)}\n");

        if (field.Unsupported is not { } unsupported)
        {
            Assert.NotEqual(without.Effect, with.Effect);
            Assert.DoesNotContain(with.Warnings, w => w.Contains("has no effect", StringComparison.Ordinal));
            return;
        }

        Assert.Equal(without.Effect, with.Effect);
        var error = Record.Exception(() => with.Refused.Check(unsupported.Stops));
        if (unsupported.Stops == Stops.None)
        {
            Assert.Null(error);
            Assert.Contains($"{key}", Assert.Single(with.Warnings, w => w.Contains("has no effect", StringComparison.Ordinal)),
                StringComparison.Ordinal);
        }
        else
        {
            Assert.StartsWith(key, Assert.Single(Assert.IsType<ConfigurationException>(error).Fields), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("unheard", string.Join('\n', with.Warnings) + error?.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Path, ConfigurationField Field)> Walk(string path, ConfigurationSpec spec)
    {
        foreach (var field in spec.Fields.Concat(spec.Others.Where(f => f.Unsupported is not null)))
        {
            if (field.Embedded is null) yield return (path, field);
            else foreach (var inner in Walk($"{path}.{field.Name}", field.Embedded)) yield return inner;
        }
    }

    /// <summary>A value other than the default.</summary>
    private static string Sample(ConfigurationField field) => field switch
    {
        { Type: ConfigurationType.Bool } =>
            field.Default is { Kind: JsonKind.True } || field.Unsupported?.Same.Contains(JsonValue.Bool(true)) == true ? "false" : "true",
        { Type: ConfigurationType.Integer or ConfigurationType.Double } => "7",
        { Type: ConfigurationType.Map } => "{ entry = \"unheard\" }",
        _ => "\"unheard\"",
    };

    private async Task<(string Effect, IReadOnlyList<string> Warnings, RefusedSettings Refused)> SeenAsync(string section, string lines)
    {
        var folder = _folder.File(Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path.Combine(folder, ".dlt"));
        var bucket = section == "destination.filesystem" && lines.Contains("bucket_url", StringComparison.Ordinal)
            ? ""
            : "bucket_url = \"s3://lake\"\n";
        var sections = section == "destination.filesystem"
            ? $"[destination.filesystem]\n{bucket}{lines}"
            : $"[destination.filesystem]\n{bucket}[{section}]\n{lines}";
        await File.WriteAllTextAsync(Path.Combine(folder, ".dlt", "secrets.toml"), sections, Cancellation);
        var configuration = Some.Configuration(folder);
        var warnings = new List<string>();
        if (section.StartsWith("destination", StringComparison.Ordinal))
        {
            var settings = AthenaSettings.Resolve(configuration, "pipe", warnings.Add, isLocal: false);
            return ($"{Text(settings)}; {LocalAthena.Open(configuration).Folder.Replace(folder, "", StringComparison.Ordinal)}", warnings,
                settings.Refused);
        }

        if (section.StartsWith("sources", StringComparison.Ordinal))
            return (await SchemaAsync(configuration, folder), warnings, RefusedSettings.None);
        var pipeline = new PipelineSettings(configuration, "pipe", warnings.Add);
        return ($"{Text(pipeline)}; {Text(new StepSettings(configuration, "pipe", warnings.Add))}; {RequestSettings.Read(configuration)}",
            warnings, RefusedSettings.None);
    }

    /// <summary>The initial schema of a source.</summary>
    private static async Task<string> SchemaAsync(DltConfiguration configuration, string folder)
    {
        var account = new LocalAthena(Path.Combine(folder, "account"));
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = configuration, Warn = _ => { } })
            .RunAsync(new Source("shop", [Some.Resource("items", """{"a":1}""")]), Cancellation);
        var schema = Directory.GetFiles(account.Folder, "shop.schema.json", SearchOption.AllDirectories).Single();
        return JsonText.Write(JsonParser.Parse(await File.ReadAllTextAsync(schema, Cancellation))["normalizers"]!);
    }

    /// <summary>All values of the typed settings.</summary>
    private static string Text(object settings) =>
        string.Join("; ", settings.GetType().GetProperties().Where(p => p.Name != "EqualityContract")
        .Select(p => $"{p.Name} = {Text(p.Name, p.GetValue(settings))}"));

    private static string Text(string name, object? value) => value switch
    {
        FileLayout layout => layout.PathOf(new JobFileName("t", "f", 0, "parquet"), "s", "1.0", DateTimeOffset.UnixEpoch),
        Dlt.Aws.AwsCredentialOptions login =>
            string.Join(", ", login.AccessKeyId, login.SecretAccessKey, login.SessionToken, login.ProfileName, login.RegionName,
            login.EndpointUrl,
            login.RoleArn, login.ExternalId, login.RoleSessionName, login.UsesFips, login.UsesDualStack),
        IReadOnlyDictionary<string, string> map => string.Join(", ", map),
        RefusedSettings => "",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
