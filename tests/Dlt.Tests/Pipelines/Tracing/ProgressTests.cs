using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Tracing;

/// <summary>What a display learns of a run: rows and bytes, what remains, and waits.</summary>
public sealed class ProgressTests : AccountTests
{
    private readonly Recorded _display = new();
    private readonly List<string> _warnings = [];

    [Fact]
    public async Task Each_step_tells_rows_bytes_and_what_remains()
    {
        var items = Enumerable.Range(0, 500).Select(i => Some.Item($$"""{"id":{{i}}}""")).ToArray();
        await RunAsync(Resource.Create("Orders", (context, _) => PagesAsync(context)));
        string[] steps = ["Extract", "Normalize", "Load"];
        foreach (var step in steps)
        {
            Assert.Equal(1000, _display.Added.Where(a => a.Step == step && a.Table == "orders").Sum(a => a.Rows));
            Assert.True(_display.Added.Where(a => a.Step == step && a.Table == "orders").Sum(a => a.Bytes) > 0, step);
            var last = _display.Advanced.Last(a => a.Step == step && a.Table == "orders");
            Assert.Equal(last.Total, last.Done);
        }

        Assert.Equal([(1, 2), (2, 2)], _display.Advanced.Where(a => a.Step == "Extract").Select(a => ((int)a.Done, (int)a.Total!)));

        async IAsyncEnumerable<JsonValue> PagesAsync(ResourceContext context)
        {
            await Task.CompletedTask;
            for (var page = 1; page <= 2; page++)
            {
                context.Progress(page, 2);
                yield return JsonValue.Array([.. items]);
            }
        }
    }

    [Theory, InlineData(true, 1), InlineData(false, 0)]
    public async Task A_wait_of_a_request_is_shown_and_a_long_one_is_a_warning_too(bool isLong, int warnings)
    {
        await using var server = new LoopbackServer(async (call, number) =>
        {
            if (number > 1)
            {
                await LoopbackServer.WriteAsync(call, """{"id":1}""");
                return;
            }

            call.Response.StatusCode = 429;
            call.Response.Headers["Retry-After"] = isLong ? "7" : "1";
        });
        await RunAsync(Resource.Create("items", (context, stop) => ReadAsync(context, server.Url, stop)));
        var wait = Assert.Single(_display.Waits);
        Assert.Equal(isLong ? 7 : 1, (int)wait.Time.TotalSeconds);
        Assert.Contains("answered 429 Too Many Requests. That was attempt 1 of 5", wait.Reason, StringComparison.Ordinal);
        Assert.Equal(warnings, _warnings.Count);

        static async IAsyncEnumerable<JsonValue> ReadAsync(
            ResourceContext context, string url, [EnumeratorCancellation] CancellationToken stop)
        {
            yield return await context.Http.GetJsonAsync(url + "/items", stop);
        }
    }

    [Fact]
    public async Task Rows_that_a_contract_drops_are_told_and_so_is_the_query_of_rejects()
    {
        var hints = new ResourceHints { SchemaContract = new() { Columns = ContractMode.DiscardRow } };
        await RunAsync(Some.Resource("orders", """{"id":1}"""));
        var next = Some.Resource("orders", hints, """{"id":2,"x":1}""", """{"id":3}""", """{"id":4,"y":1}""");
        var info = await RunAsync(next);
        Assert.Equal([new DiscardedRows("orders", 2)], info.Changes.Discarded);
        Assert.Contains("Discarded: 2 rows of orders, by its contract, and kept nowhere", info.ToString(), StringComparison.Ordinal);
        Assert.Null(info.RejectsQuery);
        info = await RunAsync(Some.Resource("orders", hints, """{"id":5,"x":1}"""), keepRejects: true);
        Assert.Empty(info.Changes.Discarded);   // it is among the rejects
        var id = Assert.Single(info.Packages).LoadId;
        Assert.Equal($"dlt query ds \"SELECT * FROM _dlt_rejected WHERE _dlt_load_id = '{id}' LIMIT 100\" --local", info.RejectsQuery);
        Assert.Contains($"Rejected rows: {info.RejectsQuery}", info.ToString(), StringComparison.Ordinal);
        var sql = $"SELECT count(*) FROM _dlt_rejected WHERE _dlt_load_id = '{id}'";
        Assert.Equal("1", await Some.ValueAsync(Account, sql));
    }

    private Task<LoadInfo> RunAsync(Resource resource, bool keepRejects = false) =>
        Pipeline.Create("pipe", Dlt.Athena.Destination(Account), "ds", new()
        {
            Configuration = Some.Configuration(Folder.Path),
            Progress = _display,
            Warn = _warnings.Add,
            KeepRejects = keepRejects,
            Time = new NoWaits(),
        }).RunAsync(resource, Cancellation);

    /// <summary>A display that records what it is told.</summary>
    private sealed class Recorded : IProgressDisplay
    {
        private string _step = "";

        public ConcurrentQueue<(string Step, string Table, long Rows, long Bytes)> Added { get; } = new();

        public ConcurrentQueue<(string Step, string Table, long Done, long? Total)> Advanced { get; } = new();

        public ConcurrentQueue<(string Reason, TimeSpan Time)> Waits { get; } = new();

        public void Begin(string step, string what) => _step = step;

        public void Add(string table, long rows, long bytes = 0) => Added.Enqueue((_step, table, rows, bytes));

        public void Advance(string table, long done, long? total) => Advanced.Enqueue((_step, table, done, total));

        public bool Wait(string reason, TimeSpan time)
        {
            Waits.Enqueue((reason, time));
            return false;
        }

        public void End()
        {
        }
    }
}
