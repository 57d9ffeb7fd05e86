using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Workspace;

/// <summary>The workspace shows working folders and repairs them.</summary>
public sealed class PipelineWorkspaceTests : AccountTests
{
    private PipelineWorkspace Workspace => new(Account.PipelinesFolder);

    [Fact]
    public async Task Pipelines_are_those_with_a_state_packages_or_a_trace()
    {
        Assert.Empty(Workspace.Names());
        foreach (var name in new[] { "zoo", "abc" }) await Some.Pipeline(Account, name).RunAsync(Items(1), Cancellation);
        Directory.CreateDirectory(Path.Combine(Workspace.Folder, "other"));
        var broken = Resource.Create("items", (_, _) => Broken());
        await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Account, "failed").RunAsync(broken, Cancellation));
        Assert.Equal(["abc", "failed", "zoo"], Workspace.Names());
        Assert.Null(Workspace.Find("other"));
        var failed = Workspace.Find("failed")!;
        Assert.Null(failed.ReadState());
        Assert.Empty(failed.Packages());
        Assert.Contains("no more pages", failed.ReadTrace()!.Steps[0].StepException, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Workspace.Find("../abc"));
    }

    [Fact]
    public async Task Packages_are_shown_with_state_jobs_rows_and_changes()
    {
        await Some.Pipeline(Account).RunAsync(Items(1), Cancellation);
        await ExtractAsync("""{"a":2,"new":"x"}""", isNormalised: true);
        await ExtractAsync("""{"a":3}""", isNormalised: false);

        var stored = Workspace.Find("pipe")!;
        var packages = stored.Packages();
        Assert.Equal(
            [StoredPackageState.Loaded, StoredPackageState.Normalized, StoredPackageState.Extracted], packages.Select(p => p.State));
        Assert.Equal([false, true, true], packages.Select(p => p.IsPending));
        Assert.Equal([true, false, false], packages.Select(p => p.CompletedAt is not null));
        Assert.All(packages, p => Assert.NotNull(p.CreatedAt));

        var loaded = stored.Read(packages[0]);
        Assert.Equal(1, loaded.RowCounts["items"]);
        Assert.All(loaded.Jobs, j => Assert.Equal(StoredJobState.Completed, j.State));
        var normalized = stored.Read(packages[1]);
        Assert.Equal(["new"], normalized.Changes.NewColumns.Select(c => c.Name));
        var job = normalized.Jobs.Single(j => j.Table == "items");
        Assert.Equal((StoredJobState.New, "parquet", new FileInfo(job.Path).Length), (job.State, job.Format, job.SizeBytes));
        Assert.Equal(1, stored.Read(packages[2]).RowCounts["items"]);
        Assert.StartsWith("s3://lake/ds", normalized.Location, StringComparison.Ordinal);
        Assert.Equal("ds", stored.ReadDatasetName());
        Assert.Equal("pipe", stored.ReadSchemas().Single().Schema.Name);
    }

    [Fact]
    public async Task Failures_of_a_job_are_shown_attempt_by_attempt()
    {
        var attempts = 0;
        var destination = new FakeDestination(() => new()
        {
            On = call =>
            {
                if (call == "stage") throw new DltException($"Refused {++attempts}.") { IsTransient = false };
            },
        });
        for (var run = 0; run < 2; run++)
        {
            var pipeline = Pipeline.Create("pipe", destination, "ds", new()
            {
                Configuration = Some.Configuration(Folder.Path),
                PipelinesFolder = Workspace.Folder,
                Warn = _ => { },
                RestoreFromDestination = false,
            });
            await Assert.ThrowsAnyAsync<DltException>(() =>
                run == 0 ? pipeline.RunAsync(Items(1), Cancellation) : pipeline.LoadPendingAsync(Cancellation));
        }

        var stored = Workspace.Find("pipe")!;
        var jobs = stored.Read(stored.Packages().Single()).Jobs.Where(j => !j.Failures.IsEmpty).ToList();
        Assert.NotEmpty(jobs);
        Assert.All(jobs.SelectMany(j => j.Failures), f => Assert.Contains("Refused", f.Message, StringComparison.Ordinal));
        Assert.All(jobs.SelectMany(j => j.Failures), f => Assert.False(f.IsTransient));
        Assert.Equal(attempts, jobs.Sum(j => j.Failures.Length));
        Assert.Equal([1, 2], jobs.SelectMany(j => j.Failures).Select(f => f.Attempt).Distinct().Order());
    }

    [Fact]
    public async Task Dropping_packages_restores_state_and_schemas()
    {
        await Some.Pipeline(Account).RunAsync(Items(1), Cancellation);
        var stored = Workspace.Find("pipe")!;
        var before = stored.ReadSchemas().Single().ToJson();
        await ExtractAsync("""{"a":2,"new":"x"}""", isNormalised: true);
        var waiting = stored.Packages().Single(p => p.IsPending);
        Assert.NotEqual(before, stored.ReadSchemas().Single().ToJson());
        Assert.Equal([waiting.LoadId], stored.AbortPackages());
        Assert.Equal(before, stored.ReadSchemas().Single().ToJson());
        Assert.Empty(stored.AbortPackages());
        Assert.Contains("no longer", Assert.Throws<DltException>(() => stored.Read(waiting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_of_another_destination_is_not_opened()
    {
        await Some.Pipeline(Account).RunAsync(Items(1), Cancellation);
        var file = Path.Combine(Workspace.Folder, "pipe", "state.json");
        var state = await File.ReadAllTextAsync(file, Cancellation);
        var other = state.Replace("destinations.athena", "destinations.duckdb", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, other, Cancellation);
        var error = Assert.Throws<DltException>(() => Workspace.Find("pipe")!.Open(Athena.Destination(Account)));
        Assert.Contains("dlt.destinations.duckdb", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pending_packages_are_loaded_where_they_were_made_for_and_nowhere_else()
    {
        Pipeline At(string location) => Pipeline.Create("pipe", new FakeDestination(() => new() { Location = location }), "ds", new()
        {
            Configuration = Some.Configuration(Folder.Path),
            PipelinesFolder = Workspace.Folder,
            Warn = _ => { },
        });
        await using (var run = await At("s3://here/ds").BeginAsync(Cancellation))
            await run.ExtractAsync(new Source("pipe", Items(1)), Cancellation);
        var error = await Assert.ThrowsAsync<DltException>(() => At("s3://there/ds").LoadPendingAsync(Cancellation));
        Assert.Contains("s3://here/ds", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was loaded.", error.Message, StringComparison.Ordinal);
        Assert.Single((await At("s3://here/ds").LoadPendingAsync(Cancellation)).Packages);
    }

    [Fact, Scenario("T-67")]
    public async Task Sync_takes_state_and_schemas_from_the_destination()
    {
        await Some.Pipeline(Account).RunAsync(Items(1), Cancellation);
        var stored = Workspace.Find("pipe")!;
        var (state, schema) = (stored.ReadState()!, stored.ReadSchemas().Single().ToJson());
        Directory.Delete(stored.Folder, recursive: true);
        Assert.True(await Some.Pipeline(Account).SyncAsync(Cancellation));
        Assert.Equal(state["_version_hash"], stored.ReadState()!["_version_hash"]);
        Assert.Equal(schema, stored.ReadSchemas().Single().ToJson());
        Assert.False(await Some.Pipeline(Account, "never").SyncAsync(Cancellation));

        await ExtractAsync("""{"a":2}""", isNormalised: false);
        var error = await Assert.ThrowsAsync<DltException>(() => Some.Pipeline(Account).SyncAsync(Cancellation));
        Assert.Contains("abort-packages", error.Message, StringComparison.Ordinal);
        Assert.Single(stored.Packages(), p => p.IsPending);
    }

    private static async IAsyncEnumerable<JsonValue> Broken()
    {
        await Task.Yield();
        yield return Some.Item("""{"a":1}""");
        throw new InvalidOperationException("no more pages");
    }

    private static Resource Items(int a) => Some.Resource("items", $$"""{"a":{{a}}}""");

    private async Task ExtractAsync(string item, bool isNormalised)
    {
        await using var run = await Some.Pipeline(Account).BeginAsync(Cancellation);
        await run.ExtractAsync(new Source("pipe", Some.Resource("items", item)), Cancellation);
        if (isNormalised) run.Normalize(Cancellation);
    }
}
