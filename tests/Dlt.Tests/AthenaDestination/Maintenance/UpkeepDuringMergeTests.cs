using Dlt.Lake;
using Dlt.Schemas;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Maintenance;

/// <summary>A merge that was killed is completed as if nothing had been compacted or expired meanwhile.</summary>
public sealed class UpkeepDuringMergeTests : AccountTests
{
    /// <summary>The process ends at a commit of the merge: nested rows, root rows, old nested rows, <c>_dlt_loads</c>.</summary>
    [Theory]
    [InlineData(1, "delete-insert"), InlineData(2, "delete-insert"), InlineData(3, "delete-insert"), InlineData(4, "delete-insert")]
    [InlineData(2, "upsert"), InlineData(3, "upsert")]
    public async Task Its_rows_are_those_of_a_merge_without_an_interruption(int commit, string strategy)
    {
        var hints = Iceberg with
        {
            WriteDisposition = WriteDisposition.Merge,
            PrimaryKey = ["id"],
            MergeStrategy = strategy == "upsert" ? new MergeStrategy.Upsert() : new MergeStrategy.DeleteInsert(),
        };
        for (var id = 0; id < 6; id++) await RunAsync(Account, hints, id, 1);
        var commits = 0;
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && ++commits == commit ? throw new Steps.EndedException() : call());
        await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(new Machine(Account, glue: glue), hints, 2, 2));
        Assert.Equal(1, Machine.Pending(Account));

        await using (var maintenance = AthenaMaintenance.Open(
            Account, Some.Configuration(Folder.Path), time: new ShiftedClock(TimeSpan.FromDays(20))))
        {
            foreach (var table in await maintenance.CompactAsync("ds", cancellationToken: Cancellation))
                Assert.Contains("is not complete", table.Skipped, StringComparison.Ordinal);
            await maintenance.ExpireSnapshotsAsync("ds", olderThan: TimeSpan.FromDays(1), cancellationToken: Cancellation);
        }

        await Some.Pipeline(Account).LoadPendingAsync(Cancellation);
        Assert.Equal("0:1,1:1,2:2,3:1,4:1,5:1", await Machine.ValuesAsync(Account, "SELECT id || ':' || v FROM items ORDER BY id"));
        Assert.Equal("t0.1,t1.1,t2.2,t3.1,t4.1,t5.1", await Machine.ValuesAsync(Account, "SELECT value FROM items__tags ORDER BY value"));

        await using var last = AthenaMaintenance.Open(
            Account, Some.Configuration(Folder.Path), time: new ShiftedClock(TimeSpan.FromDays(20)));
        Assert.All(await last.CompactAsync("ds", cancellationToken: Cancellation), t => Assert.Null(t.Skipped));
        await last.ExpireSnapshotsAsync("ds", cancellationToken: Cancellation);
        Assert.Equal("0:1,1:1,2:2,3:1,4:1,5:1", await Machine.ValuesAsync(Account, "SELECT id || ':' || v FROM items ORDER BY id"));
        Assert.Equal("t0.1,t1.1,t2.2,t3.1,t4.1,t5.1", await Machine.ValuesAsync(Account, "SELECT value FROM items__tags ORDER BY value"));
    }

    private static Task<LoadInfo> RunAsync(LakeAccount account, ResourceHints hints, int id, int version)
    {
        var machine = account as Machine ?? new Machine((LocalAthena)account);
        return machine.Pipeline().RunAsync(
            Some.Resource("items", hints, $$"""{"id":{{id}},"v":{{version}},"tags":["t{{id}}.{{version}}"]}"""), Cancellation);
    }
}
