using Dlt.Json;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Drop;

/// <summary>Packages that are given up leave nothing at the destination, or say what stays.</summary>
public sealed class AbortTests : AccountTests
{
    [Fact, Scenario("X-29")]
    public async Task Rows_that_are_visible_already_go_and_the_next_run_loads_them_again()
    {
        Resource[] Rows(int id) =>
            [Some.Resource("files", $$"""{"id":{{id}}}"""), Some.Resource("commits", Iceberg, $$"""{"id":{{id}}}""")];
        await Some.Pipeline(Account).RunAsync(Rows(1), Cancellation);
        var files = await DataFilesAsync();
        await EndBeforeCommitAsync(Rows(2));
        Assert.Equal("2 2", await CountsAsync());
        var aborted = await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation);
        Assert.Equal((AbortOutcome.Removed, true), (Assert.Single(aborted).Outcome, aborted[0].ReplacedTables.IsEmpty));
        Assert.Equal("1 1", await CountsAsync());
        Assert.Equal(files, await DataFilesAsync());
        Assert.DoesNotContain(
            await Machine.KeysAsync(Account, "ds/_dlt_publish"), k => k.Contains(aborted[0].LoadId, StringComparison.Ordinal));
        Assert.Empty(await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation));

        await Some.Pipeline(Account).RunAsync(Rows(2), Cancellation);
        Assert.Equal("2 2", await CountsAsync());
    }

    [Fact]
    public async Task Rows_that_replaced_the_earlier_ones_stay_and_are_named()
    {
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        Resource[] Rows(int id) =>
        [
            Some.Resource("files", replace, $$"""{"id":{{id}}}"""),
            Some.Resource("commits", replace with { TableFormat = TableFormat.Iceberg }, $$"""{"id":{{id}}}"""),
        ];
        await Some.Pipeline(Account).RunAsync(Rows(1), Cancellation);
        await EndBeforeCommitAsync(Rows(2));
        var aborted = Assert.Single(await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation));
        Assert.Equal("commits,files", string.Join(',', aborted.ReplacedTables.Order(StringComparer.Ordinal)));
        Assert.Equal("1 1", await CountsAsync());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Packages_whose_abort_was_interrupted_are_loaded_by_the_next_run(bool isPartitioned)
    {
        var hints = isPartitioned ? Iceberg with { Partitions = [Partition.Identity("id")] } : Iceberg;
        Resource[] Rows(int id) =>
            [Some.Resource("files", $$"""{"id":{{id}}}"""), Some.Resource("commits", hints, $$"""{"id":{{id}}}""")];
        await Some.Pipeline(Account).RunAsync(Rows(1), Cancellation);
        await EndBeforeCommitAsync(Rows(2));
        await InterruptAbortAsync();
        Assert.Equal("1 1", await CountsAsync());
        await InterruptAbortAsync();
        await Some.Pipeline(Account).RunAsync(Rows(3), Cancellation);
        Assert.Equal("3 3", await CountsAsync());
        Assert.Equal("3", await Some.ValueAsync(Account, "SELECT count(DISTINCT _dlt_load_id) FROM commits"));
        Assert.Equal("3", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_loads"));

        // Snapshots from before the removal still refer to the first file of the second load, so its rows are in another one.
        var data = await Machine.KeysAsync(Account, "ds/commits/data/");
        Assert.Equal(4, data.Count(k => k.EndsWith(".parquet", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rows_that_an_interrupted_abort_left_are_removed_when_it_is_repeated_after_a_run_that_stopped()
    {
        Resource[] Rows(int id) => [Some.Resource("commits", Iceberg, $$"""{"id":{{id}}}""")];
        await Some.Pipeline(Account).RunAsync(Rows(1), Cancellation);
        await EndBeforeCommitAsync(Rows(2));
        await InterruptAbortAsync();
        await EndBeforeCommitAsync(Rows(3));
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT id FROM commits ORDER BY id"));
        Assert.Equal(AbortOutcome.Removed, Assert.Single(
            await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation)).Outcome);
        Assert.Equal("1", await Machine.ValuesAsync(Account, "SELECT id FROM commits"));
    }

    [Fact]
    public async Task Rows_that_replaced_the_earlier_ones_stay_also_when_an_interrupted_abort_is_repeated()
    {
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await Some.Pipeline(Account).RunAsync(Some.Resource("files", replace, """{"id":1}"""), Cancellation);
        await EndBeforeCommitAsync([Some.Resource("files", replace, """{"id":2}""")]);
        await InterruptAbortAsync();
        var aborted = await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation);
        Assert.Equal("files", string.Join(',', Assert.Single(aborted).ReplacedTables));
        Assert.Equal("2", await Machine.ValuesAsync(Account, "SELECT id FROM files"));
    }

    [Fact]
    public async Task A_first_replace_that_was_only_begun_leaves_nothing()
    {
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await EndWhileUploadingAsync(
            [Some.Resource("files", replace, """{"id":1}"""), Some.Resource("more", replace, """{"id":1}""")]);
        var aborted = Assert.Single(await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation));
        Assert.Equal((AbortOutcome.Removed, 0, 0), (aborted.Outcome, aborted.ReplacedTables.Length, aborted.EmptiedTables.Length));
        Assert.Empty(await DataFilesAsync());
    }

    [Fact]
    public async Task Rows_that_another_pipeline_added_after_a_replace_do_not_hide_it()
    {
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await Some.Pipeline(Account).RunAsync(Some.Resource("files", replace, """{"id":1}"""), Cancellation);
        await EndBeforeCommitAsync([Some.Resource("files", replace, """{"id":2}""")]);
        await new Machine(Account).RunAsync(Some.Resource("files", """{"id":3}"""), "another");
        var aborted = Assert.Single(await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation));
        Assert.Equal("files", string.Join(',', aborted.ReplacedTables));
        Assert.Equal("2,3", await Machine.ValuesAsync(Account, "SELECT id FROM files ORDER BY id"));
    }

    [Fact]
    public async Task Partitions_that_the_load_listed_in_Glue_go()
    {
        var hints = new ResourceHints
        {
            Partitions = [Partition.Identity("id")],
            Additional = [new("x-athena-hive-partitions", JsonValue.String("glue"))],
        };
        await Some.Pipeline(Account).RunAsync([Some.Resource("files", hints, """{"id":1}""")], Cancellation);
        await EndBeforeCommitAsync([Some.Resource("files", hints, """{"id":2}""")]);
        Assert.Equal("1,2", await PartitionsAsync());
        await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation);
        Assert.Equal("1", await PartitionsAsync());
    }

    [Theory, InlineData("truncate-and-insert", null, "hive"), InlineData(null, RefreshMode.DropData, "hive")]
    [InlineData(null, RefreshMode.DropData, "iceberg")]
    public async Task Tables_that_the_load_had_emptied_are_named(string? hiveReplace, RefreshMode? refresh, string format)
    {
        var hints = new ResourceHints
        {
            TableFormat = Some.Format(format),
            WriteDisposition = hiveReplace is null ? WriteDisposition.Append : WriteDisposition.Replace,
        };
        (string, string)[] settings = hiveReplace is null ? [] : [("DESTINATION__ATHENA__HIVE_REPLACE", hiveReplace)];
        await new Machine(Account).Pipeline(settings: settings)
            .RunAsync([Some.Resource("files", hints, """{"id":1}"""), Some.Resource("others", """{"id":1}""")], Cancellation);
        await EndWhileUploadingAsync([Some.Resource("files", hints, """{"id":2}""")], refresh, settings);
        var aborted = Assert.Single(
            await new Machine(Account).Pipeline(settings: settings).AbortPackagesAsync(cancellationToken: Cancellation));
        Assert.Equal("0", await Some.ValueAsync(Account, "SELECT count(*) FROM files"));
        Assert.Equal((AbortOutcome.Removed, 0), (aborted.Outcome, aborted.ReplacedTables.Length));
        Assert.Equal("files", string.Join(',', aborted.EmptiedTables));
    }

    [Fact]
    public async Task Objects_stay_where_the_caller_wants_it()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("files", """{"id":1}"""), Cancellation);
        await EndBeforeCommitAsync([Some.Resource("files", """{"id":2}""")]);
        var aborted = Assert.Single(await Some.Pipeline(Account).AbortPackagesAsync(keepsObjects: true, cancellationToken: Cancellation));
        Assert.Equal(AbortOutcome.Kept, aborted.Outcome);
        Assert.Equal("2", await Some.ValueAsync(Account, "SELECT count(*) FROM files"));
        Assert.Equal(0, Machine.Pending(Account));
    }

    [Fact]
    public async Task A_load_that_was_complete_stays_complete()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("files", """{"id":1}"""), Cancellation);
        await EndAtAsync([Some.Resource("files", """{"id":2}""")], isLastDone: true);
        var aborted = Assert.Single(await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation));
        Assert.Equal(AbortOutcome.Committed, aborted.Outcome);
        await Some.Pipeline(Account).RunAsync(Some.Resource("files", """{"id":3}"""), Cancellation);
        Assert.Equal("1,2,3", await Machine.ValuesAsync(Account, "SELECT id FROM files ORDER BY id"));
    }

    private Task EndBeforeCommitAsync(Resource[] resources) => EndAtAsync(resources, isLastDone: false);

    /// <summary>Runs the pipeline; its process ends at the commit of the load.</summary>
    private async Task EndAtAsync(Resource[] resources, bool isLastDone)
    {
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            if (method != nameof(IGlueCatalog.UpdateTableAsync) || given.OfType<GlueTableInput>().First().Name != "_dlt_loads")
                return call();
            if (isLastDone) ((Task)call()!).GetAwaiter().GetResult();
            throw new Steps.EndedException();
        });
        await Assert.ThrowsAnyAsync<Exception>(() => new Machine(Account, glue: glue).Pipeline().RunAsync(resources, Cancellation));
        Assert.Equal(1, Machine.Pending(Account));
    }

    /// <summary>Runs the pipeline; its process ends when it uploads a file.</summary>
    private async Task EndWhileUploadingAsync(Resource[] resources, RefreshMode? refresh = null, params (string, string)[] settings)
    {
        var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
        {
            var isData = method == nameof(IObjectStore.UploadAsync)
                && ((ObjectLocation)given[0]!).Key.StartsWith("ds/files/", StringComparison.Ordinal);
            if (isData) ((Task)call()!).GetAwaiter().GetResult();
            return isData ? throw new Steps.EndedException() : call();
        });
        var pipeline = new Machine(Account, objects: objects).Pipeline(refresh: refresh, settings: settings);
        await Assert.ThrowsAnyAsync<Exception>(() => pipeline.RunAsync(resources, Cancellation));
        Assert.Equal(1, Machine.Pending(Account));
    }

    /// <summary>Gives up the packages; the process ends before the publish object is removed.</summary>
    private async Task InterruptAbortAsync()
    {
        var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
            method == nameof(IObjectStore.TryDeleteAsync)
            && ((ObjectLocation)given[0]!).Key.Contains("_dlt_publish", StringComparison.Ordinal)
                ? throw new Steps.EndedException() : call());
        await Assert.ThrowsAsync<Steps.EndedException>(
            () => new Machine(Account, objects: objects).Pipeline().AbortPackagesAsync(cancellationToken: Cancellation));
        Assert.Equal(1, Machine.Pending(Account));
    }

    private async Task<string> PartitionsAsync() => string.Join(",", await Account.Glue.GetPartitionsAsync("ds", "files", Cancellation)
        .Select(p => string.Join("/", p.Values)).Order().ToListAsync(Cancellation));

    private async Task<string?> CountsAsync() =>
        await Some.ValueAsync(Account, "SELECT (SELECT count(*) FROM files) || ' ' || (SELECT count(*) FROM commits)");

    /// <summary>Data files of the external table.</summary>
    private async Task<List<string>> DataFilesAsync() => await Machine.KeysAsync(Account, "ds/files/");
}
