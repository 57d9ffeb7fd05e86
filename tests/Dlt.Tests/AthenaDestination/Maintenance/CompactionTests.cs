using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Tests.AthenaDestination.Maintenance;

/// <summary>Compacted tables have the same rows in fewer files, whatever goes on beside the compaction.</summary>
public sealed class CompactionTests : AccountTests
{
    private static readonly ResourceHints Replace = Iceberg with { WriteDisposition = WriteDisposition.Replace };

    [Fact]
    public async Task Small_files_become_one_and_a_dry_run_changes_nothing()
    {
        for (var id = 0; id < 6; id++) await LoadAsync(id);
        await using var maintenance = Open();
        var plan = Assert.Single(await maintenance.CompactAsync("ds", dryRun: true, cancellationToken: Cancellation));
        Assert.Equal(("items", 6, 0, null), (plan.Table, plan.DataFiles, plan.WrittenFiles, plan.Skipped));
        Assert.Equal(6, (await FilesAsync()).Count);
        var done = Assert.Single(await maintenance.CompactAsync("ds", ["ITEMS"], cancellationToken: Cancellation));
        Assert.Equal(plan with { WrittenFiles = 1, Manifests = done.Manifests }, done);
        Assert.Single(await FilesAsync());
        Assert.Equal("0,1,2,3,4,5", await IdsAsync());
        Assert.Equal(0, Assert.Single(await maintenance.CompactAsync("ds", cancellationToken: Cancellation)).DataFiles);
        await LoadAsync(6);
        Assert.Equal("0,1,2,3,4,5,6", await IdsAsync());
    }

    [Fact]
    public async Task A_table_without_old_snapshots_costs_no_look_at_the_loads()
    {
        await LoadAsync(1);
        var looks = 0;
        var objects = Steps.Intercept(Account.Objects, (_, given, call) =>
        {
            if (given.OfType<string>().Any(g => g.Contains("_dlt_publish", StringComparison.Ordinal))) looks++;
            return call();
        });
        await using var maintenance = Open(new Machine(Account, objects: objects));
        Assert.Equal(1, Assert.Single(await maintenance.ExpireSnapshotsAsync("ds", dryRun: true, cancellationToken: Cancellation)).Kept);
        Assert.Equal(0, looks);
        await LoadAsync(2);
        await maintenance.ExpireSnapshotsAsync("ds", olderThan: TimeSpan.Zero, dryRun: true, cancellationToken: Cancellation);
        Assert.Equal(1, looks);
    }

    [Fact]
    public async Task Manifests_that_pile_up_are_merged()
    {
        for (var id = 0; id < 12; id++) await LoadAsync(id);
        var bigEnough = new Dictionary<string, string> { ["write.target-file-size-bytes"] = "1000" };   // the data files are fine
        await (await OpenTableAsync()).NewTransaction().UpdateProperties(bigEnough).CommitAsync(Cancellation);
        await using var maintenance = Open();
        var done = Assert.Single(await maintenance.CompactAsync("ds", cancellationToken: Cancellation));
        Assert.Equal((0, 12), (done.DataFiles, done.Manifests));
        Assert.Equal("12", await Some.ValueAsync(Account, "SELECT count(DISTINCT id) FROM items"));
        Assert.Equal(0, Assert.Single(await maintenance.CompactAsync("ds", cancellationToken: Cancellation)).Manifests);
    }

    [Fact]
    public async Task Deletes_are_applied_and_their_files_go()
    {
        for (var id = 0; id < 3; id++) await LoadAsync(id, id + 100);
        await (await (await OpenTableAsync()).NewTransaction()
            .DeleteAsync(Filter.Parse("id < 2"), RowChangeMode.MergeOnRead, Cancellation)).CommitAsync(Cancellation);
        await using var maintenance = Open();
        var done = Assert.Single(await maintenance.CompactAsync("ds", cancellationToken: Cancellation));
        Assert.True(done is { DataFiles: 3, DeleteFiles: > 0 }, $"{done}");
        Assert.Equal("2,100,101,102", await IdsAsync());
        Assert.Equal("0", (await OpenTableAsync()).Metadata.CurrentSnapshot!.Summary["total-delete-files"]);
    }

    [Fact]
    public async Task Rows_of_an_earlier_partition_spec_stay()
    {
        for (var id = 0; id < 5; id++) await LoadAsync(id);
        var table = await OpenTableAsync();
        await table.NewTransaction().UpdateSpec(spec => spec.AddField("id", Transform.Bucket(2))).CommitAsync(Cancellation);
        for (var id = 5; id < 10; id++) await LoadAsync(id);
        await using var maintenance = Open();
        await maintenance.CompactAsync("ds", cancellationToken: Cancellation);
        Assert.Equal("0,1,2,3,4,5,6,7,8,9", await IdsAsync());
        await maintenance.CompactAsync("ds", cancellationToken: Cancellation);
        Assert.Equal("0,1,2,3,4,5,6,7,8,9", await IdsAsync());
        Assert.All(await FilesAsync(), f => Assert.Equal(1, f.SpecId));
    }

    [Fact]
    public async Task Rows_of_a_load_that_is_not_complete_can_still_be_removed()
    {
        for (var id = 0; id < 5; id++) await LoadAsync(id);
        await EndBeforeCommitAsync(Iceberg, 5);
        await using var maintenance = Open();
        var done = Assert.Single(await maintenance.CompactAsync("ds", cancellationToken: Cancellation));
        Assert.Equal((5, 1), (done.DataFiles, done.StayedFiles));
        Assert.Equal("0,1,2,3,4,5", await IdsAsync());
        await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation);
        Assert.Equal("0,1,2,3,4", await IdsAsync());
    }

    [Fact]
    public async Task A_table_that_a_load_is_replacing_stays_until_it_is_complete()
    {
        for (var id = 0; id < 5; id++) await LoadAsync(id);
        await EndBeforeCommitAsync(Replace, 5);
        await using var maintenance = Open();
        var skipped = Assert.Single(await maintenance.CompactAsync("ds", cancellationToken: Cancellation));
        Assert.Contains("which may remove rows of the table, is not complete", skipped.Skipped, StringComparison.Ordinal);
        Assert.False(skipped.HasFailed);
        await Some.Pipeline(Account).LoadPendingAsync(Cancellation);
        Assert.Null(Assert.Single(await maintenance.CompactAsync("ds", cancellationToken: Cancellation)).Skipped);
        Assert.Equal("5", await IdsAsync());
    }

    /// <summary>The rows of a later load stay in a replace that comes late. After a compaction they cannot be told from others.</summary>
    [Fact]
    public async Task A_late_replace_does_not_remove_rows_of_later_loads_that_were_compacted()
    {
        for (var id = 0; id < 4; id++) await LoadAsync(id);
        var stopped = Steps.Intercept(Account.Objects, (method, call) =>
            method == "PutAsync" ? throw new Steps.EndedException() : call());
        var replacing = Folder.File("replacing");
        await Assert.ThrowsAnyAsync<Exception>(() =>
            new Machine(Account, replacing, objects: stopped).Pipeline("other", settings: ("DESTINATION__ATHENA__LEASE", "0"))
                .RunAsync(Rows(Replace, 50), Cancellation));
        await LoadAsync(4);
        await using var maintenance = Open();
        Assert.Equal(5, Assert.Single(await maintenance.CompactAsync("ds", cancellationToken: Cancellation)).DataFiles);
        var late = new Machine(Account, replacing).Pipeline("other");
        var refused = await Assert.ThrowsAnyAsync<DltException>(() => late.LoadPendingAsync(Cancellation));
        Assert.Contains("dlt pipeline other abort-packages", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal("0,1,2,3,4", await IdsAsync());
        await late.AbortPackagesAsync(cancellationToken: Cancellation);
        await late.RunAsync(Rows(Replace, 51), Cancellation);
        Assert.Equal("51", await IdsAsync());
    }

    [Fact]
    public async Task A_replace_goes_on_after_old_rows_of_the_loads_were_removed()
    {
        for (var id = 0; id < 5; id++) await LoadAsync(id);
        await using var maintenance = Open();
        await maintenance.CompactAsync("ds", cancellationToken: Cancellation);
        foreach (var key in await Machine.KeysAsync(Account, "ds/_dlt_publish/"))
            await Account.Objects.DeleteAsync("lake", [key], Cancellation);
        var loads = await OpenTableAsync("_dlt_loads");
        await (await loads.NewTransaction().DeleteAsync(Filter.True, cancellationToken: Cancellation)).CommitAsync(Cancellation);
        await Some.Pipeline(Account).RunAsync(Rows(Replace, 9), Cancellation);
        Assert.Equal("9", await IdsAsync());
    }

    [Fact]
    public async Task A_load_at_the_same_moment_loses_nothing()
    {
        for (var id = 0; id < 5; id++) await LoadAsync(id);
        var interrupted = false;
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            if (interrupted || method != nameof(IGlueCatalog.UpdateTableAsync)) return call();
            interrupted = true;
            LoadAsync(5).GetAwaiter().GetResult();
            return call();
        });
        await using var maintenance = Open(new Machine(Account, glue: glue));
        Assert.Equal(5, Assert.Single(await maintenance.CompactAsync("ds", cancellationToken: Cancellation)).DataFiles);
        Assert.Equal("0,1,2,3,4,5", await IdsAsync());
        Assert.Equal(2, (await FilesAsync()).Count);
    }

    /// <summary>As Athena's OPTIMIZE, or a delete: the files that were chosen are gone, so others are chosen.</summary>
    [Fact]
    public async Task A_rewrite_of_the_same_files_by_others_leaves_each_row_once()
    {
        for (var id = 0; id < 5; id++) await LoadAsync(id);
        var interrupted = false;
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            if (interrupted || method != nameof(IGlueCatalog.UpdateTableAsync)) return call();
            interrupted = true;
            OptimizeAsync().GetAwaiter().GetResult();
            return call();
        });
        await using var maintenance = Open(new Machine(Account, glue: glue));
        var done = Assert.Single(await maintenance.CompactAsync("ds", cancellationToken: Cancellation));
        Assert.Equal((0, false), (done.DataFiles, done.HasFailed));
        Assert.Equal("0,2,3,4", await IdsAsync());
        var orphans = await maintenance.FindOrphansAsync("ds", Cancellation);
        Assert.DoesNotContain(orphans, o => o.Location.EndsWith(".parquet", StringComparison.Ordinal));

        async Task OptimizeAsync()
        {
            var table = await (await OpenTableAsync()).CompactAsync(cancellationToken: Cancellation);
            await (await table.NewTransaction().DeleteAsync(Filter.Equal("id", 1L), cancellationToken: Cancellation))
                .CommitAsync(Cancellation);
        }
    }

    /// <summary>The process ends at a call of the store or of Glue, before the call or after it.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task One_that_is_killed_at_any_call_loses_nothing(bool isLastDone)
    {
        const int between = 3;
        for (var id = 0; id < 5; id++) await LoadAsync(id);
        var (next, kills) = (5, 0);
        for (var end = 1; ; end += between)
        {
            var steps = new Steps { End = end, IsLastDone = isLastDone };
            var machine = new Machine(Account, glue: steps.Watch(Account.Glue), objects: steps.Watch(Account.Objects));
            await using var maintenance = Open(machine);
            var error = await Record.ExceptionAsync(() => maintenance.CompactAsync("ds", cancellationToken: Cancellation));
            Assert.Equal(string.Join(',', Enumerable.Range(0, next)), await IdsAsync());
            if (error is null) break;
            kills++;
            while ((await FilesAsync()).Count < 5) await LoadAsync(next++);
        }

        Assert.InRange(kills, 5, 100);
        await using var last = Open();
        await last.CompactAsync("ds", cancellationToken: Cancellation);
        Assert.Single(await FilesAsync());
        Assert.Equal(string.Join(',', Enumerable.Range(0, next)), await IdsAsync());
    }

    [Fact]
    public async Task What_cannot_be_compacted_is_named()
    {
        await LoadAsync(0);
        await Some.Pipeline(Account).RunAsync(Some.Resource("files", """{"id":1}"""), Cancellation);
        await using var maintenance = Open();
        Task<DltException> RefusedAsync(string dataset, params string[] tables) => Assert.ThrowsAsync<DltException>(
            () => maintenance.CompactAsync(dataset, tables, cancellationToken: Cancellation));
        Assert.Contains("There is no dataset 'sd'", (await RefusedAsync("sd")).Message, StringComparison.Ordinal);
        Assert.Contains("has no table 'item'", (await RefusedAsync("ds", "item")).Message, StringComparison.Ordinal);
        Assert.Contains("'files' of dataset 'ds' is not an Iceberg table", (await RefusedAsync("ds", "files")).Message,
            StringComparison.Ordinal);
        Assert.Contains("is maintained by each load", (await RefusedAsync("ds", "_dlt_loads")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_cannot_be_read_does_not_stop_the_others()
    {
        for (var id = 0; id < 5; id++)
            await Some.Pipeline(Account).RunAsync([.. Rows(Iceberg, id), Some.Resource("broken", Iceberg, """{"id":1}""")], Cancellation);
        foreach (var key in await Machine.KeysAsync(Account, "ds/broken/metadata/snap-"))
            await Account.Objects.DeleteAsync("lake", [key], Cancellation);
        await using var maintenance = Open();
        var done = await maintenance.CompactAsync("ds", cancellationToken: Cancellation);
        Assert.Equal([("broken", true, 0), ("items", false, 5)], done.Select(t => (t.Table, t.HasFailed, t.DataFiles)));
        Assert.Contains("ds/broken/metadata/snap-", done[0].Skipped, StringComparison.Ordinal);
    }

    private static Resource[] Rows(ResourceHints hints, params int[] ids) =>
        [Some.Resource("items", hints, [.. ids.Select(id => $$"""{"id":{{id}}}""")])];

    private AthenaMaintenance Open(LakeAccount? account = null) =>
        AthenaMaintenance.Open(account ?? Account, Some.Configuration(Folder.Path));

    private Task<LoadInfo> LoadAsync(params int[] ids) => Some.Pipeline(Account).RunAsync(Rows(Iceberg, ids), Cancellation);

    /// <summary>Runs the pipeline; its process ends at the commit of the load, when its rows are visible.</summary>
    private async Task EndBeforeCommitAsync(ResourceHints hints, int id)
    {
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == "_dlt_loads"
                ? throw new Steps.EndedException() : call());
        await Assert.ThrowsAnyAsync<Exception>(() => new Machine(Account, glue: glue).Pipeline().RunAsync(Rows(hints, id), Cancellation));
        Assert.Equal(1, Machine.Pending(Account));
    }

    private Task<string> IdsAsync() => Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id");

    private Task<IcebergTable> OpenTableAsync(string name = "items") =>
        new GlueCatalog(Account.Glue, Account.Objects) { DataFileReader = new ParquetDataFileReader() }
            .LoadTableAsync(new("ds", name), Cancellation);

    private async Task<List<DataFile>> FilesAsync() =>
        await (await OpenTableAsync()).Scan().PlanFilesAsync(Cancellation).Select(t => t.File).ToListAsync(Cancellation);
}
