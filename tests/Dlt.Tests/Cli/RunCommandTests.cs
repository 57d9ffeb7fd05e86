using System.Text.RegularExpressions;
using Dlt.Json;
using Dlt.Tests.Docs;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>The commands that run a file, on the first file of docs/pipeline-yaml.md.</summary>
public sealed partial class RunCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_file_of_the_documentation_is_checked_planned_and_run()
    {
        await using var api = ShopServer.Start();
        _folder.Write("pipeline.yaml", Documented(api.Url));
        _folder.Write(".dlt/secrets.toml", "[sources.shop.credentials]\ntoken = \"t0ken-1\"\n");
        var check = (await Run("source", "check", "pipeline.yaml")).Succeeded();
        Assert.Contains("Table orders: append, 2 row(s)\n    id bigint\n    country string\n", check, StringComparison.Ordinal);
        var plan = (await Run("plan", "--local")).Succeeded();
        Assert.Contains("- orders: new table, append: 2 rows", plan, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File(".dlt-local")));
        var info = JsonParser.Parse((await Run("run", "--local", "--output", "json")).Succeeded());
        Assert.Equal((2, 2), (info["rows"]!["orders"]!.AsInt64(), info["rows"]!["customers"]!.AsInt64()));
    }

    [Fact]
    public async Task Errors_of_a_file_have_its_place_and_load_nothing()
    {
        _folder.Write("pipeline.yaml", "pipeline: shop\nstreams:\n  - rest_apy: {}\n");
        var result = await Run("run", "--local");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("pipeline.yaml, line 3, column 5: 'streams[0]' has the unknown key 'rest_apy'. The nearest one is 'rest_api'.",
            result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File(".dlt-local")));
    }

    [Fact]
    public async Task A_stream_that_fails_says_which_are_loaded()
    {
        await using var api = ShopServer.Start();
        _folder.Write("two.yaml", $$"""
            pipeline: two
            streams:
              - name: first
                rest_api: {client: {base_url: "{{api.Url}}"}, resources: [orders]}
              - name: second
                rest_api: {client: {base_url: "{{api.Url}}", auth: bearer}, resources: [orders]}
            """);
        var result = await Run("run", "two.yaml", "--local", "--quiet");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Stream 1 of 2, first:", result.Output, StringComparison.Ordinal);
        Assert.Contains("Stream 'second' failed: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("Loaded are first; streams after it were not run.", result.Error, StringComparison.Ordinal);
    }

    private static string Documented(string url)
    {
        var page = File.ReadAllText(Path.Combine(Tool.Repository, "docs", "pipeline-yaml.md"));
        var file = YamlFence().Match(page).Groups[1].Value;
        Assert.Contains("https://api.example.com/v1/", file, StringComparison.Ordinal);
        return file.Replace("https://api.example.com/v1/", url, StringComparison.Ordinal);
    }

    private Task<ToolResult> Run(params string[] arguments) => DltCommand.RunAsync(_folder.Path, arguments);

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlFence();
}
