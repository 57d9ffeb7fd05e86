using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>A table that changes its disposition or its strategy between loads.</summary>
public class MergeSwitchTests : MergeTests
{
    private static readonly ResourceHints Appended = Merged with { WriteDisposition = WriteDisposition.Append };
    private static readonly ResourceHints Replaced = Merged with { WriteDisposition = WriteDisposition.Replace };

    [Fact, Scenario("T-65")]
    public async Task Merge_append_replace_and_merge_follow_each_other()
    {
        await LoadAsync(Merged, """{"id":1,"v":"a","tags":["a"]}""", """{"id":2,"v":"b","tags":["b"]}""");
        await LoadAsync(Appended, """{"id":2,"v":"c","tags":["c"]}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id, v", "1 a", "2 b", "2 c");
        await LoadAsync(Merged, """{"id":2,"v":"d","tags":["d"]}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id, v", "1 a", "2 d");
        await AssertTagsAsync("1 a", "2 d");
        await LoadAsync(Replaced, """{"id":2,"v":"e","tags":["e"]}""", """{"id":3,"v":"f","tags":["f"]}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "2 e", "3 f");
        await LoadAsync(Merged, """{"id":3,"v":"g","tags":["g"]}""", """{"id":4,"v":"h","tags":["h"]}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "2 e", "3 g", "4 h");
        await AssertTagsAsync("2 e", "3 g", "4 h");
    }

    [Theory, MemberData(nameof(KeyStrategies)), Scenario("T-65")]
    public async Task Rows_of_appends_take_part_in_the_first_merge(string strategy)
    {
        await LoadAsync(Appended, """{"id":1,"v":"a","tags":["a"]}""", """{"id":1,"v":"b","tags":["b"]}""", """{"id":2,"v":"c"}""");
        await LoadAsync(Merged with { MergeStrategy = Strategy(strategy) }, """{"id":1,"v":"d","tags":["d"]}""", """{"id":2,"v":"e"}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1 d", "2 e");
        await AssertTagsAsync("1 d");
    }

    [Fact]
    public async Task Nested_rows_of_appends_go_at_all_levels()
    {
        await LoadAsync(Appended, """{"id":1,"l":[{"n":1,"m":[1,2]}]}""", """{"id":2,"l":[{"n":2,"m":[3]}]}""");
        await LoadAsync(Merged, """{"id":1,"l":[{"n":9,"m":[9]}]}""");
        await AssertRowsAsync(
            "SELECT l.n, m.value FROM items__l l JOIN items__l__m m ON m._dlt_parent_id = l._dlt_id ORDER BY 1, 2", "2 3", "9 9");
        await AssertRowsAsync("SELECT count(*) FROM items__l__m", "2");
        await AssertRowsAsync("SELECT n FROM items__l ORDER BY n", "2", "9");
    }

    [Theory]
    [InlineData("delete-insert", "upsert")]
    [InlineData("upsert", "delete-insert")]
    [InlineData("insert-only", "upsert")]
    [InlineData("upsert", "cdc")]
    [InlineData("cdc", "delete-insert")]
    public async Task One_strategy_goes_on_with_the_rows_of_another(string first, string second)
    {
        var (before, after) = (Merged with { MergeStrategy = Strategy(first) }, Merged with { MergeStrategy = Strategy(second) });
        await LoadAsync(before, """{"id":1,"v":1,"tags":["a"]}""", """{"id":2,"v":2,"tags":["b"]}""");
        await LoadAsync(after, """{"id":1,"v":3,"tags":["c"]}""", """{"id":2,"v":4,"tags":[]}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1 3", "2 4");
        await AssertTagsAsync("1 c");
    }

    [Fact, Scenario("T-94")]
    public async Task A_fresh_machine_restores_the_schema_of_the_last_load()
    {
        foreach (var hints in new[] { Merged, Appended, Replaced, Merged }) await LoadAsync(hints, """{"id":1,"v":"a"}""", """{"id":2}""");
        var before = await Some.QueryAsync(Account, "SELECT schema_version_hash FROM _dlt_loads ORDER BY load_id DESC LIMIT 1");
        Directory.Delete(Some.Pipeline(Account).WorkingFolder, recursive: true);
        await LoadAsync(Merged, """{"id":2,"v":"b"}""");
        var after = await Some.QueryAsync(Account, "SELECT schema_version_hash FROM _dlt_loads ORDER BY load_id DESC LIMIT 1");
        Assert.Equal(before.Rows[0][0], after.Rows[0][0]);
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1 a", "2 b");
    }

    [Fact]
    public async Task Columns_that_come_with_a_merge_are_null_in_earlier_rows()
    {
        await LoadAsync(Merged, """{"id":1,"v":1}""", """{"id":2,"v":2}""");
        await LoadAsync(Merged, """{"id":2,"v":3,"w":"new","tags":["t"]}""");
        await AssertRowsAsync("SELECT id, v, w FROM items ORDER BY id", "1 1 -", "2 3 new");
        await AssertTagsAsync("2 t");
    }

    [Fact]
    public async Task A_variant_column_that_comes_with_a_merge_has_the_new_value()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.Upsert() };
        await LoadAsync(hints, """{"id":1,"v":1}""", """{"id":2,"v":2}""");
        await LoadAsync(hints, """{"id":2,"v":"text"}""");
        await AssertRowsAsync("SELECT id, v, v__v_text FROM items ORDER BY id", "1 1 -", "2 - text");
    }

    [Fact]
    public async Task Insert_only_adds_no_nested_rows_for_a_key_that_the_table_has_in_a_row_with_another_id()
    {
        await LoadAsync(Iceberg, """{"id":1,"tags":["a"]}""");
        await LoadAsync(Merged with { MergeStrategy = new MergeStrategy.DeleteInsert() }, """{"id":2,"tags":["b"]}""");
        var hints = Merged with { MergeStrategy = new MergeStrategy.InsertOnly() };
        for (var run = 0; run < 2; run++)
            await LoadAsync(hints, """{"id":1,"tags":["x"]}""", """{"id":2,"tags":["y","z"]}""", """{"id":3,"tags":["c"]}""");
        await AssertRowsAsync("SELECT value FROM items__tags ORDER BY 1", "a", "b", "c");
    }
}
