using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Dlt.Cli.Loading;
using Dlt.Destinations.Queries;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Costs;

/// <summary>What queries cost: bytes that they scanned, and the price of a terabyte.</summary>
public sealed class QueryCostTests : IDisposable
{
    private const long Megabyte = 1024 * 1024;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("eu-central-1", 1024 * 1024 * Megabyte, true, 5.0)]
    [InlineData("sa-east-1", 1024 * 1024 * Megabyte, true, 9.0)]
    [InlineData("eu-central-1", 1024 * Megabyte + 1, true, 5.0 * 1025 / (1024 * 1024))]
    [InlineData("eu-central-1", 1, true, 5.0 * 10 / (1024 * 1024))]
    [InlineData("eu-central-1", 0, true, 5.0 * 10 / (1024 * 1024))]
    [InlineData("eu-central-1", 1024 * Megabyte, false, 0.0)]
    [InlineData("xx-nowhere-1", 1024 * Megabyte, true, null)]
    [InlineData("xx-nowhere-1", 1024 * Megabyte, false, 0.0)]
    [InlineData(null, Megabyte, true, null)]
    public void A_query_costs_its_megabytes_and_at_least_ten(string? region, long bytes, bool isBilled, double? cost)
    {
        var found = QueryPrice.Of(region).Of(new(bytes, isBilled));
        Assert.Equal(cost is null, found is null);
        if (cost is { } dollars) Assert.Equal(dollars, (double)found!.Value, 10);
    }

    [Theory]
    [InlineData("SUCCEEDED", "DML", false, 3221225472, null, 3221225472, 5.0 * 3 / 1024)]
    [InlineData("SUCCEEDED", "DML", false, 3221225472, 8.0, 3221225472, 8.0 * 3 / 1024)]
    [InlineData("SUCCEEDED", "DDL", false, 0, null, 0, 0.0)]
    [InlineData("SUCCEEDED", "DML", true, 0, null, 0, 0.0)]
    public async Task The_result_of_a_query_says_what_it_cost(
        string state, string type, bool isReused, long scanned, double? price, long bytes, double cost)
    {
        await using var server = Server(_ => Execution(state, type, scanned, isReused));
        await using var account = Moto.Open(server.Url);
        var options = new AthenaOptions { PricePerTerabyte = (decimal?)price };
        var table = await Dlt.Athena.QueryAsync("ds", "SELECT 1", account, options: options, cancellationToken: Cancellation);
        Assert.Equal((1, bytes), (table.Usage.Queries, table.Usage.BytesScanned));
        Assert.Equal(cost, (double)table.Usage.EstimatedCost!.Value, 10);
    }

    [Theory, InlineData("FAILED", 0.0), InlineData("CANCELLED", 5.0 * 3 / 1024)]
    public async Task A_query_that_was_stopped_costs_what_it_had_scanned_and_a_failed_one_nothing(string state, double cost)
    {
        await using var server = Server(_ => Execution(state, "DML", 3221225472));
        await using var account = Moto.Open(server.Url);
        var athena = MeteredAthena.Of(account, null);
        await Assert.ThrowsAsync<AthenaQueryException>(() => athena.ExecuteAsync(new("INSERT INTO t SELECT 1"), Cancellation));
        Assert.Equal((1, 3221225472), (athena.Usage.Queries, athena.Usage.BytesScanned));
        Assert.Equal(cost, (double)athena.Usage.EstimatedCost!.Value, 10);
    }

    [Fact]
    public async Task A_query_that_the_caller_gives_up_counts_what_it_had_scanned()
    {
        using var stop = new CancellationTokenSource();
        var calls = new ConcurrentQueue<string>();
        await using var server = Server(operation =>
        {
            calls.Enqueue(operation);
            if (operation == "GetQueryExecution") stop.Cancel();
            return Execution(calls.Contains("StopQueryExecution") ? "CANCELLED" : "RUNNING", "DML", 2 * Megabyte);
        });
        await using var account = Moto.Open(server.Url);
        var athena = MeteredAthena.Of(account, 1024);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => athena.ExecuteAsync(new("SELECT 1"), stop.Token));
        Assert.Equal(new(1, 2 * Megabyte, 10m / 1024), athena.Usage);
    }

    [Theory, InlineData("glue", 0), InlineData("athena", 5)]
    public async Task A_load_says_the_queries_that_it_started(string ddl, int queries)
    {
        var machine = new Machine(Some.Account(_folder));
        var info = await machine.RunAsync(Some.Resource("items", """{"id":1}"""), settings: ("DESTINATION__ATHENA__DDL", ddl));
        Assert.Equal(new(queries, 0, 0), info.Queries);
        Assert.Equal(queries > 0, info.ToString().Contains("Queries: 5 queries, 0 bytes scanned, about $0.00", StringComparison.Ordinal));
        Assert.Equal(
            $$"""{"count":{{queries}},"bytes_scanned":0,"estimated_cost":0.0}""", JsonText.Write(LoadInfoJson.Of(info)["queries"]!));
        var trace = JsonParser.Parse(await File.ReadAllBytesAsync(
            Path.Combine(machine.PipelinesFolder, "pipe", "trace.json"), Cancellation));
        var load = trace["steps"]!.Items.Single(s => s["step"]!.AsString() == "load")["step_info"]!;
        Assert.Equal(queries == 0 ? null : queries, load["queries"]?["count"]?.AsInt64());
    }

    [Theory, InlineData("false", 4), InlineData("true", 6)]
    public async Task Statements_of_a_first_run_are_as_many_as_the_page_says(string isForced, int more)
    {
        var machine = new Machine(Some.Account(_folder));
        (string, string)[] settings = [("DESTINATION__ATHENA__DDL", "athena"), ("DESTINATION__ATHENA__FORCE_ICEBERG", isForced)];
        var items = Some.Resource("items", """{"id":1,"parts":[{"a":1}],"notes":[{"b":1}]}""");
        Assert.Equal(3 + more, (await machine.RunAsync(items, settings: settings)).Queries.Queries);
        Assert.Equal(0, (await machine.RunAsync(items, settings: settings)).Queries.Queries);
        var page = await File.ReadAllTextAsync(Path.Combine(Tool.Repository, "docs", "costs.md"), Cancellation);
        Assert.Contains($"T + {more}", page.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_the_prices_of_all_regions()
    {
        var page = File.ReadAllLines(Path.Combine(Tool.Repository, "docs", "costs.md"));
        var rows = page.Where(l => Regex.IsMatch(l, @"^\| \d+\.\d\d \|"));
        var listed = rows.Select(r => r.Split('|', StringSplitOptions.TrimEntries)).SelectMany(
            r => r[2].Split(", ").Select(region => (Region: region.Trim('`'), Price: decimal.Parse(r[1], CultureInfo.InvariantCulture))));
        Assert.Equal(
            QueryPrice.Regions.Select(r => (r.Key, r.Value)).OrderBy(r => r.Key, StringComparer.Ordinal),
            listed.OrderBy(r => r.Region, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1, 0, 0.0, "1 query, 0 bytes scanned, about $0.00")]
    [InlineData(2, 1536, null, "2 queries, 1.5 KB scanned")]
    [InlineData(3, 1649267441664, 7.5, "3 queries, 1.5 TB scanned, about $7.50")]
    [InlineData(3, 10485760, 0.00004768, "3 queries, 10 MB scanned, about $0.000048")]
    public void Usage_is_a_text_for_people(int queries, long bytes, double? cost, string text) =>
        Assert.Equal(text, new QueryUsage(queries, bytes, (decimal?)cost).ToString());

    [Fact]
    public void The_price_of_several_datasets_is_unknown_when_one_is() =>
        Assert.Equal(new(3, 30, null), QueryUsage.Sum([new(1, 10, 0.5m), new(2, 20, null)]));

    private static JsonValue Execution(string state, string type, long scanned, bool isReused = false) => JsonValue.Object(
        ("QueryExecutionId", JsonValue.String("q")),
        ("StatementType", JsonValue.String(type)),
        ("Status", JsonValue.Object(("State", JsonValue.String(state)))),
        ("Statistics", JsonValue.Object(
            ("DataScannedInBytes", JsonValue.Integer(scanned)),
            ("ResultReuseInformation", JsonValue.Object(("ReusedPreviousResult", JsonValue.Bool(isReused)))))));

    /// <summary>Answers the calls of one query.</summary>
    /// <param name="execution">The query as it is at a call, by the operation.</param>
    private static LoopbackServer Server(Func<string, JsonValue> execution) => new(async (call, _) =>
    {
        var operation = call.Request.Headers["X-Amz-Target"]!["AmazonAthena.".Length..];
        var now = execution(operation);
        await LoopbackServer.WriteAsync(call, JsonText.Write(operation switch
        {
            "StartQueryExecution" => JsonValue.Object(("QueryExecutionId", JsonValue.String("q"))),
            "GetQueryExecution" => JsonValue.Object(("QueryExecution", now)),
            _ => JsonValue.EmptyObject,
        }));
    });
}
