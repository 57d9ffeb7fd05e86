using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Packages;

public sealed class PendingPackageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_run_that_only_finishes_pending_packages_warns_about_the_new_data(bool isNormalised)
    {
        var account = Some.Account(_folder);
        await StopHalfWayAsync(Some.Pipeline(account), isNormalised);
        var warnings = new List<string>();
        var options = new PipelineOptions
        { Configuration = Some.Configuration(account.Folder), Warn = warnings.Add, ExtractAfterPending = false };
        var info = await Pipeline.Create("pipe", Athena.Destination(account), "ds", options).RunAsync(Items(), Cancellation);
        Assert.Equal(2, info.RowCounts["items"]);
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
        Assert.Contains(warnings, w => w.Contains("Run again", StringComparison.Ordinal));
        await Some.Pipeline(account).RunAsync(Items(), Cancellation);
        Assert.Equal("4", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory, Scenario("X-27"), InlineData(false), InlineData(true)]
    public async Task A_run_loads_pending_packages_and_then_the_new_data(bool isNormalised)
    {
        var account = Some.Account(_folder);
        await StopHalfWayAsync(Some.Pipeline(account), isNormalised);
        var info = await Some.Pipeline(account).RunAsync(Items(), Cancellation);
        Assert.Equal(2, info.Packages.Length);
        Assert.Equal("4", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_package_that_was_half_removed_after_it_was_normalised_stops_nothing(bool isLoaded)
    {
        var account = Some.Account(_folder);
        var pipeline = Some.Pipeline(account);
        var extracted = "";
        await using (var run = await pipeline.BeginAsync(Cancellation))
        {
            await run.ExtractAsync(new Source("pipe", Items()), Cancellation);
            extracted = Directory.GetDirectories(Path.Combine(pipeline.WorkingFolder, "normalize", "extracted")).Single();
            run.Normalize(Cancellation);
            if (isLoaded) await run.LoadAsync(Cancellation);
        }

        Directory.CreateDirectory(Path.Combine(extracted, "new_jobs"));   // its schema is already deleted
        await pipeline.RunAsync(Items(), Cancellation);
        Assert.Equal("4", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
        Assert.False(Directory.Exists(extracted));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task State_that_a_run_could_not_save_comes_from_its_package(bool restores)
    {
        var account = Some.Account(_folder);
        var pipeline = Pipeline.Create("pipe", Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(account.Folder), Warn = _ => { }, RestoreFromDestination = restores });
        var source = new Source("pipe", Resource.Create("items", (context, _) => New(context)));
        await pipeline.RunAsync(
            new Source("pipe", Items() is var other ? other.WithHints(new() { TableName = "others" }) : other), Cancellation);
        var state = Path.Combine(pipeline.WorkingFolder, "state.json");
        var before = await File.ReadAllBytesAsync(state, Cancellation);
        await using (var run = await pipeline.BeginAsync(Cancellation)) await run.ExtractAsync(source, Cancellation);
        await File.WriteAllBytesAsync(state, before, Cancellation);   // the run ended between moving its package and saving its state
        await pipeline.RunAsync(source, Cancellation);
        await pipeline.RunAsync(source, Cancellation);
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items WHERE a = 9"));
    }

    [Fact]
    public async Task Load_pending_loads_pending_packages_only()
    {
        var account = Some.Account(_folder);
        await StopHalfWayAsync(Some.Pipeline(account), isNormalised: false);
        Assert.Equal(2, (await Some.Pipeline(account).LoadPendingAsync(Cancellation)).RowCounts["items"]);
        Assert.Empty((await Some.Pipeline(account).LoadPendingAsync(Cancellation)).Packages);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_package_that_python_dlt_extracted_is_read(bool gzip)
    {
        var account = Some.Account(_folder);
        var pipeline = Some.Pipeline(account);
        await StopHalfWayAsync(pipeline, isNormalised: false);
        var package = Directory.GetDirectories(Path.Combine(pipeline.WorkingFolder, "normalize", "extracted"))[0];
        File.Delete(Path.Combine(package, "extracted_counts.json"));   // Python dlt does not write this file
        var jobs = Path.Combine(package, "new_jobs");
        File.Delete(Assert.Single(Directory.GetFiles(jobs, "items.*")));

        // A line is a list of items; typed values carry a marker (docs/spec/pipeline.md 2.2).
        var lines = System.Text.Encoding.UTF8.GetBytes(
            "[{\"a\":1,\"moment\":\"\uF0272024-01-02T03:04:05+00:00\"},{\"a\":2}]\n[{\"a\":3,\"price\":\"\uF0261.10\"}]\n");
        await using (Stream file = File.Create(Path.Combine(jobs, "items.0123456789.0.typed-jsonl" + (gzip ? ".gz" : ""))))
        await using (var target = gzip
            ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest)
            : file) await target.WriteAsync(lines, Cancellation);

        Assert.Equal(3, (await pipeline.LoadPendingAsync(Cancellation)).RowCounts["items"]);
        Assert.Equal("2024-01-02 03:04:05.000", await Some.ValueAsync(account, "SELECT max(moment) FROM items"));
        Assert.Equal("6", await Some.ValueAsync(account, "SELECT sum(a) FROM items"));
    }

    private static async IAsyncEnumerable<Dlt.JsonValue> New(ResourceContext context)
    {
        await Task.CompletedTask;
        if (context.State.TryAddToList("seen", "nine")) yield return Some.Item("""{"a":9}""");
    }

    private static Resource Items() => Some.Resource("items", """{"a":1}""", """{"a":2}""");

    private static async Task StopHalfWayAsync(Pipeline pipeline, bool isNormalised)
    {
        await using var run = await pipeline.BeginAsync(Cancellation);
        await run.ExtractAsync(new Source("pipe", Items()), Cancellation);
        if (isNormalised) run.Normalize(Cancellation);
    }
}
