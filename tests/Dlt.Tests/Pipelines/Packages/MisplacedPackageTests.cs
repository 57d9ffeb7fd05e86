using Dlt.Destinations;
using Dlt.Internal;
using Dlt.Packages;
using Dlt.Sources.Files;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Packages;

/// <summary>Projects of one user share working folders: pending packages of one project never go to the bucket of another.</summary>
public sealed class MisplacedPackageTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];
    private readonly List<string> _published = [];
    private StoredState? _committed;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_load_that_waits_for_another_bucket_is_given_up_with_both_places(bool isNormalised)
    {
        await LeaveAsync("s3://a/ds", isNormalised);
        var info = await Load("s3://b/ds").RunAsync(Some.Resource("mine", """{"a":1}"""), Cancellation);
        Assert.DoesNotContain("theirs", Assert.Single(info.Packages).RowCounts.Keys);
        Assert.Equal(1, info.RowCounts["mine"]);
        var warning = Assert.Single(_warnings);
        Assert.Contains("s3://a/ds", warning, StringComparison.Ordinal);
        Assert.Contains("s3://b/ds", warning, StringComparison.Ordinal);
        Assert.Contains("Repeat that load", warning, StringComparison.Ordinal);
        Assert.Empty(new WorkingFolder(Load("s3://b/ds").WorkingFolder).Pending);
    }

    [Fact]
    public async Task A_load_into_another_bucket_that_was_begun_stops_the_run_with_both_places_and_the_command()
    {
        var failed = Load("s3://a/ds", call => { if (call == "publish") throw new DltException("no answer") { IsTransient = true }; });
        await Assert.ThrowsAnyAsync<DltException>(() => failed.RunAsync(Some.Resource("theirs", """{"a":1}"""), Cancellation));
        _published.Clear();
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => Load("s3://b/ds").RunAsync(Some.Resource("mine", """{"a":1}"""), Cancellation));
        Assert.Contains("s3://a/ds", error.Message, StringComparison.Ordinal);
        Assert.Contains("s3://b/ds", error.Message, StringComparison.Ordinal);
        Assert.Contains("dlt pipeline load_ds abort-packages", error.Message, StringComparison.Ordinal);
        Assert.Empty(_published);
        var info = await Load("s3://a/ds").RunAsync(Some.Resource("more", """{"a":1}"""), Cancellation);
        Assert.Equal(1, info.RowCounts["theirs"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_package_from_a_pipe_is_not_dropped_for_another_bucket(bool isNormalised)
    {
        _folder.Write("pipe.jsonl", "{\"a\":1}\n");
        var theirs = FileResource.Create(
            "theirs", [FormatProbe.Look(new(_folder.File("pipe.jsonl")) { IsCopy = true }, new())], null, new());
        await using (var run = await Load("s3://a/ds").BeginAsync(Cancellation))
        {
            await run.ExtractAsync(new Source("load_ds", theirs), Cancellation);
            if (isNormalised) run.Normalize(Cancellation);
        }

        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => Load("s3://b/ds").RunAsync(Some.Resource("mine", """{"a":1}"""), Cancellation));
        Assert.Contains("abort-packages", error.Message, StringComparison.Ordinal);
        Assert.Single(new WorkingFolder(Load("s3://b/ds").WorkingFolder).Pending);
        Assert.Equal(1, (await Load("s3://a/ds").RunAsync(Some.Resource("more", """{"a":1}"""), Cancellation)).RowCounts["theirs"]);
    }

    [Fact]
    public async Task A_package_of_an_earlier_version_does_not_say_its_place_and_is_loaded()
    {
        await LeaveAsync("s3://a/ds", isNormalised: false);
        var pending = Assert.Single(new WorkingFolder(Load("s3://a/ds").WorkingFolder).Pending);
        File.Delete(pending.PathOf(".location.json"));
        var info = await Load("s3://b/ds").RunAsync(Some.Resource("mine", """{"a":1}"""), Cancellation);
        Assert.Equal(1, info.RowCounts["theirs"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_program_whose_bucket_was_corrected_loads_the_pending_packages_of_that_bucket(bool isNormalised)
    {
        await LeaveAsync("s3://a/ds", isNormalised);
        var info = await Load("s3://b/ds", givesUp: false).RunAsync(Some.Resource("mine", """{"a":1}"""), Cancellation);
        Assert.Equal(1, info.RowCounts["theirs"]);
        Assert.Equal(1, info.RowCounts["mine"]);
        Assert.Empty(_warnings);
    }

    private async Task LeaveAsync(string location, bool isNormalised)
    {
        await using var run = await Load(location).BeginAsync(Cancellation);
        await run.ExtractAsync(new Source("load_ds", Some.Resource("theirs", """{"a":1}""")), Cancellation);
        if (isNormalised) run.Normalize(Cancellation);
    }

    private Pipeline Load(string location, Action<string>? on = null, bool givesUp = true)
    {
        var client = new FakeClient
        {
            Location = location,
            Stored = () => _committed,
            On = call =>
            {
                if (call == "publish") _published.Add(location);
                if (call == "commit") _committed = new("1", new WorkingFolder(_folder.File("pipelines/load_ds")).LoadState()!.Json);
                on?.Invoke(call);
            },
        };
        return Pipeline.Create("load_ds", new FakeDestination(() => client), "ds", new()
        {
            Configuration = Some.Configuration(_folder.Path),
            PipelinesFolder = _folder.File("pipelines"),
            Warn = _warnings.Add,
            ExtractAfterPending = !givesUp,
            AbortFailedPackages = givesUp,
            RunKey = givesUp ? new("load", location) : null,
        });
    }
}
