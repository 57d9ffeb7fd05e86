using System.Diagnostics;
using System.Globalization;
using Dlt.Configuration;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Dlt.Bench;

/// <summary>
/// Rows from user code into the local account: objects, a data reader, many small pages of JSON. The whole pipeline counts, start of the
/// process and first compilation aside.
/// </summary>
internal static class UserRows
{
    private const int PageItems = 100;

    private static List<string> _lines = [];

    private sealed record Event(
        long Id, int UserId, string Kind, string Country, string Url, double Amount, double Score, bool IsMobile, DateTimeOffset CreatedAt,
        int Duration, string Session, long? Referrer);

    public static void Run(int rows)
    {
        var folder = Directory.CreateTempSubdirectory("dlt-bench-rows-").FullName;
        try
        {
            _lines = ["| rows from | rows | in all | by processor time |", "| --- | --- | --- | --- |"];
            var database = Path.Combine(folder, "events.db");
            Fill(database, rows);
            List<Event> events = [.. Events(rows)];
            Measure("objects, 12 properties", folder, rows, () => Resource.Create("events", events.ToAsyncEnumerable()));
            Measure("the same with a cursor", folder, rows,
                () => Resource.Create("events", events.ToAsyncEnumerable(), new() { Incremental = new("Id") }));
            var first = events.GetRange(0, rows / 5);
            events.Clear();
            List<Dictionary<string, object?>> nested = [.. first.Select(e => new Dictionary<string, object?>
            {
                ["id"] = e.Id, ["at"] = e.CreatedAt, ["user"] = new Dictionary<string, object?>
                { ["id"] = e.UserId, ["country"] = e.Country },
                ["page"] = new Dictionary<string, object?> { ["url"] = e.Url, ["amount"] = e.Amount },
            })];
            Measure("dictionaries of dictionaries, 6 values", folder, rows / 5,
                () => Resource.Create("events", nested.ToAsyncEnumerable()));
            nested.Clear();
            Measure("data reader (SQLite), 12 columns", folder, rows,
                () => Resource.FromReader("events", (_, stop) => ReadAsync(database, stop)));
            Measure("the same with a cursor", folder, rows,
                () => Resource.FromReader("events", (_, stop) => ReadAsync(database, stop), new() { Incremental = new("id") }));
            if (Environment.GetEnvironmentVariable("DLT_BENCH_POSTGRES") is { } server)
            {
                Measure("data reader (PostgreSQL), 12 columns", folder, rows, () => Resource.FromReader("events", async (_, stop) =>
                {
                    var connection = new NpgsqlConnection(server);
                    await connection.OpenAsync(stop).ConfigureAwait(false);
                    var command = new NpgsqlCommand(PostgresRows(rows), connection);
                    return await command.ExecuteReaderAsync(System.Data.CommandBehavior.CloseConnection, stop).ConfigureAwait(false);
                }));
            }

            var pages = Pages(rows / 5);
            Measure("pages of JSON, 100 items each", folder, rows / 5, () => Resource.Create("events", pages));
            Measure("the same with a cursor", folder, rows / 5,
                () => Resource.Create("events", pages, new() { Incremental = new("CreatedAt") }));
        }
        finally
        {
            Results.Append(3, _lines);
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string what, string folder, int rows, Func<Resource> resource)
    {
        var rates = new List<(double PerSecond, double PerCore)>();
        for (var round = 0; round < 4; round++)
        {
            var work = Path.Combine(folder, "work");
            var context = new RunContext(work, Path.Combine(work, "global"), Environment.GetEnvironmentVariable);
            var configuration = DltConfiguration.Load(context);
            var clock = Stopwatch.StartNew();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            Pipeline.Create("rows", Athena.Destination(LocalAthena.Open(configuration)), "ds",
                new() { Configuration = configuration, Warn = _ => { } }).RunAsync(resource()).GetAwaiter().GetResult();
            if (round > 0)
                rates.Add((rows / clock.Elapsed.TotalSeconds, rows / (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds));
            Directory.Delete(work, recursive: true);
        }

        rates.Sort();
        _lines.Add(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {rows:N0} | {rates[1].PerSecond / 1e6:F2} M rows/s | {rates[1].PerCore / 1e6:F2} M rows/s a core |"));
        Console.WriteLine(_lines[^1]);
    }

    private static async Task<System.Data.Common.DbDataReader> ReadAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection("Data Source=" + database);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM events";
        return await command.ExecuteReaderAsync(System.Data.CommandBehavior.CloseConnection, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<Event> Events(int rows)
    {
        var random = new Random(7);
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        string[] kinds = ["click", "view", "buy", "search"], countries = ["de", "us", "fr", "in", "br"];
        for (var i = 0; i < rows; i++)
        {
            yield return new(
                i, random.Next(100_000), kinds[random.Next(4)], countries[random.Next(5)], "https://example.com/p/" + random.Next(10_000),
                Math.Round(random.NextDouble() * 100, 2), random.NextDouble(),
                random.Next(2) == 0, start.AddMilliseconds(i * 37L), random.Next(1000), "s" + random.Next(1_000_000),
                random.Next(3) == 0 ? null : random.Next());
        }
    }

    private static List<RawJson> Pages(int rows) =>
        [.. Events(rows).Chunk(PageItems)
            .Select(page => new RawJson(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(page), "memory"))];

    /// <summary>The same columns, made by the server.</summary>
    private static string PostgresRows(int rows) => string.Create(CultureInfo.InvariantCulture, $"""
        SELECT i::bigint AS id, (random() * 100000)::int AS user_id,
          (ARRAY['click', 'view', 'buy', 'search'])[1 + i % 4] AS kind, (ARRAY['de', 'us', 'fr', 'in', 'br'])[1 + i % 5] AS country,
          'https://example.com/p/' || i % 10000 AS url, random() * 100 AS amount, random() AS score,
          i % 2 = 0 AS is_mobile, timestamptz '2024-01-01Z' + i * interval '37 ms' AS created_at,
          i % 1000 AS duration, 's' || i AS session, CASE WHEN i % 3 = 0 THEN NULL ELSE i::bigint END AS referrer
        FROM generate_series(1, {rows}) AS i
        """);

    private static void Fill(string database, int rows)
    {
        using var connection = new SqliteConnection("Data Source=" + database);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE events (id INTEGER, user_id INTEGER, kind TEXT, country TEXT, url TEXT, amount REAL, "
            + "score REAL, is_mobile INTEGER, created_at TEXT, duration INTEGER, session TEXT, referrer INTEGER)";
        command.ExecuteNonQuery();
        using var transaction = connection.BeginTransaction();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO events VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        for (var i = 0; i < 12; i++) command.Parameters.AddWithValue($"${i}", DBNull.Value);
        foreach (var e in Events(rows))
        {
            object?[] values = [e.Id, e.UserId, e.Kind, e.Country, e.Url, e.Amount, e.Score, e.IsMobile ? 1 : 0,
                e.CreatedAt.ToString("O", CultureInfo.InvariantCulture), e.Duration, e.Session, e.Referrer];
            for (var i = 0; i < 12; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
