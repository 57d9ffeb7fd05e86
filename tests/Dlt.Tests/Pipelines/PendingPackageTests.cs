using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class PendingPackageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_run_that_stopped_half_way_is_finished_by_the_next_which_loads_nothing_twice(bool isNormalised)
    {
        var account = Some.Account(_folder);
        await StopHalfWayAsync(Some.Pipeline(account), isNormalised);
        var warnings = new List<string>();
        var info = await Some.Pipeline(account, warnings: warnings).RunAsync(Items(), Cancellation);
        Assert.Equal(2, info.RowCounts["items"]);
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
        Assert.Contains(warnings, w => w.Contains("Run again", StringComparison.Ordinal));
        await Some.Pipeline(account).RunAsync(Items(), Cancellation);
        Assert.Equal("4", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task A_run_goes_on_to_new_data_when_it_is_told_to()
    {
        var account = Some.Account(_folder);
        await StopHalfWayAsync(Some.Pipeline(account), isNormalised: true);
        var pipeline = Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = Some.Configuration(account.Folder), Warn = _ => { }, ExtractAfterPending = true });
        var info = await pipeline.RunAsync(Items(), Cancellation);
        Assert.Equal(2, info.Packages.Length);
        Assert.Equal("4", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task Load_pending_loads_what_waits_and_nothing_else()
    {
        var account = Some.Account(_folder);
        await StopHalfWayAsync(Some.Pipeline(account), isNormalised: false);
        Assert.Equal(2, (await Some.Pipeline(account).LoadPendingAsync(Cancellation)).RowCounts["items"]);
        Assert.Empty((await Some.Pipeline(account).LoadPendingAsync(Cancellation)).Packages);
    }

    private static Resource Items() => Some.Resource("items", """{"a":1}""", """{"a":2}""");

    private static async Task StopHalfWayAsync(Pipeline pipeline, bool isNormalised)
    {
        await using var run = await pipeline.BeginAsync(Cancellation);
        await run.ExtractAsync(new Source("pipe", Items()), Cancellation);
        if (isNormalised) run.Normalize(Cancellation);
    }
}
