using Dlt.Configuration;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Tests.AthenaDestination.Maintenance;

/// <summary>Old snapshots go with their files, except those that somebody still needs.</summary>
public sealed class ExpiryTests : AccountTests
{
    private static readonly ResourceHints Replace = Iceberg with { WriteDisposition = WriteDisposition.Replace };

    [Fact]
    public async Task Old_snapshots_go_with_the_files_that_only_they_need()
    {
        for (var id = 0; id < 4; id++) await LoadAsync(Replace, id);
        await using (var soon = Open(TimeSpan.FromDays(4)))
            Assert.Equal((0, 4), Of(await soon.ExpireSnapshotsAsync("ds", cancellationToken: Cancellation)));
        await using var later = Open(TimeSpan.FromDays(6));
        Assert.Equal((3, 1), Of(await later.ExpireSnapshotsAsync("ds", dryRun: true, cancellationToken: Cancellation)));
        Assert.Equal(4, await DataFilesAsync());
        var done = Assert.Single(await later.ExpireSnapshotsAsync("ds", cancellationToken: Cancellation));
        Assert.Equal((3, 1), (done.Expired, done.Kept));
        Assert.True(done.DeletedFiles >= 6, $"{done}");   // data files and manifest lists
        Assert.Equal(1, await DataFilesAsync());
        Assert.Equal("3", await IdsAsync());
        Assert.Empty(await later.FindOrphansAsync("ds", Cancellation));
    }

    [Fact]
    public async Task Age_and_number_are_those_of_the_caller_before_those_of_the_table()
    {
        for (var id = 0; id < 5; id++) await LoadAsync(Iceberg, id);
        await SetAsync(("history.expire.max-snapshot-age-ms", "7200000"), ("history.expire.min-snapshots-to-keep", "4"));
        await using var later = Open(TimeSpan.FromHours(3));
        Assert.Equal((1, 4), Of(await later.ExpireSnapshotsAsync("ds", dryRun: true, cancellationToken: Cancellation)));
        Assert.Equal((3, 2), Of(await later.ExpireSnapshotsAsync("ds", keep: 2, dryRun: true, cancellationToken: Cancellation)));
        Assert.Equal((0, 5), Of(await later.ExpireSnapshotsAsync(
            "ds", olderThan: TimeSpan.FromHours(4), keep: 1, dryRun: true, cancellationToken: Cancellation)));
        Assert.Equal((4, 1), Of(await later.ExpireSnapshotsAsync("ds", ["items"], TimeSpan.Zero, 1, cancellationToken: Cancellation)));
        Assert.Equal("0,1,2,3,4", await IdsAsync());
    }

    [Fact]
    public async Task Snapshots_of_the_last_hour_stay_for_queries()
    {
        for (var id = 0; id < 3; id++) await LoadAsync(Iceberg, id);
        await using var now = Open(TimeSpan.Zero);
        var plan = Assert.Single(await now.ExpireSnapshotsAsync("ds", olderThan: TimeSpan.Zero, cancellationToken: Cancellation));
        Assert.Equal((0, 3, 2), (plan.Expired, plan.Kept, plan.Needed));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_a_load_needs_that_is_not_complete_stays(bool isReplace)
    {
        for (var id = 0; id < 3; id++) await LoadAsync(Iceberg, id);
        var before = (await OpenTableAsync()).Metadata.CurrentSnapshot!.SnapshotId;
        await EndBeforeCommitAsync(isReplace ? Replace : Iceberg, 3);
        await LoadOfAnotherPipelineAsync(4);
        await using (var later = Open(TimeSpan.FromDays(20)))
        {
            var done = Assert.Single(
                await later.ExpireSnapshotsAsync("ds", olderThan: TimeSpan.FromDays(1), cancellationToken: Cancellation));
            Assert.Equal((0, 4), (done.Expired, done.Needed));
        }

        Assert.NotNull((await OpenTableAsync()).Metadata.Find(before));
        await Some.Pipeline(Account).AbortPackagesAsync(cancellationToken: Cancellation);
        Assert.Equal(isReplace ? "3,4" : "0,1,2,4", await IdsAsync());
        await using var much = Open(TimeSpan.FromDays(20));
        Assert.True(Assert.Single(await much.ExpireSnapshotsAsync("ds", cancellationToken: Cancellation)).Expired >= 4);
        Assert.Equal(isReplace ? "3,4" : "0,1,2,4", await IdsAsync());
    }

    [Fact]
    public async Task A_late_replace_does_not_remove_rows_of_later_loads_whose_snapshots_expired()
    {
        await LoadAsync(Iceberg, 0);
        var stopped = Steps.Intercept(Account.Objects, (method, call) =>
            method == "PutAsync" ? throw new Steps.EndedException() : call());
        var replacing = Folder.File("replacing");
        await Assert.ThrowsAnyAsync<Exception>(() =>
            new Machine(Account, replacing, objects: stopped).Pipeline("other", settings: ("DESTINATION__ATHENA__LEASE", "0"))
                .RunAsync(Rows(Replace, 50), Cancellation));
        await LoadAsync(Iceberg, 1);
        await LoadAsync(Iceberg, 2);
        await using var later = Open(TimeSpan.FromDays(9));
        Assert.Equal((2, 1), Of(await later.ExpireSnapshotsAsync("ds", cancellationToken: Cancellation)));
        await Assert.ThrowsAnyAsync<DltException>(() => new Machine(Account, replacing).Pipeline("other").LoadPendingAsync(Cancellation));
        Assert.Equal("0,1,2", await IdsAsync());
    }

    [Fact]
    public async Task A_table_that_forbids_it_stays_and_says_so()
    {
        await LoadAsync(Iceberg, 0);
        await LoadAsync(Iceberg, 1);
        await SetAsync(("gc.enabled", "false"));
        await using var later = Open(TimeSpan.FromDays(6));
        var skipped = Assert.Single(await later.ExpireSnapshotsAsync("ds", cancellationToken: Cancellation));
        Assert.Equal((0, 2, false), (skipped.Expired, skipped.Kept, skipped.HasFailed));
        Assert.Contains("gc.enabled", skipped.Skipped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_destination_is_not_changed()
    {
        await LoadAsync(Iceberg, 0);
        await using var maintenance = AthenaMaintenance.Open(
            Account, Some.Configuration(Folder.Path), options: new AthenaOptions { IsReadOnly = true });
        await maintenance.ExpireSnapshotsAsync("ds", dryRun: true, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<ConfigurationException>(() => maintenance.ExpireSnapshotsAsync("ds", cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ConfigurationException>(() => maintenance.CompactAsync("ds", cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ConfigurationException>(() => maintenance.DeleteVersionsAsync("ds", cancellationToken: Cancellation));
    }

    private static (int Expired, int Kept) Of(IReadOnlyList<TableExpiry> tables) =>
        (Assert.Single(tables).Expired, tables[0].Kept);

    private static Resource[] Rows(ResourceHints hints, int id) => [Some.Resource("items", hints, $$"""{"id":{{id}}}""")];

    private AthenaMaintenance Open(TimeSpan later) =>
        AthenaMaintenance.Open(Account, Some.Configuration(Folder.Path), time: new ShiftedClock(later));

    private Task<LoadInfo> LoadAsync(ResourceHints hints, int id) => Some.Pipeline(Account).RunAsync(Rows(hints, id), Cancellation);

    private Task<LoadInfo> LoadOfAnotherPipelineAsync(int id) =>
        new Machine(Account, Folder.File("other")).Pipeline("other").RunAsync(Rows(Iceberg, id), Cancellation);

    /// <summary>Runs the pipeline; its process ends at the commit of the load, when its rows are visible.</summary>
    private async Task EndBeforeCommitAsync(ResourceHints hints, int id)
    {
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == "_dlt_loads"
                ? throw new Steps.EndedException() : call());
        await Assert.ThrowsAnyAsync<Exception>(() => new Machine(Account, glue: glue).Pipeline().RunAsync(Rows(hints, id), Cancellation));
        Assert.Equal(1, Machine.Pending(Account));
    }

    private async Task SetAsync(params (string Name, string Value)[] properties) => await (await OpenTableAsync()).NewTransaction()
        .UpdateProperties(properties.ToDictionary(p => p.Name, p => p.Value)).CommitAsync(Cancellation);

    private Task<string> IdsAsync() => Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id");

    private async Task<int> DataFilesAsync() => (await Machine.KeysAsync(Account, "ds/items/data/")).Count;

    private Task<IcebergTable> OpenTableAsync() =>
        new GlueCatalog(Account.Glue, Account.Objects) { DataFileReader = new ParquetDataFileReader() }
            .LoadTableAsync(new("ds", "items"), Cancellation);
}
