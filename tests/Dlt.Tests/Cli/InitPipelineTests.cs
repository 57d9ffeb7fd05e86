using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>The pipeline of `dlt init`, built from packages in a folder as in the README, against the sample answers on loopback.</summary>
public sealed class InitPipelineTests(PackedFeed feed) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_pipeline_of_init_compiles_from_packages_and_loads_each_game_once()
    {
        var work = _folder.File("work");
        Directory.CreateDirectory(work);
        (await DltCommand.RunAsync(work, "init", "chess", "athena")).Succeeded();
        await feed.AddToAsync(work);

        await using var server = LoopbackServer.OfFolder(Path.Combine(Tool.Repository, "samples", "chess"));
        var environment = PackedFeed.FreshMachine(_folder.File("home"));
        environment["SOURCES__CHESS__BASE_URL"] = server.Url + "/pub/";
        string[] run = ["run", "chess_pipeline.cs", "--", "--local"];
        var first = (await Tool.RunAsync("dotnet", run, work, environment)).Succeeded();
        Assert.Contains("players_games: 14 row(s)", first, StringComparison.Ordinal);
        Assert.Contains("players_profiles: 4 row(s)", first, StringComparison.Ordinal);
        DiskUse.AssertOneProgram(_folder.File("home"));
        var second = (await Tool.RunAsync("dotnet", run, work, environment)).Succeeded();
        Assert.DoesNotContain("players_games: 14", second, StringComparison.Ordinal);
        string[] games = ["query", "chess_players_games_data", "SELECT count(*) AS games FROM players_games", "--local", "--output", "csv"];
        Assert.Equal("games\n14\n", (await DltCommand.RunAsync(work, games)).Succeeded());

        // Without the working folder, state comes back from the destination.
        Directory.Delete(Path.Combine(work, ".dlt-local", "pipelines"), recursive: true);
        (await Tool.RunAsync("dotnet", run, work, environment)).Succeeded();
        Assert.Equal("games,profiles\n14,4\n", (await DltCommand.RunAsync(
            work, "query", "chess_players_games_data", "SELECT (SELECT count(*) FROM players_games) AS games, (SELECT count(*) FROM "
                + "players_profiles) AS profiles", "--local", "--output", "csv")).Succeeded());
    }
}
