namespace Dlt.Tests.AthenaDestination.Merging;

public class DeleteInsertTests : MergeTests
{
    [Fact, Scenario("T-58")]
    public async Task Rows_of_new_keys_are_added_and_those_of_known_keys_replaced_with_their_nested_rows()
    {
        await LoadAsync(Merged, """{"id":1,"v":"a","tags":["x","y"]}""", """{"id":2,"v":"b","tags":["z"]}""");
        await LoadAsync(Merged, """{"id":2,"v":"c","tags":["p","q"]}""", """{"id":3,"v":"d"}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1 a", "2 c", "3 d");
        await AssertTagsAsync("1 x", "1 y", "2 p", "2 q");
    }

    [Fact, Scenario("T-58")]
    public async Task Two_levels_of_nested_rows_are_replaced()
    {
        await LoadAsync(Merged, """{"id":1,"l":[{"n":1,"m":[1,2]},{"n":2,"m":[3]}]}""", """{"id":2,"l":[{"n":3,"m":[4]}]}""");
        await LoadAsync(Merged, """{"id":1,"l":[{"n":9,"m":[8,7]}]}""");
        await AssertRowsAsync("SELECT n FROM items__l ORDER BY n", "3", "9");
        await AssertRowsAsync(
            "SELECT l.n, m.value FROM items__l l JOIN items__l__m m ON m._dlt_parent_id = l._dlt_id ORDER BY 1, 2", "3 4", "9 7", "9 8");
        await AssertRowsAsync("SELECT count(*) FROM items__l__m", "3");
    }

    [Fact, Scenario("T-58")]
    public async Task Nested_rows_go_when_the_list_of_their_row_is_empty()
    {
        await LoadAsync(Merged, """{"id":1,"tags":["x"]}""", """{"id":2,"tags":["y"]}""");
        await LoadAsync(Merged, """{"id":1,"tags":[]}""");
        await AssertTagsAsync("2 y");
    }

    [Fact, Scenario("T-59")]
    public async Task All_columns_of_a_compound_key_are_compared()
    {
        var hints = Merged with { PrimaryKey = ["a", "b"] };
        await LoadAsync(hints, """{"a":1,"b":"x","v":1}""", """{"a":1,"b":"y","v":2}""", """{"a":2,"b":"x","v":3}""");
        await LoadAsync(hints, """{"a":1,"b":"y","v":9}""", """{"a":2,"b":"y","v":8}""");
        await AssertRowsAsync("SELECT a, b, v FROM items ORDER BY a, b", "1 x 1", "1 y 9", "2 x 3", "2 y 8");
    }

    [Fact, Scenario("T-59")]
    public async Task A_key_is_normalized_like_its_column()
    {
        var hints = Merged with { PrimaryKey = ["Item-ID"] };
        await LoadAsync(hints, """{"Item-ID":1,"v":1}""");
        await LoadAsync(hints, """{"Item-ID":1,"v":2}""");
        await AssertRowsAsync("SELECT item_id, v FROM items", "1 2");
    }

    [Fact, Scenario("T-59")]
    public async Task Without_any_key_rows_are_appended_with_a_warning()
    {
        var hints = Merged with { PrimaryKey = [] };
        await LoadAsync(hints, """{"id":1,"tags":["x"]}""");
        await LoadAsync(hints, """{"id":1,"tags":["y"]}""");
        await AssertRowsAsync("SELECT id FROM items", "1", "1");
        await AssertTagsAsync("1 x", "1 y");
        Assert.Contains(Warnings, w => w.Contains("'items'", StringComparison.Ordinal) && w.Contains("appended", StringComparison.Ordinal));
    }

    [Fact, Scenario("T-59")]
    public async Task With_a_merge_key_only_all_rows_of_its_values_are_replaced_and_none_is_left_out()
    {
        var hints = Merged with { PrimaryKey = [], MergeKey = ["day"] };
        await LoadAsync(
            hints, """{"day":1,"v":1,"tags":["a"]}""", """{"day":1,"v":2,"tags":["b"]}""", """{"day":2,"v":3,"tags":["c"]}""");
        await LoadAsync(hints, """{"day":1,"v":4,"tags":["d"]}""", """{"day":1,"v":4,"tags":["e"]}""", """{"day":3,"v":5}""");
        await AssertRowsAsync("SELECT day, v FROM items ORDER BY day, v", "1 4", "1 4", "2 3", "3 5");
        await AssertRowsAsync("SELECT value FROM items__tags ORDER BY value", "c", "d", "e");
    }

    [Fact, Scenario("T-59")]
    public async Task With_both_keys_a_row_goes_that_matches_one_of_them()
    {
        var hints = Merged with { MergeKey = ["day"] };
        await LoadAsync(hints, """{"id":1,"day":1}""", """{"id":2,"day":1}""", """{"id":3,"day":2}""", """{"id":4,"day":3}""");
        await LoadAsync(hints, """{"id":3,"day":1}""", """{"id":5,"day":1}""");
        await AssertRowsAsync("SELECT id, day FROM items ORDER BY id", "3 1", "4 3", "5 1");
    }

    [Fact, Scenario("T-59")]
    public async Task A_null_in_a_merge_key_matches_no_row()
    {
        var hints = Merged with { PrimaryKey = [], MergeKey = ["day"], Columns = [new("day", DataType.Bigint)] };
        await LoadAsync(hints, """{"day":null,"v":1}""", """{"day":1,"v":2}""");
        await LoadAsync(hints, """{"day":null,"v":3}""");
        await AssertRowsAsync("SELECT day, v FROM items ORDER BY v", "- 1", "1 2", "- 3");
    }

    [Fact, Scenario("T-60")]
    public async Task A_true_flag_deletes_the_row_with_its_nested_rows_and_adds_none()
    {
        var hints = Merged with { HardDelete = "gone" };
        await LoadAsync(hints, """{"id":1,"gone":false,"tags":["a"]}""", """{"id":2,"tags":["b"]}""", """{"id":3,"tags":["c"]}""");
        await LoadAsync(
            hints, """{"id":1,"gone":true,"tags":["d"]}""", """{"id":2,"gone":false,"tags":["e"]}""",
            """{"id":9,"gone":true,"tags":["f"]}""");
        await AssertRowsAsync("SELECT id, gone FROM items ORDER BY id", "2 false", "3 -");
        await AssertTagsAsync("2 e", "3 c");
    }

    [Fact, Scenario("T-60")]
    public async Task Any_value_of_another_type_deletes_the_row()
    {
        var hints = Merged with { HardDelete = "deleted_at" };
        await LoadAsync(hints, """{"id":1}""", """{"id":2}""", """{"id":3,"deleted_at":"2024-01-01T00:00:00Z"}""");
        await AssertRowsAsync("SELECT id FROM items ORDER BY id", "1", "2");
        await LoadAsync(hints, """{"id":1,"deleted_at":"2024-01-02T00:00:00Z"}""", """{"id":2,"deleted_at":null}""");
        await AssertRowsAsync("SELECT id FROM items ORDER BY id", "2");
    }

    [Theory, Scenario("T-61")]
    [InlineData(true, "new")]
    [InlineData(false, "old")]
    public async Task The_sort_column_chooses_one_of_several_rows_of_a_key(bool isDescending, string kept)
    {
        var hints = Merged with { DedupSort = new("at", isDescending) };
        await LoadAsync(
            hints, """{"id":1,"at":2,"v":"mid","tags":["mid"]}""", """{"id":1,"at":3,"v":"new","tags":["new"]}""",
            """{"id":1,"at":1,"v":"old","tags":["old"]}""", """{"id":1,"at":null,"v":"null","tags":["null"]}""");
        await AssertRowsAsync("SELECT id, v FROM items", $"1 {kept}");
        await AssertTagsAsync($"1 {kept}");
    }

    [Fact, Scenario("T-61")]
    public async Task Of_rows_that_are_equal_by_the_sort_column_the_last_stays()
    {
        var hints = Merged with { DedupSort = new("at", true) };
        await LoadAsync(hints, """{"id":1,"at":5,"v":"a"}""", """{"id":1,"at":5,"v":"b"}""", """{"id":1,"at":4,"v":"c"}""",
            """{"id":2,"at":null,"v":"d"}""", """{"id":2,"at":null,"v":"e"}""");
        await AssertRowsAsync("SELECT v FROM items ORDER BY id", "b", "e");
    }

    [Fact, Scenario("T-61")]
    public async Task A_key_disappears_when_the_chosen_row_is_a_deletion()
    {
        var hints = Merged with { DedupSort = new("at", true), HardDelete = "gone" };
        await LoadAsync(hints, """{"id":1,"at":1,"gone":false}""", """{"id":2,"at":1,"gone":false}""");
        await LoadAsync(
            hints, """{"id":1,"at":3,"gone":true}""", """{"id":1,"at":2,"gone":false}""", """{"id":2,"at":2,"gone":true}""",
            """{"id":2,"at":3,"gone":false}""");
        await AssertRowsAsync("SELECT id, \"at\" FROM items", "2 3");
    }

    [Fact]
    public async Task Without_a_sort_column_the_last_row_of_a_key_stays()
    {
        await LoadAsync(Merged, """{"id":1,"v":"a","tags":["a"]}""", """{"id":1,"v":"b","tags":["b"]}""", """{"id":2,"v":"c"}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1 b", "2 c");
        await AssertTagsAsync("1 b");
    }

    [Fact, Scenario("T-62")]
    public async Task Rows_that_are_declared_as_deduplicated_are_all_added()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.DeleteInsert { IsDeduplicated = true } };
        await LoadAsync(hints, """{"id":1,"v":0}""");
        await LoadAsync(hints, """{"id":1,"v":1}""", """{"id":1,"v":2}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY v", "1 1", "1 2");
    }

    [Fact]
    public async Task Only_rows_that_pass_the_source_filter_take_part()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.DeleteInsert { SourceFilter = "v < 100 AND v <> 5" } };
        await LoadAsync(hints, """{"id":1,"v":1,"tags":["a"]}""", """{"id":2,"v":2,"tags":["b"]}""", """{"id":3,"v":300,"tags":["c"]}""");
        await LoadAsync(hints, """{"id":1,"v":100,"tags":["d"]}""", """{"id":2,"v":20,"tags":["e"]}""", """{"id":4,"v":5,"tags":["f"]}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1 1", "2 20");
        await AssertTagsAsync("1 a", "2 e");
    }

    [Fact]
    public async Task The_rows_of_the_destination_scope_go_whatever_their_keys_are()
    {
        var hints = Merged with
        {
            PrimaryKey = [],
            MergeStrategy = new MergeStrategy.DeleteInsert { DestinationScope = "region = 'eu'" },
        };
        await LoadAsync(
            hints, """{"id":1,"region":"eu","tags":["a"]}""", """{"id":2,"region":"us","tags":["b"]}""", """{"id":3,"region":"eu"}""");
        await LoadAsync(hints, """{"id":4,"region":"eu","tags":["d"]}""", """{"id":2,"region":"us","tags":["e"]}""");
        await AssertRowsAsync("SELECT id, region FROM items ORDER BY id", "2 us", "2 us", "4 eu");
        await AssertTagsAsync("2 b", "2 e", "4 d");
        Assert.Empty(Warnings);
    }
}
