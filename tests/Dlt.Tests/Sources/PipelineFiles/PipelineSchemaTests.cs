using System.Text.RegularExpressions;
using Dlt.Documents;
using Dlt.Tests.Support;

namespace Dlt.Tests.Sources.PipelineFiles;

/// <summary>The JSON schema has the keys that the reader knows, and no others.</summary>
public sealed partial class PipelineSchemaTests : IDisposable
{
    private static readonly SchemaChecker Schema = new(PipelineFile.JsonSchema);

    /// <summary>Keys that the reader knows to say that only C# has them.</summary>
    private static readonly string[] OnlyInCode = ["session", "convert"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "{zzz: 1}")]
    [InlineData("defaults", "{pipeline: p, defaults: {zzz: 1}}")]
    [InlineData("streams/items", "{pipeline: p, streams: [{zzz: 1}]}")]
    [InlineData("rest_api", "{pipeline: p, streams: [{rest_api: {zzz: 1}}]}")]
    public void Keys_of_the_pipeline_are_those_of_the_reader(string part, string yaml) => AssertSameKeys(Part(part), yaml);

    [Theory]
    [InlineData("client", "{client: {zzz: 1}}")]
    [InlineData("client/rate_limit", "{client: {base_url: x, rate_limit: {zzz: 1}}}")]
    [InlineData("resource_defaults", "{client: {base_url: x}, resources: [], resource_defaults: {zzz: 1}}")]
    public void Keys_of_an_api_are_those_of_the_reader(string part, string yaml) => AssertSameKeys(Part(part), yaml);

    [Theory]
    [InlineData("resource", "{zzz: 1}")]
    [InlineData("endpoint", "{name: a, endpoint: {zzz: 1}}")]
    [InlineData("incremental", "{name: a, endpoint: {incremental: {zzz: 1}}}")]
    [InlineData("incremental_param", "{name: a, endpoint: {params: {p: {type: incremental, zzz: 1}}}}")]
    [InlineData("response_action", "{name: a, endpoint: {response_actions: [{zzz: 1}]}}")]
    [InlineData("param?type=resolve", "{name: a, endpoint: {params: {p: {type: resolve, zzz: 1}}}}")]
    [InlineData("nested_hints", "{name: a, nested_hints: {n: {zzz: 1}}}")]
    public void Keys_of_a_resource_are_those_of_the_reader(string part, string yaml) =>
        AssertSameKeys(Part(part), $"{{client: {{base_url: 'http://a'}}, resources: [{yaml}]}}");

    [Theory, InlineData("delete-insert"), InlineData("upsert"), InlineData("scd2"), InlineData("insert-only")]
    public void Options_of_a_merge_strategy_are_those_of_the_reader(string strategy)
    {
        var disposition = $"{{disposition: merge, strategy: {strategy}, zzz: 1}}";
        AssertSameKeys(
            Part($"write_disposition?strategy={strategy}"),
            $"{{client: {{base_url: 'http://a'}}, resources: [{{name: a, write_disposition: {disposition}}}]}}");
    }

    [Theory, InlineData("paginator"), InlineData("auth")]
    public void Types_and_their_keys_are_those_of_the_reader(string definition)
    {
        var unknown = Error($"{{client: {{base_url: 'http://a', {definition}: {{type: zzz}}}}, resources: [a]}}");
        var words = Part(definition)["anyOf"]!.Items.Skip(1).Select(a => a["properties"]!["type"]!["const"]!.AsString()).ToList();
        Assert.Equal(Known(unknown), words.Order(StringComparer.Ordinal));
        foreach (var word in words)
        {
            var client = $"{{base_url: 'http://a', {definition}: {{type: {word}, zzz: 1}}}}";
            AssertSameKeys(Part($"{definition}?type={word}"), $"{{client: {client}, resources: [a]}}");
        }
    }

    [Fact]
    public void Files_of_the_documentation_are_as_the_schema_says()
    {
        var page = File.ReadAllText(Path.Combine(Tool.Repository, "docs", "pipeline-yaml.md"));
        var files = YamlFence().Matches(page).Select(m => m.Groups[1].Value).Where(f => f.Contains("streams:", StringComparison.Ordinal));
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.True(Schema.Allows(DocumentText.FromYaml(f).Value), f));
    }

    [Theory]
    [InlineData("pipeline: p")]
    [InlineData("pipeline: p\nstreams: [{rest_api: {client: {base_url: a}, resources: [{name: b, selected: maybe}]}}]")]
    [InlineData("pipeline: p\nstreams: [{rest_api: {client: {base_url: a, auth: bearr}, resources: [b]}}]")]
    [InlineData("pipeline: p\nstreams: [{rest_api: {client: {base_url: a, paginator: {type: offset}}, resources: [b]}}]")]
    public void A_wrong_file_is_not(string yaml) => Assert.False(Schema.Allows(DocumentText.FromYaml(yaml).Value));

    /// <summary>Part of the schema: a definition or member, a member below it, or the alternative with a constant.</summary>
    private static JsonValue Part(string path)
    {
        var part = PipelineFile.JsonSchema;
        var at = path.Split('?');
        foreach (var step in at[0].Split('/', StringSplitOptions.RemoveEmptyEntries))
            part = Schema.Resolve(part["properties"]?[step] ?? part["definitions"]?[step] ?? part[step]!);
        if (at.Length == 1) return part;
        var (key, word) = (at[1].Split('=')[0], at[1].Split('=')[1]);
        return part["anyOf"]!.Items.Select(Schema.Resolve).Single(a => a["properties"]?[key]?["const"]?.AsString() == word);
    }

    private void AssertSameKeys(JsonValue part, string yaml) =>
        Assert.Equal(Known(Error(yaml)).Except(OnlyInCode), part["properties"]!.Members.Names.Order(StringComparer.Ordinal));

    /// <summary>The error of a description of an API, or of a whole file.</summary>
    private string Error(string yaml)
    {
        _folder.Write("pipeline.yaml", yaml);
        var configuration = Some.Configuration(_folder.Path);
        return Assert.Throws<ConfigurationException>(() => PipelineFile.Read(_folder.File("pipeline.yaml"), configuration)).Message;
    }

    private static IEnumerable<string> Known(string error) =>
        KnownList().Match(error).Groups[1].Value.Split(", ").Order(StringComparer.Ordinal);

    [GeneratedRegex(@"Known are ([^.]*)\.")]
    private static partial Regex KnownList();

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlFence();
}
