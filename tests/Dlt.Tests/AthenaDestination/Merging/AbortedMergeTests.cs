using Dlt.Iceberg;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>Merges that are given up after some of their commits.</summary>
public sealed class AbortedMergeTests : ItemsMergeTests
{
    [Theory, InlineData("delete-insert"), InlineData("insert-only"), InlineData("scd2")]
    public async Task New_nested_rows_go_again_while_the_root_has_none_of_the_load(string strategy)
    {
        var hints = Merge(Strategy(strategy));
        await On("a").RunAsync(Items(hints, "1 1 a", "2 2 b"));
        await EndAtAsync("a", "items", isDone: false, Items(hints, "1 1 a", "2 3 c", "3 3 d"));
        Assert.NotEqual(0, (await Chain.ReadAsync()).Orphans);
        var aborted = Assert.Single(await On("a").Pipeline().AbortPackagesAsync(cancellationToken: Cancellation));
        Assert.Empty(aborted.ReplacedTables);
        Assert.Equal(AbortOutcome.Removed, aborted.Outcome);
        await AssertRowsAsync("1 1 [a]", "2 2 [b]");
        await On("a").RunAsync(Items(hints, "1 1 a", "4 4 e"));
        Assert.Contains("4 4 [e]", (await Chain.ReadAsync()).Rows.Select(r => r.Replace("  ", " ", StringComparison.Ordinal)));
    }

    [Theory, InlineData("delete-insert"), InlineData("upsert"), InlineData("cdc")]
    public async Task Rows_that_are_merged_stay_with_their_nested_rows_and_are_named(string strategy)
    {
        var hints = Merge(Strategy(strategy));
        await On("a").RunAsync(Items(hints, "1 1 a", "2 2 b"));
        await EndAtAsync("a", "items", isDone: true, Items(hints, "1 5 c", "2 6 gone"));
        var aborted = Assert.Single(await On("a").Pipeline().AbortPackagesAsync(cancellationToken: Cancellation));
        Assert.Equal(["items", "items__tags"], aborted.ReplacedTables.Order(StringComparer.Ordinal));
        await AssertRowsAsync("1 5 [c]");
        await On("a").RunAsync(Items(hints, "1 7 d"));
        await AssertRowsAsync("1 7 [d]");
    }

    [Fact]
    public async Task Nested_rows_that_an_upsert_changed_stay_and_are_named()
    {
        var hints = Merge(new MergeStrategy.Upsert());
        await On("a").RunAsync(Items(hints, "1 1 a", "2 2 b"));
        await EndAtAsync("a", "items", isDone: false, Items(hints, "1 5 c", "3 6 d"));
        var aborted = Assert.Single(await On("a").Pipeline().AbortPackagesAsync(cancellationToken: Cancellation));
        Assert.Equal(["items__tags"], aborted.ReplacedTables);
        await AssertRowsAsync("1 1 [c]", "2 2 [b]");
    }

    [Fact]
    public async Task Rows_of_other_loads_stay()
    {
        await On("a").RunAsync(Items(Merge(), "1 1 a"));
        await EndAtAsync("a", "items", isDone: false, Items(Merge(), "1 5 c"));
        await On("b").RunAsync(Items(Merge(), "1 2 x", "2 2 y"), "another");
        await (await OpenAsync("items__tags")).CompactAsync(rewriteAll: true, cancellationToken: Cancellation);
        await On("a").Pipeline().AbortPackagesAsync(cancellationToken: Cancellation);
        await AssertRowsAsync("1 2 [x]", "2 2 [y]");
    }

    [Fact]
    public async Task A_merge_that_another_machine_cannot_complete_is_taken_back()
    {
        await On("a").RunAsync(Items(Merge(), "1 1 a"));
        await EndAtAsync("a", "items", isDone: false, Items(Merge(), "1 5 c"));
        var staged = await Machine.KeysAsync(Account, "ds/items/data/");
        var items = await OpenAsync("items");
        var own = await items.Scan().PlanFilesAsync(Cancellation).Select(f => f.File.FilePath).ToListAsync(Cancellation);
        staged.RemoveAll(k => own.Contains("s3://lake/" + k));
        await Account.Objects.DeleteAsync("lake", staged, Cancellation);
        var warnings = new List<string>();
        await On("b").RunAsync(Items(Merge(), "1 6 d"), "pipe", warnings);
        Assert.Contains(warnings, w => w.Contains("was taken back", StringComparison.Ordinal));
        await AssertRowsAsync("1 6 [d]");
    }
}
