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
using Dlt.Configuration;
using Dlt.Json;

// Arguments of the program's own, beside --local, --quiet, --debug and --help: new("--since <day>", "Where to begin."). Unknown ones
// are refused.
ProgramOption[] options =
[
    // region offline
    new("--offline", "Serve the answers of the API from sample files."),
    // endregion offline
];

return await DltProgram.RunAsync(args, async cancellationToken =>
{
    var configuration = DltConfiguration.Load();
    // region offline
    await using var api = args.Contains("--offline") ? SampleApi.Start() : null;
    // endregion offline
    var chess = new Chess(
        // region offline
        api?.Url ??
        // endregion offline
        configuration.GetString("sources.chess.base_url") ?? "https://api.chess.com/pub/",
        // region offline
        api is not null ? api.Url + "callback/user/popup/" :
        // endregion offline
        configuration.GetString("sources.chess.popup_url") ?? "https://www.chess.com/callback/user/popup/");

    // LocalAthena.From(args) is null without --local: then the destination is AWS.
    var account = LocalAthena.From(args, configuration);
    var pipeline = Pipeline.Create("chess_pipeline", Athena.Destination(account), dataset: "chess_players_games_data",
        new() { Progress = TerminalProgress.From(args), Configuration = configuration });

    var source = chess.Source(["garrykasparov", "deepblue", "lachesisq", "chefshouse"], startMonth: "1997/05", endMonth: "2023/04");
    Console.WriteLine($"Loading profiles and games of 4 players from {chess.Address}");
    var load = await pipeline.RunAsync(source.WithResources("players_games", "players_profiles"), cancellationToken);
    Console.WriteLine(load);
    if (!load.RowCounts.ContainsKey("players_games")) Console.WriteLine("No new games: players_games has seen all archives; the "
        + "profiles were replaced.");

    Console.WriteLine();
    Console.WriteLine(await Athena.QueryAsync(
        "chess_players_games_data",
        """
        SELECT white__username AS white, count(*) AS games, count(DISTINCT uuid) AS different_games, max(end_time) AS last_game
        FROM players_games GROUP BY 1 ORDER BY 2 DESC, 1
        """,
        account, configuration, cancellationToken));
}, options);

/// <summary>The source: resources over the published-data API of chess.com.</summary>
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

    /// <summary>The games of all months in the range; a month that was loaded before is not asked for again.</summary>
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

// region offline
/// <summary>Serves the sample answers in the folder chess/ on a free port of this machine, for --offline.</summary>
sealed class SampleApi : IAsyncDisposable
{
    private readonly System.Net.HttpListener _listener;
    private readonly Task _serving;

    private SampleApi(System.Net.HttpListener listener, string url, string folder)
    {
        (_listener, Url) = (listener, url);
        _serving = Task.Run(() => ServeAsync(folder));
    }

    public string Url { get; }

    public static SampleApi Start([CallerFilePath] string thisFile = "")
    {
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
            probe.Start();
            var port = ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var listener = new System.Net.HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return new(listener, $"http://127.0.0.1:{port}/pub/", Path.Combine(Path.GetDirectoryName(thisFile)!, "chess"));
            }
            catch (System.Net.HttpListenerException) when (attempt < 10)
            {
                // Somebody else took the port in between.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync(string folder)
    {
        try
        {
            while (true)
            {
                var call = await _listener.GetContextAsync();
                var file = Path.Combine(folder, call.Request.Url!.AbsolutePath.TrimStart('/') + ".json");
                call.Response.StatusCode = File.Exists(file) ? 200 : 404;
                if (File.Exists(file)) await call.Response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(file));
                call.Response.Close();
            }
        }
        catch (Exception error) when (error is System.Net.HttpListenerException or ObjectDisposedException)
        {
            // The program ends.
        }
    }
}
// endregion offline
