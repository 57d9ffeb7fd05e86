using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>The load info says what a merge did to the rows of each table.</summary>
public sealed class MergedRowsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_upsert_counts_new_changed_unchanged_and_deleted_rows()
    {
        var strategy = new MergeStrategy.Upsert { SkipUnchangedRows = true };
        await LoadAsync(strategy, """{"id":1,"v":"a","gone":false}""", """{"id":2,"v":"b","gone":false}""", """{"id":3,"v":"c"}""");
        var info = await LoadAsync(
            strategy, """{"id":1,"v":"a"}""", """{"id":2,"v":"x"}""", """{"id":3,"v":"c","gone":true}""", """{"id":4,"v":"d"}""");
        Assert.Equal(new(Inserted: 1, Updated: 1, Deleted: 1, Unchanged: 1), info.Merged["orders"]);
        Assert.Contains("- orders: 4 row(s): 1 inserted, 1 updated, 1 deleted, 1 unchanged", info.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nested_rows_are_counted_in_their_own_table()
    {
        var strategy = new MergeStrategy.DeleteInsert();
        await LoadAsync(strategy, """{"id":1,"lines":[{"n":1},{"n":2}]}""", """{"id":2,"lines":[{"n":3}]}""");
        var info = await LoadAsync(strategy, """{"id":1,"lines":[{"n":4}]}""");
        Assert.Equal(new(Inserted: 1, Updated: 0, Deleted: 1, Unchanged: 0), info.Merged["orders"]);
        Assert.Equal(new(Inserted: 1, Updated: 0, Deleted: 2, Unchanged: 0), info.Merged["orders__lines"]);
    }

    [Fact]
    public async Task An_append_has_no_counts()
    {
        var account = Some.Account(_folder);
        var info = await new Machine(account).RunAsync(Some.Resource("orders", """{"id":1}"""));
        Assert.Empty(info.Merged);
    }

    private Task<LoadInfo> LoadAsync(MergeStrategy strategy, params string[] items) =>
        new Machine(Some.Account(_folder)).RunAsync(Some.Resource("orders", new ResourceHints
        {
            WriteDisposition = WriteDisposition.Merge,
            MergeStrategy = strategy,
            PrimaryKey = ["id"],
            TableFormat = TableFormat.Iceberg,
            HardDelete = strategy is MergeStrategy.Upsert ? "gone" : null,
        }, items));
}
