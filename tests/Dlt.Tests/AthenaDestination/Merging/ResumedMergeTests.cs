using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>Merges whose machine ended after some of their commits, and which go on after others changed the tables.</summary>
public sealed class ResumedMergeTests : ItemsMergeTests
{
    [Theory, InlineData("a"), InlineData("b")]
    public async Task A_merge_of_rows_with_the_same_key_is_repeated_after_its_last_commit(string next)
    {
        await On("a").RunAsync(Items(Merge(), "1 1 a"));
        await EndAtAsync("a", "_dlt_loads", isDone: false, Items(Merge(), "1 2 b", "1 3 c", "2 4 d"));
        await On(next).RunAsync(Items(Merge(), "3 5 e"));
        await AssertRowsAsync("1 3 [c]", "2 4 [d]", "3 5 [e]");
    }

    [Theory, InlineData("a"), InlineData("b")]
    public async Task A_merge_is_completed_after_others_changed_columns_and_partitions(string next)
    {
        await On("a").RunAsync(Items(Merge(), "1 1 a", "2 2 b"));
        await EndAtAsync("a", "items", isDone: true, Items(Merge(), "1 5 c"));
        foreach (var name in new[] { "items", "items__tags" })
        {
            var table = await OpenAsync(name);
            await table.NewTransaction().UpdateSchema(s => s.AddColumn("more", new PrimitiveType(PrimitiveKind.Int)))
                .UpdateSpec(s => s.AddField("_dlt_id", Transform.Bucket(2))).CommitAsync(Cancellation);
        }

        await On(next).RunAsync(Items(Merge(), "3 6 d"));
        await AssertRowsAsync("1 5 [c]", "2 2 [b]", "3 6 [d]");
    }

    [Theory, InlineData("delete-insert", "a"), InlineData("delete-insert", "b"), InlineData("cdc", "a"), InlineData("upsert", "b")]
    public async Task Old_nested_rows_go_although_the_snapshot_before_the_merge_has_expired(string strategy, string next)
    {
        var hints = Merge(Strategy(strategy));
        await On("a").RunAsync(Items(hints, "1 1 a", "2 2 b"));
        await EndAtAsync("a", "items", isDone: true, Items(hints, "1 5 c", "2 6 gone"));
        Assert.NotEqual(0, (await Chain.ReadAsync()).Orphans);
        foreach (var table in new[] { "items", "items__tags" })
            await (await OpenAsync(table)).ExpireSnapshotsAsync(DateTimeOffset.UtcNow.AddDays(1), 1, Cancellation);
        var warnings = new List<string>();
        await On(next).RunAsync(Some.Resource("other", """{"id":1}"""), "pipe", warnings);
        await AssertRowsAsync("1 5 [c]");
        Assert.Contains(warnings, w => w.Contains("has expired", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nested_rows_of_a_load_under_way_stay_when_the_snapshot_before_the_merge_has_expired()
    {
        await On("a").RunAsync(Items(Merge(), "1 1 a", "2 2 b"));
        await EndAtAsync("a", "items", isDone: true, Items(Merge(), "1 5 c"));
        await EndAtAsync("b", "items", isDone: false, Items(Merge(), "3 7 x"), "another");
        await (await OpenAsync("items")).ExpireSnapshotsAsync(DateTimeOffset.UtcNow.AddDays(1), 1, Cancellation);
        var warnings = new List<string>();
        await On("a").RunAsync(Some.Resource("other", """{"id":1}"""), "pipe", warnings);
        Assert.Contains(warnings, w => w.Contains("is under way there. Remove them later: DELETE FROM", StringComparison.Ordinal));
        await On("b").RunAsync(Some.Resource("other", """{"id":1}"""), "another");
        Assert.Contains("3 7 [x]", (await Chain.ReadAsync()).Rows.Select(r => r.Replace("  ", " ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("delete-insert", "a"), InlineData("upsert", "b"), InlineData("insert-only", "a"), InlineData("scd2", "b")]
    public async Task Nested_rows_that_a_replace_removed_meanwhile_come_with_their_root_rows(string strategy, string next)
    {
        var hints = Merge(Strategy(strategy));
        await On("a").RunAsync(Items(hints, "1 1 a"));
        await EndAtAsync("a", "items", isDone: false, Items(hints, "2 5 c", "3 6 d e"));
        await On("c").RunAsync(Items(Iceberg with { WriteDisposition = WriteDisposition.Replace }, "9 9 z"), "another");
        await On(next).RunAsync(Some.Resource("other", """{"id":1}"""));
        var (rows, orphans) = await Chain.ReadAsync();
        var plain = rows.Select(r => r.Replace("  ", " ", StringComparison.Ordinal)).ToList();
        Assert.Contains("2 5 [c]", plain);
        Assert.Contains("3 6 [de]", plain);
        Assert.Contains(plain, r => r.StartsWith("9 9 [z]", StringComparison.Ordinal));
        Assert.Equal(0, orphans);
        Assert.Empty(await ReturnedFilesAsync("items__tags"));
        Assert.Empty(await Chain.IncompleteAsync());
    }

    [Fact]
    public async Task A_nested_table_that_was_dropped_meanwhile_is_made_again()
    {
        await On("a").RunAsync(Items(Merge(), "1 1 a", "2 2 b"));
        await Account.Glue.DeleteTableAsync("ds", "items__tags", Cancellation);
        await On("a").RunAsync(Items(Merge(), "1 5 c"));
        await AssertRowsAsync("1 5 [c]", "2 2 []");
        await EndAtAsync("a", "items", isDone: false, Items(Merge(), "1 6 d"));
        await Account.Glue.DeleteTableAsync("ds", "items__tags", Cancellation);
        await On("a").RunAsync(Items(Merge(), "3 7 e"));
        await AssertRowsAsync("1 6 [d]", "2 2 []", "3 7 [e]");
    }

    [Fact]
    public async Task Files_that_no_row_matched_are_the_same_and_nothing_is_left()
    {
        for (var id = 1; id < 5; id++) await On("a").RunAsync(Items(Merge(), $"{id} {id} a"));
        var before = await FilesAsync();
        await On("a").RunAsync(Items(Merge(), "2 7 b", "2 8 c", "9 9 d"));
        var after = await FilesAsync();
        Assert.Equal(3, before.Intersect(after).Count());
        Assert.Equal(4, after.Count);
        Assert.Empty(await OrphansAsync());
        await AssertRowsAsync("1 1 [a]", "2 8 [c]", "3 3 [a]", "4 4 [a]", "9 9 [d]");
    }

    private async Task<List<string>> FilesAsync() =>
        [.. (await (await OpenAsync("items")).Scan().PlanFilesAsync(Cancellation).ToListAsync(Cancellation)).Select(f => f.File.FilePath)];

    /// <summary>
    /// Files of a table that an earlier snapshot had, a later one not, and that the current one has again: an engine that expires the
    /// snapshot between would delete them.
    /// </summary>
    private async Task<List<string>> ReturnedFilesAsync(string name)
    {
        var table = await OpenAsync(name);
        var (left, before) = (new HashSet<string>(), new HashSet<string>());
        List<string> returned = [];
        foreach (var snapshot in table.Metadata.Snapshots.OrderBy(s => s.SequenceNumber))
        {
            var tasks = await table.Scan().UseSnapshot(snapshot.SnapshotId).PlanFilesAsync(Cancellation).ToListAsync(Cancellation);
            var files = tasks.Select(f => f.File.FilePath).ToHashSet();
            returned = [.. files.Where(left.Contains)];
            left.UnionWith(before.Except(files));
            before = files;
        }

        return returned;
    }
}
