using System.Data;
using System.Data.Common;
using Dlt.Json;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Sources.Cursors;

/// <summary>Whole runs with a cursor into a local account.</summary>
public sealed class IncrementalRunTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LocalAthena _account;
    private int _yielded;

    public IncrementalRunTests() => _account = Some.Account(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_load_info_tells_what_came_late()
    {
        await Some.Pipeline(_account).RunAsync(Items("""{"v":5}""", """{"v":9}"""), Cancellation);
        var warnings = new List<string>();
        var info = await Some.Pipeline(_account, warnings: warnings).RunAsync(Items("""{"v":10}""", """{"v":7}"""), Cancellation);
        Assert.Equal([new("items", "v before 9", 1)], info.Changes.Skipped);
        Assert.Contains("\nNot loaded: items: 1 row, v before 9\n", info.ToString(), StringComparison.Ordinal);
        Assert.Contains(warnings, w => w.Contains("1 item(s) before 9", StringComparison.Ordinal));
        info = await Some.Pipeline(_account).RunAsync(Items("""{"v":8}"""), Cancellation);
        Assert.Equal([new("items", "v before 10", 1)], info.Changes.Skipped);   // also without anything to load
        Assert.Equal("5,9,10", await Machine.ValuesAsync(_account, "SELECT v FROM items ORDER BY v"));
    }

    [Fact]
    public async Task Ranges_are_loaded_side_by_side_in_any_order_and_leave_the_daily_run_alone()
    {
        await Some.Pipeline(_account).RunAsync(Items("""{"v":100}"""), Cancellation);
        (int From, int To)[] ranges = [(20, 30), (0, 10), (10, 20)];
        await Task.WhenAll(ranges.Select(async (range, i) =>
        {
            var cursor = new Incremental("v") { InitialValue = range.From, EndValue = range.To };
            string[] all = [.. Enumerable.Range(0, 40).Select(v => $$"""{"v":{{v}}}""")];
            await new Machine(_account, _folder.File($"machine{i}")).Pipeline($"backfill_{i}").RunAsync(
                new Source("pipe", Some.Resource("items", new() { Incremental = cursor }, all)), Cancellation);
        }));
        await Some.Pipeline(_account).RunAsync(Items("""{"v":50}""", """{"v":101}"""), Cancellation);
        Assert.Equal("30 30 29", await Machine.ValuesAsync(
            _account, "SELECT count(*) || ' ' || count(DISTINCT v) || ' ' || max(v) FROM items WHERE v < 50"));
        Assert.Equal("100,101", await Machine.ValuesAsync(_account, "SELECT v FROM items WHERE v >= 50 ORDER BY v"));
    }

    [Fact]
    public async Task A_clock_that_jumps_back_loses_and_doubles_nothing_even_on_another_machine()
    {
        await RunAtAsync(TimeSpan.Zero, "first", """{"v":1}""", """{"v":2}""");
        await RunAtAsync(TimeSpan.FromDays(-400), "first", """{"v":1}""", """{"v":2}""", """{"v":3}""");
        await RunAtAsync(TimeSpan.FromDays(400), "second", """{"v":2}""", """{"v":3}""", """{"v":4}""");
        await RunAtAsync(TimeSpan.Zero, "third", """{"v":3}""", """{"v":4}""", """{"v":5}""");
        Assert.Equal("1,2,3,4,5", await Machine.ValuesAsync(_account, "SELECT v FROM items ORDER BY v"));

        Task RunAtAsync(TimeSpan shift, string machine, params string[] items) => Pipeline.Create(
            "pipe", Athena.Destination(new Machine(_account, _folder.File(machine))), "ds",
            new() { Configuration = Some.Configuration(_account.Folder), Warn = _ => { }, Time = new ShiftedClock(shift) })
            .RunAsync(Items(items), Cancellation);
    }

    [Fact]
    public async Task Decimals_of_a_query_are_recognised_whatever_the_digits_of_the_others()
    {
        await Some.Pipeline(_account).RunAsync(Rows((1, 1.5m), (1, 2.125m)), Cancellation);
        await Some.Pipeline(_account).RunAsync(Rows((1, 1.5m), (1, 3m)), Cancellation);
        Assert.Equal("1.500,2.125,3.000", await Machine.ValuesAsync(_account, "SELECT CAST(d AS decimal(9,3)) FROM items ORDER BY d"));

        static Resource Rows(params (int V, decimal D)[] rows)
        {
            var table = new DataTable { Columns = { { "v", typeof(int) }, { "d", typeof(decimal) } } };
            foreach (var (v, d) in rows) table.Rows.Add(v, d);
            return Resource.FromReader(
                "items", (_, _) => Task.FromResult<DbDataReader>(table.CreateDataReader()), new() { Incremental = new("v") });
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Objects_pass_the_cursor_one_by_one_however_they_are_written(bool hasTransformer)
    {
        for (var run = 0; run < 2; run++)
        {
            _yielded = 0;
            var cursor = new Incremental("V") { InitialValue = 1, EndValue = 4, RowOrder = RowOrder.Asc };
            var things = Resource.Create("things", (context, _) => Things(context), new() { Incremental = cursor });
            var copies = things.Transform<Thing, Thing>("copies", (thing, _, _) => One(thing));
            var source = hasTransformer ? new Source("s", things, copies) : new Source("s", things);
            await Some.Pipeline(_account, $"p{run}").RunAsync(source, Cancellation);
            Assert.Equal(5, _yielded);   // the item beyond the end is the last one that is asked for
        }

        Assert.Equal("1,1,2,2,3,3", await Machine.ValuesAsync(_account, "SELECT v FROM things ORDER BY v"));
        Assert.Equal("2", await Machine.ValuesAsync(_account, "SELECT more FROM things WHERE more IS NOT NULL LIMIT 1"));
    }

    [Fact]
    public async Task Objects_at_the_last_value_are_loaded_once_when_their_values_do_not_fit_into_columns()
    {
        // In a batch, decimals have the digits of their column, and values of other types have no column: both are compared as objects.
        Odd[] first = [new(1, 1.5m, 7), new(1, 2.125m, "x"), new(1, 3m, null)];
        await RunAsync(first);
        await RunAsync([.. first, new(1, 4m, new DateOnly(2024, 1, 2))]);
        await RunAsync([first[1], first[0], new(1, 4m, new DateOnly(2024, 1, 2)), new(2, 1.5m, 7)]);
        Assert.Equal("5", await Machine.ValuesAsync(_account, "SELECT count(*) FROM odd"));

        Task RunAsync(Odd[] items) =>
            Some.Pipeline(_account).RunAsync(Resource.Create("odd", items, new() { Incremental = new("V") }), Cancellation);
    }

    [Fact]
    public async Task A_program_loads_the_interval_of_its_arguments_and_leaves_the_state_alone()
    {
        var cursor = new ResourceHints { Incremental = new("day") { InitialValue = "2024-01-01" } };
        string[] days = ["""{"day":"2024-01-05"}""", """{"day":"2024-02-01"}""", """{"day":"2024-02-29"}""", """{"day":"2024-03-01"}"""];
        string[] args = ["--interval-start", "2024-02-01T00:00:00Z", "--interval-end=2024-03-01T00:00:00Z"];
        Assert.Equal(0, await DltProgram.RunAsync(
            args, stop => Some.Pipeline(_account).RunAsync(Some.Resource("items", cursor, days), stop)));
        Assert.Equal("2024-02-01,2024-02-29", await Machine.ValuesAsync(_account, "SELECT CAST(day AS varchar) FROM items ORDER BY day"));
        await Some.Pipeline(_account).RunAsync(Some.Resource("items", cursor, days), Cancellation);
        Assert.Equal("6", await Machine.ValuesAsync(_account, "SELECT count(*) FROM items"));   // the state did not know the interval
        var hasRun = false;
        Assert.Equal(DltProgram.Failed, await DltProgram.RunAsync(["--interval-start", "2024-02-01"], _ => Task.FromResult(hasRun = true)));
        Assert.False(hasRun);
    }

    private async IAsyncEnumerable<Thing> Things(ResourceContext context)
    {
        await Task.CompletedTask;
        for (var v = 0; v < 100; v++)
        {
            _yielded++;
            yield return v == 2 ? new MoreThing { V = v, More = v } : new Thing { V = v };
            Assert.Equal((v < 1, v >= 4), (context.Cursor!.IsStartOutOfRange, context.Cursor.IsEndOutOfRange));
        }
    }

    private static async IAsyncEnumerable<Thing> One(Thing thing)
    {
        await Task.CompletedTask;
        yield return thing;
    }

    private static Resource Items(params string[] items) => Some.Resource("items", new() { Incremental = new("v") }, items);

    private class Thing
    {
        public long V { get; init; }
    }

    private sealed class MoreThing : Thing
    {
        public int More { get; init; }
    }

    private sealed record Odd(int V, decimal D, object? O);
}
