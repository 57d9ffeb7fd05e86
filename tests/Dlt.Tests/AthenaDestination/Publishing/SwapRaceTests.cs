using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>
/// A swap of an external table while other machines load it, and swaps that end at any call. <c>DLT_KILLS=all</c> tries every call, else
/// every 11th.
/// </summary>
public sealed class SwapRaceTests : AccountTests
{
    private static readonly (string, string) Swap = ("DESTINATION__ATHENA__HIVE_REPLACE", "swap-location");
    private static readonly ResourceHints Replace = new() { WriteDisposition = WriteDisposition.Replace };
    private static readonly int Stride = Environment.GetEnvironmentVariable("DLT_KILLS") == "all" ? 1 : 11;

    /// <summary>A moment of a load at which something happens once, before or after a call.</summary>
    public enum Moment
    {
        /// <summary>After the upload of the first file of the table.</summary>
        Uploaded,

        /// <summary>After the load is recorded as staged, before it looks at the table.</summary>
        Staged,

        /// <summary>Before the row in <c>_dlt_loads</c>.</summary>
        Commit,

        /// <summary>Before the LOCATION changes.</summary>
        Swap,
    }

    [Theory, InlineData(Moment.Uploaded, false), InlineData(Moment.Staged, false), InlineData(Moment.Commit, false)]
    [InlineData(Moment.Uploaded, true), InlineData(Moment.Staged, true), InlineData(Moment.Commit, true)]
    public async Task Rows_that_are_appended_while_another_machine_swaps_the_table_stay(Moment moment, bool isPartitioned)
    {
        await RunAsync(Items(1, Replace, isPartitioned));
        var append = MachineAt(moment, () => RunAsync(Items(2, Replace, isPartitioned), "other"));
        await append.RunAsync(Items(3, new(), isPartitioned));
        Assert.Equal("2,3", await ValuesAsync());
        Assert.Equal(2, await FilesAsync());
        Assert.Contains("_dlt_swap", await LocationAsync(), StringComparison.Ordinal);
    }

    [Theory, InlineData(Moment.Uploaded), InlineData(Moment.Staged), InlineData(Moment.Swap), InlineData(Moment.Commit)]
    public async Task Rows_that_another_machine_appends_while_the_table_is_swapped_stay(Moment moment)
    {
        await RunAsync(Items(1, Replace));
        var seen = "";
        var replace = MachineAt(moment, async () =>
        {
            await RunAsync(Items(2, new()), "other");
            seen = await ValuesAsync();
        });
        await replace.RunAsync(Items(3, Replace), settings: Swap);
        Assert.Equal(moment == Moment.Commit ? "2,3" : "1,2", seen);
        Assert.Equal("2,3", await ValuesAsync());
        Assert.Equal(2, await FilesAsync());
    }

    [Theory, InlineData(Moment.Uploaded, "swap-location"), InlineData(Moment.Swap, "swap-location")]
    [InlineData(Moment.Uploaded, "delete-after"), InlineData(Moment.Swap, "delete-after"), InlineData(Moment.Swap, "truncate-and-insert")]
    public async Task Of_two_replaces_the_later_one_stays(Moment moment, string setting)
    {
        await RunAsync(Items(1, Replace));
        var later = ("DESTINATION__ATHENA__HIVE_REPLACE", setting);
        var other = new Machine(Account, Folder.File("other"));
        var replace = MachineAt(moment, () => other.RunAsync(Items(2, Replace), "other", settings: later));
        await replace.RunAsync(Items(3, Replace), settings: Swap);
        Assert.Equal("2", await ValuesAsync());
        Assert.Equal(1, await FilesAsync());
    }

    [Fact]
    public async Task The_first_swap_of_a_dataset_deletes_afterwards_where_a_load_that_does_not_know_it_is_under_way()
    {
        await new Machine(Account).RunAsync(Items(1, Replace));
        var warnings = new List<string>();
        var append = MachineAt(
            Moment.Uploaded,
            () => new Machine(Account, Folder.File("other")).RunAsync(Items(2, Replace), "other", warnings, settings: Swap));
        await append.RunAsync(Items(3, new()));
        Assert.Equal("2,3", await ValuesAsync());
        Assert.Contains(warnings, w => w.Contains("another load began before this dataset was swapped", StringComparison.Ordinal));
        Assert.Equal("s3://lake/ds/items/", await LocationAsync());
        await RunAsync(Items(4, Replace));
        Assert.Equal("4", await ValuesAsync());
        Assert.Contains("_dlt_swap", await LocationAsync(), StringComparison.Ordinal);
    }

    [Theory, InlineData(true, false), InlineData(false, false), InlineData(true, true), InlineData(false, true)]
    public async Task A_swap_that_ended_at_any_call_is_completed_or_taken_back_by_the_next_run(bool isLastDone, bool isLost)
    {
        var ended = 0;
        for (var end = 1 + (isLastDone ? Stride / 2 : 0); ; end += Stride)
        {
            using var folder = new TempFolder();
            var account = Some.Account(folder);
            await new Machine(account, folder.File("one")).RunAsync(Items(1, Replace), settings: Swap);
            var steps = new Steps { End = end, IsLastDone = isLastDone };
            var machine = new Machine(account, folder.File("one"), steps.Watch(account.Glue), steps.Watch(account.Objects));
            var error = await Record.ExceptionAsync(() => machine.RunAsync(Items(2, Replace), settings: [Swap, Lease]));
            Assert.True(error is null or Steps.EndedException or DltException { InnerException: Steps.EndedException }, $"{error}");
            // A reader finds the rows of one of the replaces, wherever the process ended.
            Assert.Contains(await Machine.ValuesAsync(account, "SELECT id FROM items"), new[] { "1", "2" });
            await new Machine(account, folder.File("appending")).RunAsync(Items(3, new()), "other");
            var next = new Machine(account, folder.File(isLost ? "another" : "one")).Pipeline(settings: [Swap, Lease]);
            if (error is not null) ended++;
            if (isLost) await next.RunAsync(Some.Resource("more", """{"id":1}"""), Cancellation);
            else await next.LoadPendingAsync(Cancellation);
            var rows = await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id");
            var loads = await Machine.ValuesAsync(
                account, "SELECT count(*) FROM items WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads)");
            Assert.True(rows is "1,3" or "2,3" && loads == "0", $"end {end}: {rows} {loads}");
            await using var maintenance = AthenaMaintenance.Open(account, Some.Configuration(folder.Path));
            Assert.DoesNotContain(
                await maintenance.FindOrphansAsync("ds", Cancellation), o => o.Location.Contains("/items/", StringComparison.Ordinal));
            if (error is null) break;
        }

        Assert.True(ended > 2, $"{ended}");
    }

    [Theory, InlineData(true, "1,3"), InlineData(false, "2,3")]
    public async Task A_swap_that_is_aborted_leaves_the_rows_that_readers_see(bool isBefore, string rows)
    {
        await RunAsync(Items(1, Replace));
        var objects = Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            if (method != nameof(IGlueCatalog.UpdateTableAsync) || given.OfType<GlueTableInput>().First().Name != "items") return call();
            if (!isBefore) ((Task)call()!).GetAwaiter().GetResult();
            throw new Steps.EndedException();
        });
        await Assert.ThrowsAsync<Steps.EndedException>(
            () => new Machine(Account, glue: objects).RunAsync(Items(2, Replace), settings: Swap));
        await RunAsync(Items(3, new()), "other");
        var pipeline = new Machine(Account).Pipeline(settings: Swap);
        var aborted = Assert.Single(await pipeline.AbortPackagesAsync(cancellationToken: Cancellation));
        Assert.Equal(isBefore ? [] : ["items"], aborted.ReplacedTables);
        Assert.Equal(rows, await ValuesAsync());
        Assert.Equal(2, await FilesAsync());
    }

    private static readonly (string, string) Lease = ("DESTINATION__ATHENA__LEASE", "1");

    private static Resource Items(int id, ResourceHints hints, bool isPartitioned = false) => Some.Resource(
        "items",
        isPartitioned ? hints with { Partitions = [Partition.Identity("country")] } : hints,
        $$"""{"id":{{id}},"country":"c{{id}}"}""");

    /// <summary>A machine where something happens once at a moment of its load.</summary>
    private Machine MachineAt(Moment moment, Func<Task> happens)
    {
        var (isDone, puts) = (0, 0);
        void Happen()
        {
            if (Interlocked.Exchange(ref isDone, 1) == 0) Task.Run(happens).GetAwaiter().GetResult();
        }

        object? After(Func<object?> call)
        {
            var answer = call();
            ((Task)answer!).GetAwaiter().GetResult();
            Happen();
            return answer;
        }

        var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
        {
            var key = given.OfType<ObjectLocation>().FirstOrDefault()?.Key ?? "";
            var isData = method == nameof(IObjectStore.UploadAsync) && key.StartsWith("ds/items/", StringComparison.Ordinal);
            if (moment == Moment.Uploaded && isData) return After(call);
            var isJournal = method == nameof(IObjectStore.PutAsync) && key.EndsWith(".json", StringComparison.Ordinal)
                && key.Contains("/_dlt_publish/", StringComparison.Ordinal);
            return moment == Moment.Staged && isJournal && ++puts == 2 ? After(call) : call();
        });
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            var table = method == nameof(IGlueCatalog.UpdateTableAsync) ? given.OfType<GlueTableInput>().First().Name : "";
            if (table == (moment == Moment.Commit ? "_dlt_loads" : moment == Moment.Swap ? "items" : "none")) Happen();
            return call();
        });
        return new(Account, glue: glue, objects: objects);
    }

    private Task<LoadInfo> RunAsync(Resource resource, string name = "pipe") =>
        new Machine(Account, Folder.File(name)).RunAsync(resource, name, settings: Swap);

    private Task<string> ValuesAsync() => Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id");

    private async Task<string> LocationAsync() => (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!.Location;

    private async Task<int> FilesAsync()
    {
        var keys = await Machine.KeysAsync(Account, "ds/items/");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', keys));
        return keys.Count(k => k.EndsWith(".parquet", StringComparison.Ordinal));
    }
}
