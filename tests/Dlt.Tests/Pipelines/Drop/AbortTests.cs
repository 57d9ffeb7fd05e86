using Dlt.Lake;
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

    private async Task<string?> CountsAsync() =>
        await Some.ValueAsync(Account, "SELECT (SELECT count(*) FROM files) || ' ' || (SELECT count(*) FROM commits)");

    /// <summary>Data files of the external table.</summary>
    private async Task<List<string>> DataFilesAsync() => await Machine.KeysAsync(Account, "ds/files/");
}
