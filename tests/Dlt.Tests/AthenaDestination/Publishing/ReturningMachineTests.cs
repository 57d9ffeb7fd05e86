using Dlt.Json;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.Cli;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>A machine that was stopped comes back after another one has loaded.</summary>
public sealed class ReturningMachineTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LocalAthena _account;

    public ReturningMachineTests() => _account = Some.Account(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("T-71")]
    [InlineData(null, false), InlineData("extract", false), InlineData("extract", true), InlineData("normalize", false)]
    [InlineData("normalize", true)]
    public async Task Increments_are_loaded_once(string? stop, bool isFirst)
    {
        if (!isFirst) await A().RunAsync(Increments(2), Cancellation);
        if (stop is null) await Assert.ThrowsAnyAsync<DltException>(() => A(Failing()).RunAsync(Increments(4), Cancellation));
        else await StopAsync(Increments(4), stop);
        await B().RunAsync(Increments(4), Cancellation);
        var warnings = new List<string>();
        await A(warnings: warnings).RunAsync(Increments(6), Cancellation);
        Assert.Equal("0,1,2,3,4,5", await IdsAsync());
        await B().RunAsync(Increments(8), Cancellation);
        await A().RunAsync(Increments(8), Cancellation);
        Assert.Equal("0,1,2,3,4,5,6,7", await IdsAsync());

        var aside = Assert.Single(Stored().Packages(), p => p.State == StoredPackageState.SetAside);
        Assert.False(aside.IsPending);
        Assert.Contains(warnings, w => w.Contains($"Package {aside.LoadId} was set aside", StringComparison.Ordinal)
            && w.Contains($"dlt pipeline pipe retry --set-aside {aside.LoadId}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_package_that_was_set_aside_can_be_loaded_all_the_same_and_leaves_the_state()
    {
        await StopAsync(Increments(2), "normalize");
        await B().RunAsync(Increments(4), Cancellation);
        await A().RunAsync(Increments(4), Cancellation);
        var aside = Assert.Single(Stored().Packages(), p => p.State == StoredPackageState.SetAside);
        Assert.Contains("not set aside a package 1.5", Assert.Throws<DltException>(() => Stored().ReturnPackage("1.5")).Message,
            StringComparison.Ordinal);
        Stored().ReturnPackage(aside.LoadId);
        Assert.Equal(2, (await A().LoadPendingAsync(Cancellation)).RowCounts["items"]);
        Assert.Equal("0,0,1,1,2,3", await IdsAsync());
        await A().RunAsync(Increments(5), Cancellation);
        await new Machine(_account, _folder.File("c")).Pipeline().RunAsync(Increments(5), Cancellation);
        Assert.Equal("0,0,1,1,2,3,4", await IdsAsync());
    }

    [Fact]
    public async Task A_package_that_was_set_aside_is_given_up_alone_and_leaves_the_state()
    {
        _folder.Write(".dlt/config.toml", $"[destination.athena]\nlocal_dir = \"{_account.Folder}\"\n");
        await StopAsync(Increments(2), "normalize");
        await B().RunAsync(Increments(4), Cancellation);
        await A().RunAsync(Increments(4), Cancellation);
        var id = Assert.Single(Stored().Packages(), p => p.State == StoredPackageState.SetAside).LoadId;
        Task<ToolResult> RunAsync(params string[] words) =>
            DltCommand.RunAsync(_folder.Path, ["pipeline", "pipe", "load-package", id, .. words, "--local"]);
        Assert.Contains(" and 1 set aside", (await DltCommand.RunAsync(_folder.Path, "pipeline", "--local")).Succeeded(),
            StringComparison.Ordinal);
        Assert.Contains("is SET ASIDE", (await RunAsync()).Succeeded(), StringComparison.Ordinal);
        Assert.Equal("set_aside", JsonParser.Parse((await RunAsync("-o", "json")).Succeeded())["state"]!.AsString());
        var aborted = (await RunAsync("abort", "--yes")).Succeeded();
        Assert.Contains($"Package {id} (set aside): 2 job(s)", aborted, StringComparison.Ordinal);
        Assert.Contains($"Aborted package {id}. Nothing of it was at the destination.", aborted, StringComparison.Ordinal);
        Assert.DoesNotContain(Stored().Packages(), p => p.State == StoredPackageState.SetAside);
        await A().RunAsync(Increments(5), Cancellation);
        Assert.Equal("0,1,2,3,4", await IdsAsync());
    }

    [Theory, InlineData("hive", "_dlt_loads"), InlineData("iceberg", "_dlt_loads"), InlineData("iceberg", "items")]
    public async Task A_load_that_was_prepared_is_taken_back_when_its_package_is_set_aside(string format, string end)
    {
        await A().RunAsync(Increments(2, format), Cancellation);
        var glue = Steps.Intercept(_account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == end
                ? throw new Steps.EndedException() : call());
        await Assert.ThrowsAnyAsync<Exception>(
            () => new Machine(_account, glue: glue).Pipeline().RunAsync(Increments(4, format), Cancellation));
        var b = new Machine(_account, _folder.File("b")).Pipeline(settings: ("DESTINATION__ATHENA__LEASE", "0"));
        await b.RunAsync(Increments(4, format), Cancellation);
        var warnings = new List<string>();
        await A(warnings: warnings).RunAsync(Increments(5, format), Cancellation);
        Assert.Equal("0,1,2,3,4", await IdsAsync());
        Assert.DoesNotContain(warnings, w => w.Contains("was completed", StringComparison.Ordinal));

        var aside = Assert.Single(Stored().Packages(), p => p.State == StoredPackageState.SetAside);
        Stored().ReturnPackage(aside.LoadId);
        Assert.Equal(2, (await A().LoadPendingAsync(Cancellation)).RowCounts["items"]);
        Assert.Equal("0,1,2,2,3,3,4", await IdsAsync());
    }

    [Theory, InlineData("extract", false), InlineData("extract", true), InlineData("normalize", false), InlineData("normalize", true)]
    public async Task Rows_without_a_state_are_loaded_and_the_state_of_the_other_machine_stays(string stop, bool hasSecondSource)
    {
        await A().RunAsync(Increments(1), Cancellation);
        var plain = new Source(hasSecondSource ? "plain" : "pipe", Some.Resource("files", """{"id":1}"""));
        await StopAsync(plain, stop, ahead: TimeSpan.FromMinutes(3));
        await B().RunAsync(Increments(3), Cancellation);
        await A().RunAsync(Increments(4), Cancellation);
        Assert.Equal("0,1,2,3", await IdsAsync());
        Assert.Equal("1", await Some.ValueAsync(_account, "SELECT count(*) FROM files"));
        await new Machine(_account, _folder.File("c")).Pipeline().RunAsync(Increments(5), Cancellation);
        Assert.Equal("0,1,2,3,4", await IdsAsync());
        Assert.DoesNotContain(Stored().Packages(), p => p.State == StoredPackageState.SetAside);
    }

    /// <summary>A day after a load its publish object goes; Python dlt writes none.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_replace_that_comes_back_after_a_later_one_adds_no_rows(bool isFirst)
    {
        if (!isFirst) await A().RunAsync(Replaced(1), Cancellation);
        await StopAsync(Replaced(2, 3), "normalize");
        await B().RunAsync(Replaced(4, 5), Cancellation);
        await _account.Objects.DeleteAsync("lake", await Machine.KeysAsync(_account, "ds/_dlt_publish/"), Cancellation);
        await A().LoadPendingAsync(Cancellation);
        Assert.Equal("4,5", await IdsAsync());
        await A().RunAsync(Replaced(6), Cancellation);
        Assert.Equal("6", await IdsAsync());
    }

    [Fact]
    public async Task A_replace_that_comes_back_after_rows_were_added_replaces_the_earlier_ones()
    {
        await A().RunAsync(Replaced(1), Cancellation);
        await StopAsync(Replaced(2, 3), "normalize");
        await B().RunAsync(Replaced(WriteDisposition.Append, 4), Cancellation);
        await _account.Objects.DeleteAsync("lake", await Machine.KeysAsync(_account, "ds/_dlt_publish/"), Cancellation);
        await A().LoadPendingAsync(Cancellation);
        Assert.Equal("2,3,4", await IdsAsync());
    }

    private static Source Replaced(params int[] ids) => Replaced(WriteDisposition.Replace, ids);

    private static Source Replaced(WriteDisposition disposition, params int[] ids) => new(
        "pipe",
        Some.Resource("items", new ResourceHints { WriteDisposition = disposition }, [.. ids.Select(id => $$"""{"id":{{id}}}""")]));

    [Fact]
    public async Task A_package_is_not_set_aside_because_another_run_loaded_nothing_new()
    {
        await A().RunAsync(Increments(2), Cancellation);
        await StopAsync(Increments(4), "normalize");
        await B().RunAsync(Increments(2), Cancellation);
        await A().RunAsync(Increments(4), Cancellation);
        Assert.Equal("0,1,2,3", await IdsAsync());
        Assert.DoesNotContain(Stored().Packages(), p => p.State == StoredPackageState.SetAside);
    }

    /// <summary>Items 0 to <paramref name="end"/> - 1, those that the state does not know yet.</summary>
    private static Source Increments(int end, string format = "hive")
    {
        var hints = new ResourceHints { TableFormat = Some.Format(format) };
        return new("pipe", Some.Increments("items", end, hints));
    }

    /// <summary>A run on the first machine that ends after a step; its clock may be ahead.</summary>
    private async Task StopAsync(Source source, string stop, TimeSpan ahead = default)
    {
        var options = new PipelineOptions
        {
            Configuration = Some.Configuration(_account.Folder),
            Warn = _ => { },
            Time = new ShiftedClock(ahead),
        };
        await using var run = await Pipeline.Create("pipe", Athena.Destination(_account), "ds", options).BeginAsync(Cancellation);
        await run.ExtractAsync(source, Cancellation);
        if (stop == "normalize") run.Normalize(Cancellation);
    }

    private IObjectStore Failing() => Steps.Intercept(_account.Objects, (method, given, call) =>
        method == nameof(IObjectStore.UploadAsync) && ((ObjectLocation)given[0]!).Key.Contains("/items/", StringComparison.Ordinal)
            ? throw new DltException("The power is gone.")
            : call());

    private Pipeline A(IObjectStore? objects = null, List<string>? warnings = null) =>
        new Machine(_account, objects: objects).Pipeline(warnings: warnings);

    private Pipeline B() => new Machine(_account, _folder.File("b")).Pipeline();

    private StoredPipeline Stored() => new PipelineWorkspace(_account.PipelinesFolder).Find("pipe")!;

    private Task<string> IdsAsync() => Machine.ValuesAsync(_account, "SELECT id FROM items ORDER BY id");
}
