using System.Text.RegularExpressions;
using Dlt.Json;
using Dlt.Tests.Cli;
using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>docs/tutorial.md, followed with its own files: what it says of each step is so.</summary>
public sealed partial class TutorialTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Tool.Repository, "docs", "tutorial.md"));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_files_of_the_tutorial_load_what_it_says()
    {
        var (files, orders) = (Fences("yaml"), Fences("json"));
        await using var shop = new TutorialShop(_folder);
        _folder.Write("orders.json", orders[0]);
        Describe(files[0], shop);
        var missing = (await Run("source", "check", "pipeline.yaml")).Error;
        Assert.Contains("Missing 1 setting(s): sources.rest_api.shop.credentials.token.", missing, StringComparison.Ordinal);
        Assert.Empty(shop.Asked);

        WriteToken("open-sesam");
        var refused = Fences("text")[0].TrimEnd('\n').TrimEnd('…').Replace("http://localhost:5080", shop.Url, StringComparison.Ordinal);
        var stopped = await Run("source", "check", "pipeline.yaml");
        Assert.Equal(1, stopped.ExitCode);
        Assert.Contains(refused, stopped.Output, StringComparison.Ordinal);
        Assert.Single(shop.Asked);

        WriteToken("open-sesame");
        Assert.Equal("orders 3, orders__lines 3", await LoadAsync());
        Assert.Equal("orders 3, orders__lines 3", await LoadAsync());
        (await Run("pipeline", "shop", "drop", "orders", "--local", "--yes")).Succeeded();

        var head = files[1][..files[1].IndexOf("      resources:", StringComparison.Ordinal)];
        Describe(head + files[2], shop);
        Assert.Equal("orders 3, orders__lines 3, payments 3", await LoadAsync());
        Describe(head + files[3], shop);
        Assert.Equal("orders 3, orders__lines 3, payments 3", await LoadAsync());
        shop.Asked.Clear();
        var fourth = orders[1].Replace("}]}", "}], \"coupon\": \"SPRING\"}", StringComparison.Ordinal);
        _folder.Write("orders.json", $"{orders[0].TrimEnd().TrimEnd(']')}, {fourth}]");
        Assert.Contains("+ column coupon", (await Run("plan", "pipeline.yaml", "--local")).Succeeded(), StringComparison.Ordinal);
        Assert.Equal("orders 1, orders__lines 1, payments 1", await LoadAsync());
        Assert.Contains("/orders?updated_since=2026-01-04T12:00:00Z", shop.Asked);
        Assert.DoesNotContain("/orders/3/payments", shop.Asked);
        var counted = (await Run("query", "shop", "SELECT count(*) AS n FROM orders", "--local", "--output", "json")).Succeeded();
        Assert.Equal(4, JsonParser.Parse(counted)["n"]!.AsInt64());
    }

    private static List<string> Fences(string language) =>
        [.. Fence().Matches(Page).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value)];

    private void Describe(string yaml, TutorialShop shop) =>
        _folder.Write("pipeline.yaml", yaml.Replace("http://localhost:5080", shop.Url, StringComparison.Ordinal));

    private void WriteToken(string token) => _folder.Write(".dlt/secrets.toml", $"[sources.shop.credentials]\ntoken = \"{token}\"\n");

    private async Task<string> LoadAsync()
    {
        var info = JsonParser.Parse((await Run("run", "pipeline.yaml", "--local", "--output", "json")).Succeeded());
        return string.Join(", ", info["rows"]!.Members.Where(m => m.Key[0] != '_').Select(m => $"{m.Key} {m.Value}"));
    }

    private Task<ToolResult> Run(params string[] arguments) => DltCommand.RunAsync(_folder.Path, arguments);

    [GeneratedRegex("^```(\\w+)\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
