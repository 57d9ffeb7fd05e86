#!/usr/bin/env dotnet
#:project ../src/Dlt.Athena/Dlt.Athena.csproj
#:project ../src/Dlt.LocalAthena/Dlt.LocalAthena.csproj
#:project ../src/Dlt.Terminal/Dlt.Terminal.csproj
// Without the next line .NET downloads 300 MB more, to prepare the program for native compilation.
#:property PublishAot=false
#:property ManagePackageVersionsCentrally=true

// The chess pipeline: profiles and games of a few players from the chess.com API into Athena tables.
//   dotnet run chess_pipeline.cs -- --local     into the folder .dlt-local, no AWS account needed
//   dotnet run chess_pipeline.cs                into AWS, configured by .dlt/secrets.toml
//   dotnet run chess_pipeline.cs -- --help      prints the arguments
using System.Runtime.CompilerServices;
using Dlt;

return await DltProgram.RunAsync(args, async cancellationToken =>
{
    var configuration = DltConfiguration.Load();
    var chess = new Chess(
        configuration.GetString("sources.chess.base_url") ?? "https://api.chess.com/pub/",
        configuration.GetString("sources.chess.popup_url") ?? "https://www.chess.com/callback/user/popup/");

    // LocalAthena.From(args) is null without --local: then the destination is AWS.
    var account = LocalAthena.From(args, configuration);
    var options = new PipelineOptions
    {
        Configuration = configuration,
        Progress = TerminalProgress.From(args),       // --quiet shows none
        HttpHandler = RecordedAnswers.From(args),     // --offline <folder> answers from files instead of the network
    };
    var pipeline = Pipeline.Create("chess_pipeline", Athena.Destination(account), dataset: "chess_players_games_data", options);

    var source = chess.Source(["garrykasparov", "deepblue", "lachesisq", "chefshouse"], startMonth: "1997/05", endMonth: "2023/04");
    Console.WriteLine($"Loading profiles and games of 4 players from {chess.Address}");
    var load = await pipeline.RunAsync(source.WithResources("players_games", "players_profiles"), cancellationToken);
    Console.WriteLine(load);
    if (!load.RowCounts.ContainsKey("players_games"))
        Console.WriteLine("No new games: players_games has seen all archives; the profiles were replaced.");

    Console.WriteLine();
    Console.WriteLine(await Athena.QueryAsync(
        "chess_players_games_data",
        """
        SELECT white__username AS white, count(*) AS games, count(DISTINCT uuid) AS different_games, max(end_time) AS last_game
        FROM players_games GROUP BY 1 ORDER BY 2 DESC, 1
        """,
        account, configuration, cancellationToken: cancellationToken));
});

/// <summary>A source with resources of the published-data API of chess.com.</summary>
sealed class Chess(string baseUrl, string popupUrl)
{
    private readonly string _baseUrl = baseUrl.TrimEnd('/') + "/";
    private readonly string _popupUrl = popupUrl.TrimEnd('/') + "/";

    public string Address => _baseUrl;

    public Source Source(string[] players, string? startMonth = null, string? endMonth = null)
    {
        Check(startMonth);
        Check(endMonth);
        return new Source(
            "chess", Profiles(players), Archives(players).Unselected(), Games(players, startMonth, endMonth), OnlineStatus(players));
    }

    /// <summary>One row per player; replaced by every run.</summary>
    private Resource Profiles(string[] players) => Resource.Create(
        "players_profiles",
        (context, cancellationToken) => Each(players, player => context.Http.GetJsonAsync($"{_baseUrl}player/{player}", cancellationToken)),
        new() { WriteDisposition = WriteDisposition.Replace, Columns = [Column.Timestamp("last_online"), Column.Timestamp("joined")] });

    /// <summary>The addresses of the months with games.</summary>
    private Resource Archives(string[] players) => Resource.Create(
        "players_archives",
        (context, cancellationToken) =>
            Each(players, async player =>
            (await context.Http.GetJsonAsync($"{_baseUrl}player/{player}/games/archives", cancellationToken))["archives"]!),
        new() { WriteDisposition = WriteDisposition.Replace });

    /// <summary>Who is online now; every run adds a row per player.</summary>
    private Resource OnlineStatus(string[] players) => Resource.Create(
        "players_online_status",
        (context, cancellationToken) => Each(players, async player =>
        {
            var status = await context.Http.GetJsonAsync(_popupUrl + player, cancellationToken);
            return new { username = player, onlineStatus = status["onlineStatus"], lastLoginDate = status["lastLoginDate"],
                check_time = DateTimeOffset.UtcNow };
        }));

    /// <summary>The games of all months in the range. A month that was loaded before is not requested again.</summary>
    private Resource Games(string[] players, string? startMonth, string? endMonth) => Resource.Create(
        "players_games",
        (context, cancellationToken) => NewGames(players, startMonth, endMonth, context, cancellationToken),
        new() { Columns = [Column.Timestamp("end_time")] });

    private async IAsyncEnumerable<JsonValue> NewGames(
        string[] players, string? startMonth, string? endMonth, ResourceContext context,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var player in players)
        {
            var archives = await context.Http.GetJsonAsync($"{_baseUrl}player/{player}/games/archives", cancellationToken);
            foreach (var archive in archives["archives"]!.Items.Select(a => a.AsString()))
            {
                var month = archive[^7..];
                if (string.CompareOrdinal(month, startMonth) < 0 || (endMonth is not null && string.CompareOrdinal(month, endMonth) > 0))
                    continue;
                if (!context.State.TryAddToList("archives", archive)) continue;
                var url = $"{_baseUrl}{archive[(archive.IndexOf("/pub/", StringComparison.Ordinal) + "/pub/".Length)..]}";
                var games = await context.Http.TryGetJsonAsync(url, cancellationToken);   // null: no such month
                if (games is not null) yield return games["games"]!;
            }
        }
    }

    private static async IAsyncEnumerable<T> Each<T>(IEnumerable<string> names, Func<string, Task<T>> get)
    {
        foreach (var answer in names.Select(get).ToArray()) yield return await answer;
    }

    private static void Check(string? month)
    {
        if (month is not null && (month.Length != 7 || month[4] != '/'))
            throw new ArgumentException($"'{month}' is not a month. Write YYYY/MM.");
    }
}
