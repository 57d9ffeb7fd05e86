using System.Collections.Concurrent;
using Dlt.Packages;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Load;

/// <summary>
/// The scenarios T-73 to T-79 of the specification of the destination; T-76 is in <see cref="Drop.DropTests"/>, T-80 in
/// <see cref="LoadRetryTests"/>. T-67 to T-72 are in <see cref="RestoreScenarioTests"/>.
/// </summary>
public sealed class StateScenarioTests : AccountTests
{
    [Theory, Scenario("T-73"), InlineData(false), InlineData(true)]
    public async Task T_73_Without_restore_no_state_is_read_and_dev_mode_has_a_dataset_of_its_own(bool isDevMode)
    {
        var reads = new ConcurrentQueue<string>();
        var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
        {
            var key = given.OfType<ObjectLocation>().FirstOrDefault()?.Key ?? given.OfType<string>().LastOrDefault() ?? "";
            if (!method.StartsWith("Put", StringComparison.Ordinal) && !method.StartsWith("Upload", StringComparison.Ordinal))
                reads.Enqueue(key);
            return call();
        });
        for (var run = 0; run < 2; run++)
        {
            var pipeline = Pipeline.Create("pipe", Athena.Destination(new Machine(Account, objects: objects)), "ds", new()
            {
                Configuration = Some.Configuration(Account.Folder),
                DevMode = isDevMode,
                RestoreFromDestination = isDevMode ? null : false,
                Warn = _ => { },
            });
            Assert.Matches(isDevMode ? @"^ds_\d{14}$" : "^ds$", pipeline.DatasetName);
            await pipeline.RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        }

        Assert.DoesNotContain(reads, k => k.Contains("_dlt_pipeline_state", StringComparison.Ordinal)
            && k.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [Theory, Scenario("T-74")]
    [InlineData(RefreshMode.DropSources, false), InlineData(RefreshMode.DropSources, true)]
    [InlineData(RefreshMode.DropResources, false), InlineData(RefreshMode.DropResources, true)]
    [InlineData(RefreshMode.DropData, false), InlineData(RefreshMode.DropData, true)]
    public async Task T_74_Selected_tables_and_their_state_go_and_others_stay(RefreshMode mode, bool isWiped)
    {
        await Some.Pipeline(Account).RunAsync(Both("""{"id":1,"old":5}"""), Cancellation);
        if (isWiped) Directory.Delete(Path.Combine(Account.PipelinesFolder, "pipe"), recursive: true);
        const string item = """{"id":1}""";
        var source = new Source("pipe", Cursor("t", item), Cursor("u", item).Unselected());
        await Some.Pipeline(Account, refresh: mode).RunAsync(source, Cancellation);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM t"));   // the cursor of t went, so 1 is loaded again
        var table = (await Account.Glue.GetTableAsync("ds", "t", Cancellation))!;
        Assert.Equal(mode == RefreshMode.DropData, table.Columns.Any(c => c.Name == "old"));
        var other = await Account.Glue.GetTableAsync("ds", "u", Cancellation);
        Assert.Equal(mode == RefreshMode.DropSources, other is null);

        await Some.Pipeline(Account).RunAsync(Both("""{"id":1}"""), Cancellation);
        Assert.Equal("1 1", await Some.ValueAsync(
            Account, "SELECT (SELECT count(*) FROM t) || ' ' || (SELECT count(*) FROM u)"));   // both cursors know 1
    }

    [Theory, Scenario("T-75"), InlineData(RefreshMode.DropResources), InlineData(RefreshMode.DropSources)]
    public async Task T_75_Types_that_do_not_fit_are_loaded_after_a_refresh(RefreshMode mode)
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("t", """{"a":1,"l":[1]}"""), Cancellation);
        var next = mode == RefreshMode.DropSources ? "other" : "t";
        await Some.Pipeline(Account, refresh: mode).RunAsync(Some.Resource(next, """{"a":"text"}"""), Cancellation);
        Assert.Equal("text", await Some.ValueAsync(Account, $"SELECT a FROM {next}"));
        Assert.Null(await Account.Glue.GetTableAsync("ds", "t__l", Cancellation));
        Assert.Equal(next == "t", await Account.Glue.GetTableAsync("ds", "t", Cancellation) is not null);
    }

    /// <summary>Python dlt visits, and makes, a staging dataset for it (T-91); no table of ours is ever there.</summary>
    [Fact, Scenario("T-77"), Scenario("X-25")]
    public async Task T_77_A_drop_of_external_tables_makes_no_staging_dataset()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("t", """{"a":1}"""), Cancellation);
        await Some.Pipeline(Account).DropAsync(new() { DropAll = true }, _ => true, Cancellation);
        Assert.Null(await Account.Glue.GetDatabaseAsync("ds_staging", Cancellation));
    }

    /// <summary>Python dlt notes the end of a job in a file of its own; here the same job writes the same object again.</summary>
    [Fact, Scenario("T-79")]
    public async Task T_79_A_job_that_was_done_before_its_state_moved_doubles_nothing()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("t", """{"a":1}"""), Cancellation);
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            method == nameof(Lake.IGlueCatalog.UpdateTableAsync) && given.OfType<Lake.GlueTableInput>().First().Name == "_dlt_loads"
                ? throw new Steps.EndedException() : call());
        await Assert.ThrowsAnyAsync<Exception>(() =>
            new Machine(Account, glue: glue).RunAsync(Some.Resource("t", """{"a":2}""")));
        var package = new WorkingFolder(Path.Combine(Account.PipelinesFolder, "pipe")).Pending.Single();
        foreach (var job in package.Jobs(PackageFolders.CompletedJobs))
            File.Move(job, Path.Combine(package.PathOf(PackageFolders.StartedJobs), Path.GetFileName(job)));
        await File.WriteAllTextAsync(package.PathOf(PackageFolders.PendingTransitions, "t.torn.parquet"), "{\"sta", Cancellation);

        var files = await Machine.KeysAsync(Account, "ds/t/");
        await new Machine(Account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal(files, await Machine.KeysAsync(Account, "ds/t/"));
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT a FROM t ORDER BY a"));
    }

    private static Source Both(string item) => new("pipe", Cursor("t", item), Cursor("u", """{"id":1}"""));

    private static Resource Cursor(string name, string item) => Some.Resource(name, new ResourceHints { Incremental = new("id") }, item);
}
