using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>A program that declares a merge otherwise than in its last run: what it declares counts, and nothing of before.</summary>
public class RedeclaredMergeTests : MergeTests
{
    private const string Rows = "SELECT id, v FROM items ORDER BY id, v";

    private static readonly ResourceHints Versioned =
        Iceberg with { WriteDisposition = WriteDisposition.Merge, MergeStrategy = new MergeStrategy.Scd2() };

    [Theory]
    [InlineData("delete-insert")]
    [InlineData("upsert")]
    [InlineData("cdc")]
    public async Task A_filter_that_is_declared_no_more_filters_no_row(string strategy)
    {
        MergeStrategy filtered = strategy switch
        {
            "delete-insert" => new MergeStrategy.DeleteInsert { SourceFilter = "v < 10" },
            "upsert" => new MergeStrategy.Upsert { SourceFilter = "v < 10" },
            _ => new MergeStrategy.Cdc { SourceFilter = "v < 10" },
        };
        await LoadAsync(Merged with { MergeStrategy = filtered }, """{"id":1,"v":5}""", """{"id":2,"v":50}""");
        await AssertRowsAsync(Rows, "1 5");
        await LoadAsync(Merged with { MergeStrategy = Strategy(strategy) }, """{"id":1,"v":60}""", """{"id":2,"v":50}""");
        await AssertRowsAsync(Rows, "1 60", "2 50");
    }

    [Fact]
    public async Task A_scope_and_a_waiver_of_deduplication_end_with_their_declaration()
    {
        var before = new MergeStrategy.DeleteInsert { DestinationScope = "v > 100", IsDeduplicated = true };
        await LoadAsync(Merged with { MergeStrategy = before }, """{"id":1,"v":5}""", """{"id":1,"v":6}""");
        await AssertRowsAsync(Rows, "1 5", "1 6");
        await LoadAsync(Merged with { MergeStrategy = new MergeStrategy.DeleteInsert() }, """{"id":1,"v":7}""", """{"id":1,"v":8}""");
        await AssertRowsAsync(Rows, "1 8");
    }

    [Fact]
    public async Task Without_a_declared_strategy_a_table_keeps_the_one_that_it_has()
    {
        await LoadAsync(Merged with { MergeStrategy = new MergeStrategy.InsertOnly() }, """{"id":1,"v":1}""");
        await LoadAsync(Merged, """{"id":1,"v":2}""", """{"id":2,"v":2}""");
        await AssertRowsAsync(Rows, "1 1", "2 2");
    }

    [Fact]
    public async Task A_column_that_marks_deletions_or_orders_rows_is_the_one_that_was_declared_last()
    {
        var before = Merged with { HardDelete = "gone", DedupSort = new DedupSort("a", true) };
        await LoadAsync(before, """{"id":1,"v":1,"a":1,"b":1,"gone":false,"dropped":false}""");
        var after = Merged with { HardDelete = "dropped", DedupSort = new DedupSort("b", true) };
        await LoadAsync(
            after,
            """{"id":1,"v":2,"a":9,"b":1,"gone":true,"dropped":false}""",
            """{"id":1,"v":3,"a":1,"b":2,"gone":true,"dropped":false}""");
        await AssertRowsAsync(Rows, "1 3");
    }

    [Fact]
    public async Task A_merge_key_in_place_of_a_primary_key_drops_no_row_of_one_primary_key()
    {
        await LoadAsync(Merged, """{"id":1,"m":"a","v":1}""", """{"id":2,"m":"b","v":1}""");
        await LoadAsync(Merged with { PrimaryKey = [], MergeKey = ["m"] }, """{"id":1,"m":"a","v":2}""", """{"id":1,"m":"a","v":3}""");
        await AssertRowsAsync(Rows, "1 2", "1 3", "2 1");
    }

    [Fact]
    public async Task Versions_begin_with_the_load_when_no_boundary_is_declared_any_more()
    {
        var boundary = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await LoadAsync(Versioned with { MergeStrategy = new MergeStrategy.Scd2 { BoundaryTimestamp = boundary } }, """{"id":1,"v":1}""");
        await LoadAsync(Versioned, """{"id":1,"v":2}""");
        await AssertRowsAsync(
            "SELECT v, _dlt_valid_from > TIMESTAMP '2024-01-01', _dlt_valid_to > TIMESTAMP '2024-01-01' FROM items ORDER BY v",
            "1 false true", "2 true -");
    }

    [Fact]
    public async Task Versions_have_the_columns_that_were_declared_last()
    {
        await LoadAsync(Versioned, """{"id":1,"v":1}""");
        var named = new MergeStrategy.Scd2 { ValidFromColumn = "since", ValidToColumn = "until" };
        await LoadAsync(Versioned with { MergeStrategy = named }, """{"id":1,"v":2}""");
        await AssertRowsAsync("SELECT v, since IS NULL, until IS NULL FROM items ORDER BY v", "1 true false", "2 false true");
    }
}
