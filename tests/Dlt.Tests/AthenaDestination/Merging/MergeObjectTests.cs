using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>Objects and calls of merges.</summary>
public class MergeObjectTests : MergeTests
{
    [Theory, MemberData(nameof(KeyStrategies)), Scenario("X-16")]
    public async Task A_merge_runs_no_query(string strategy)
    {
        var watched = new WatchedAccount(Account);
        var options = new PipelineOptions { Configuration = Some.Configuration(Account.Folder) };
        var pipeline = Pipeline.Create("pipe", Dlt.Athena.Destination(watched), "ds", options);
        var hints = Merged with { MergeStrategy = Strategy(strategy) };
        for (var v = 1; v <= 2; v++)
            await pipeline.RunAsync(Some.Resource("items", hints, $$"""{"id":1,"v":{{v}},"tags":["{{v}}"]}"""), Cancellation);
        await AssertRowsAsync("SELECT id, v FROM items", "1 2");
        Assert.Equal(0, watched.Queries);
    }

    [Theory, MemberData(nameof(KeyStrategies)), Scenario("X-17")]
    public async Task After_merges_every_data_file_belongs_to_a_snapshot_and_after_a_drop_none_is_left(string strategy)
    {
        var hints = Merged with { MergeStrategy = Strategy(strategy) };
        for (var v = 1; v <= 3; v++)
        {
            await LoadAsync(
                hints, $$"""{"id":1,"v":{{v}},"tags":["a","{{v}}"]}""", $$"""{"id":{{v}}1,"v":{{v}},"tags":["{{v}}"]}""");
        }

        foreach (var name in new[] { "items", "items__tags" })
        {
            var table = await new GlueCatalog(Account.Glue, Account.Objects).LoadTableAsync(new("ds", name), Cancellation);
            var used = new HashSet<string>(StringComparer.Ordinal);
            foreach (var snapshot in table.Metadata.Snapshots)
                await foreach (var task in table.Scan().UseSnapshot(snapshot.SnapshotId).PlanFilesAsync(Cancellation))
                    used.Add(Path.GetFileName(task.File.FilePath));
            Assert.Equal([], (await ObjectsAsync($"/{name}/data/")).Where(key => !used.Contains(Path.GetFileName(key))));
        }

        await Some.Pipeline(Account).DropAsync(new() { DropAll = true }, _ => true, Cancellation);
        Assert.Equal([], await ObjectsAsync("/items"));
    }

    [Fact, Scenario("T-48")]
    public async Task Append_replace_and_merge_of_one_source_leave_their_rows()
    {
        string[] first = ["""{"id":1,"labels":["bug"]}""", """{"id":2,"labels":["bug","ui"]}"""];
        string[] second = ["""{"id":2,"labels":["docs"]}""", """{"id":3,"labels":[]}"""];
        foreach (var items in new[] { first, second })
        {
            await Some.Pipeline(Account).RunAsync(
                new Source("github",
                [
                    Some.Resource("appended", Iceberg, items),
                    Some.Resource("replaced", Iceberg with { WriteDisposition = WriteDisposition.Replace }, items),
                    Some.Resource("merged", Merged, items),
                ]),
                Cancellation);
        }

        await AssertRowsAsync("SELECT id FROM appended ORDER BY id", "1", "2", "2", "3");
        await AssertRowsAsync("SELECT id FROM replaced ORDER BY id", "2", "3");
        await AssertRowsAsync("SELECT id FROM merged ORDER BY id", "1", "2", "3");
        await AssertRowsAsync("SELECT value FROM appended__labels ORDER BY value", "bug", "bug", "docs", "ui");
        await AssertRowsAsync("SELECT value FROM replaced__labels ORDER BY value", "docs");
        await AssertRowsAsync("SELECT value FROM merged__labels ORDER BY value", "bug", "docs");
    }

    /// <summary>Keys of the bucket that contain a text.</summary>
    private async Task<List<string>> ObjectsAsync(string part)
    {
        var keys = new List<string>();
        await foreach (var found in Account.Objects.ListAsync(new Uri(Account.BucketUrl).Host, "", Cancellation))
            if (found.Location.Key.Contains(part, StringComparison.Ordinal)) keys.Add(found.Location.Key);
        return keys;
    }
}
