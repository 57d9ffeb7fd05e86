using System.Xml.Linq;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>What `dlt init` writes, built from packages in a folder as the README says, against the sample answers on loopback.</summary>
public sealed class InitPipelineTests : IDisposable
{
    private static readonly string[] Packages = ["Dlt.Core", "Dlt.Parquet", "Dlt.Iceberg", "Dlt.Parquet.Reading", "Dlt", "Dlt.Athena", "Dlt.LocalAthena"];

    private readonly TempFolder _folder = new();
    private readonly string _version = $"0.1.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}";

    public void Dispose()
    {
        _folder.Dispose();
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var package in Packages)
        {
            var copy = Path.Combine(cache, package.ToLowerInvariant(), _version);
            if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task The_pipeline_of_init_compiles_from_packages_and_loads_each_game_once()
    {
        await PackAsync();
        var work = _folder.File("work");
        Directory.CreateDirectory(work);
        (await DltCommand.RunAsync(work, "init", "chess", "athena")).Succeeded();
        WriteSources(work);

        await using var server = LoopbackServer.OfFolder(Path.Combine(Tool.Repository, "samples", "chess"));
        var environment = new Dictionary<string, string?> { ["SOURCES__CHESS__BASE_URL"] = server.Url + "/pub/", ["DOTNET_NOLOGO"] = "1" };
        string[] run = ["run", "chess_pipeline.cs", "--", "--local"];
        var first = (await Tool.RunAsync("dotnet", run, work, environment)).Succeeded();
        Assert.Contains("players_games: 14 row(s)", first, StringComparison.Ordinal);
        Assert.Contains("players_profiles: 4 row(s)", first, StringComparison.Ordinal);
        var second = (await Tool.RunAsync("dotnet", run, work, environment)).Succeeded();
        Assert.DoesNotContain("players_games: 14", second, StringComparison.Ordinal);
        Assert.Equal("games\n14\n", (await DltCommand.RunAsync(work, "query", "chess_players_games_data", "SELECT count(*) AS games FROM players_games", "--local", "--output", "csv")).Succeeded());

        // Without the working folder, state comes back from the destination.
        Directory.Delete(Path.Combine(work, ".dlt-local", "pipelines"), recursive: true);
        (await Tool.RunAsync("dotnet", run, work, environment)).Succeeded();
        Assert.Equal("games,profiles\n14,4\n", (await DltCommand.RunAsync(
            work, "query", "chess_players_games_data", "SELECT (SELECT count(*) FROM players_games) AS games, (SELECT count(*) FROM players_profiles) AS profiles", "--local", "--output", "csv")).Succeeded());
    }

    private async Task PackAsync()
    {
        foreach (var package in Packages)
        {
            (await Tool.RunAsync("dotnet",
            [
                "pack", Path.Combine(Tool.Repository, "src", package), "-c", new DirectoryInfo(AppContext.BaseDirectory).FullName.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug",
                "--no-build", "-o", _folder.File("feed"), $"-p:PackageVersion={_version}", "-v", "quiet",
            ])).Succeeded();
        }
    }

    /// <summary>The folder of packages is one more source; the machine's own stay.</summary>
    private void WriteSources(string work) => new XDocument(new XElement("configuration",
        new XElement("packageSources", new XElement("add", new XAttribute("key", "feed"), new XAttribute("value", _folder.File("feed")))))).Save(Path.Combine(work, "nuget.config"));
}
