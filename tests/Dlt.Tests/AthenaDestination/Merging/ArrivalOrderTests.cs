using Dlt.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>
/// Merges choose rows of one key by the order in which they came, also when their files do not keep it: rows of several partitions, and
/// sorted rows.
/// </summary>
public class ArrivalOrderTests : MergeTests
{
    private static readonly ResourceHints Partitioned = Merged with { Partitions = [Partition.Identity("c")] };

    [Fact, Scenario("T-59")]
    public async Task The_last_row_of_a_key_stays_whatever_its_partition()
    {
        await LoadAsync(Partitioned, """{"id":0,"c":"z","v":0}""");
        await LoadAsync(
            Partitioned, """{"id":1,"c":"x","v":1,"tags":["a"]}""", """{"id":2,"c":"y","v":2}""", """{"id":1,"c":"y","v":3,"tags":["b"]}""",
            """{"id":3,"c":"y","v":4}""", """{"id":3,"c":"x","v":5}""", """{"id":2,"c":"x","v":6}""", """{"id":2,"c":"y","v":7}""");
        await AssertRowsAsync("SELECT id, c, v FROM items ORDER BY id", "0 z 0", "1 y 3", "2 y 7", "3 x 5");
        await AssertTagsAsync("1 b");
    }

    [Fact, Scenario("T-60")]
    public async Task A_later_row_of_a_deleted_key_stays_in_another_partition()
    {
        var hints = Partitioned with { HardDelete = "gone" };
        await LoadAsync(hints, """{"id":1,"c":"x","v":0}""", """{"id":1,"c":"y","v":1,"gone":true}""", """{"id":1,"c":"x","v":2}""");
        await LoadAsync(hints, """{"id":2,"c":"x","v":3}""", """{"id":2,"c":"y","v":4,"gone":true}""");
        await AssertRowsAsync("SELECT id, v FROM items", "1 2");
    }

    [Theory, Scenario("T-61")]
    [InlineData(true), InlineData(false)]
    public async Task Of_rows_with_one_value_of_dedup_sort_the_last_stays_whatever_its_partition(bool isDescending)
    {
        var hints = Partitioned with { DedupSort = new("at", isDescending) };
        await LoadAsync(
            hints, """{"id":1,"c":"x","at":5,"v":1}""", """{"id":1,"c":"y","at":5,"v":2}""", """{"id":1,"c":"x","at":5,"v":3}""",
            $$"""{"id":1,"c":"y","at":{{(isDescending ? 4 : 6)}},"v":4}""");
        await AssertRowsAsync("SELECT id, v FROM items", "1 3");
    }

    [Fact, Scenario("T-63")]
    public async Task A_source_filter_chooses_before_the_order_does()
    {
        var hints = Partitioned with { MergeStrategy = new MergeStrategy.DeleteInsert { SourceFilter = "v < 10" } };
        await LoadAsync(
            hints, """{"id":1,"c":"x","v":1}""", """{"id":1,"c":"y","v":2}""", """{"id":1,"c":"x","v":3}""", """{"id":1,"c":"y","v":20}""");
        await AssertRowsAsync("SELECT id, v FROM items", "1 3");
    }

    [Fact, Scenario("T-63")]
    public async Task Insert_only_keeps_the_first_row_of_a_key_that_is_no_deletion_whatever_its_partition()
    {
        var hints = Partitioned with { MergeStrategy = new MergeStrategy.InsertOnly(), HardDelete = "gone" };
        await LoadAsync(hints, """{"id":9,"c":"y","v":0,"gone":false}""");
        await LoadAsync(
            hints, """{"id":5,"c":"y","v":0}""", """{"id":1,"c":"x","v":1}""", """{"id":1,"c":"y","v":2}""",
            """{"id":2,"c":"y","v":3,"gone":true}""", """{"id":2,"c":"x","v":4}""", """{"id":2,"c":"y","v":5}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1 1", "2 4", "5 0", "9 0");
    }

    [Fact, Scenario("T-59")]
    public async Task The_last_row_of_a_key_stays_in_a_sorted_table()
    {
        await LoadAsync(Merged, """{"id":0,"v":0}""");
        var table = (await new MergedTable(Account, "items").OpenAsync("items"))!;
        var field = table.Metadata.CurrentSchema.Find("v")!.Id;
        await table.NewTransaction().ReplaceSortOrder(new SortField(field, Transform.Identity)).CommitAsync(Cancellation);
        await LoadAsync(
            Merged, """{"id":1,"v":9}""", """{"id":2,"v":1}""", """{"id":1,"v":5}""", """{"id":2,"v":7}""", """{"id":1,"v":6}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "0 0", "1 6", "2 7");
    }
}
