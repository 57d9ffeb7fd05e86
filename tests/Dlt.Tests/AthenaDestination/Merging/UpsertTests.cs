using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

public class UpsertTests : MergeTests
{
    private static readonly ResourceHints Upserted = Merged with { MergeStrategy = new MergeStrategy.Upsert() };

    [Fact, Scenario("T-58")]
    public async Task Rows_that_are_not_loaded_stay_and_nested_rows_of_updated_rows_are_replaced()
    {
        await LoadAsync(Upserted, """{"id":1,"v":"a","tags":["x","y"]}""", """{"id":2,"v":"b","tags":["z"]}""");
        await LoadAsync(Upserted, """{"id":2,"v":"c","tags":["p","q"]}""", """{"id":3,"v":"d","tags":[]}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1 a", "2 c", "3 d");
        await AssertTagsAsync("1 x", "1 y", "2 p", "2 q");
        await LoadAsync(Upserted, """{"id":2,"v":"e","tags":["p"]}""", """{"id":1,"v":"a","tags":[]}""");
        await AssertTagsAsync("2 p");
    }

    [Fact, Scenario("T-58")]
    public async Task Two_levels_of_nested_rows_are_replaced()
    {
        await LoadAsync(Upserted, """{"id":1,"l":[{"n":1,"m":[1,2]},{"n":2,"m":[3]}]}""", """{"id":2,"l":[{"n":3,"m":[4]}]}""");
        await LoadAsync(Upserted, """{"id":1,"l":[{"n":9,"m":[8]}]}""");
        await AssertRowsAsync("SELECT n FROM items__l ORDER BY n", "3", "9");
        await AssertRowsAsync(
            "SELECT l.n, m.value FROM items__l l JOIN items__l__m m ON m._dlt_parent_id = l._dlt_id ORDER BY 1, 2", "3 4", "9 8");
        await AssertRowsAsync("SELECT count(*) FROM items__l__m", "2");
    }

    [Fact]
    public async Task A_row_keeps_its_id_when_it_is_updated()
    {
        await LoadAsync(Upserted, """{"id":1,"v":"a"}""");
        var id = (await Some.QueryAsync(Account, "SELECT _dlt_id FROM items")).Rows[0][0];
        await LoadAsync(Upserted, """{"id":1,"v":"b"}""");
        await AssertRowsAsync("SELECT v, _dlt_id FROM items", $"b {id}");
    }

    [Theory, Scenario("T-60")]
    [InlineData("upsert")]
    [InlineData("cdc")]
    public async Task Deletions_remove_the_row_with_its_nested_rows(string strategy)
    {
        var hints = Merged with { MergeStrategy = Strategy(strategy), HardDelete = "gone" };
        await LoadAsync(hints, """{"id":1,"gone":false,"tags":["a"]}""", """{"id":2,"tags":["b"]}""");
        await LoadAsync(hints, """{"id":1,"gone":true,"tags":["d"]}""", """{"id":2,"gone":false,"tags":["e"]}""");
        await AssertRowsAsync("SELECT id FROM items", "2");
        await AssertTagsAsync("2 e");
    }

    [Fact, Scenario("T-60")]
    public async Task Any_value_of_another_type_deletes_the_row()
    {
        var hints = Upserted with { HardDelete = "deleted" };
        await LoadAsync(hints, """{"id":1,"v":1}""", """{"id":2,"v":1}""");
        await LoadAsync(hints, """{"id":1,"deleted":"no"}""", """{"id":2,"v":2,"deleted":null}""");
        await AssertRowsAsync("SELECT id, v FROM items", "2 2");
    }

    [Fact]
    public async Task Only_rows_that_pass_the_source_filter_take_part()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.Upsert { SourceFilter = "kind IN ('a', 'b')" } };
        await LoadAsync(
            hints, """{"id":1,"kind":"a","tags":["x"]}""", """{"id":2,"kind":"b","tags":["y"]}""", """{"id":3,"kind":"c","tags":["z"]}""");
        await LoadAsync(hints, """{"id":1,"kind":"c","tags":["p"]}""", """{"id":2,"kind":"a","tags":["q"]}""");
        await AssertRowsAsync("SELECT id, kind FROM items ORDER BY id", "1 a", "2 a");
        await AssertTagsAsync("1 x", "2 q");
    }

    [Fact]
    public async Task Braces_of_a_source_filter_are_doubled_as_in_dlt()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.Upsert { SourceFilter = "kind = '{{a}}'" } };
        await LoadAsync(hints, """{"id":1,"kind":"{a}"}""", """{"id":2,"kind":"{{a}}"}""", """{"id":3,"kind":"a"}""");
        await AssertRowsAsync("SELECT id FROM items", "1");
    }

    [Theory]
    [InlineData(1, "- 1", "2 0")]
    [InlineData(2, "2 0")]
    public async Task Cdc_keeps_a_stored_row_without_a_key_of_one_column_as_SQL_does(int columns, params string[] rows)
    {
        await LoadAsync(Iceberg, """{"id":1,"k":0}""", """{"id":null,"k":1}""");
        var hints = Merged with { PrimaryKey = columns == 1 ? ["id"] : ["id", "k"], MergeStrategy = new MergeStrategy.Cdc() };
        await LoadAsync(hints, """{"id":2,"k":0}""");
        await AssertRowsAsync("SELECT id, k FROM items ORDER BY k DESC", rows);
    }

    [Theory]
    [InlineData("upsert")]
    [InlineData("cdc")]
    public async Task Rows_that_are_the_same_keep_their_load(string strategy)
    {
        MergeStrategy skips = strategy == "cdc"
            ? new MergeStrategy.Cdc { SkipUnchangedRows = true } : new MergeStrategy.Upsert { SkipUnchangedRows = true };
        var hints = Merged with { MergeStrategy = skips };
        var first = await LoadAsync(hints, """{"id":1,"v":1,"tags":["a"]}""", """{"id":2,"v":2,"tags":["b"]}""", """{"id":3,"v":null}""");
        var second = await LoadAsync(hints, """{"id":1,"v":1,"tags":["a"]}""", """{"id":2,"v":9,"tags":["c"]}""", """{"id":3,"v":3}""");
        var (old, own) = (first.Packages[0].LoadId, second.Packages[0].LoadId);
        await AssertRowsAsync("SELECT id, v, _dlt_load_id FROM items ORDER BY id", $"1 1 {old}", $"2 9 {own}", $"3 3 {own}");
        await AssertTagsAsync("1 a", "2 c");
    }

    [Fact]
    public async Task Nested_rows_change_although_their_root_row_is_the_same()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.Upsert { SkipUnchangedRows = true } };
        await LoadAsync(hints, """{"id":1,"v":1,"tags":["a","b"]}""", """{"id":2,"v":2,"tags":["c"]}""");
        await LoadAsync(hints, """{"id":1,"v":1,"tags":["x"]}""");
        await AssertTagsAsync("1 x", "2 c");
    }

    [Theory]
    [InlineData("1", "\"1\"")]    // the same key in another form has another id
    [InlineData("1", "1", true)]   // and so has a row that was appended
    public async Task Nested_rows_belong_to_a_row_that_is_the_same_and_has_another_id(string before, string after, bool isAppended = false)
    {
        var hints = Merged with
        {
            MergeStrategy = new MergeStrategy.Upsert { SkipUnchangedRows = true },
            Columns = [new("id", DataType.Bigint, nullable: false)],
        };
        var first = isAppended ? Iceberg with { Columns = hints.Columns } : hints;
        await LoadAsync(first, $$"""{"id":{{before}},"v":1,"tags":["a","b"]}""", """{"id":2,"v":2,"tags":["c"]}""");
        await LoadAsync(hints, $$"""{"id":{{after}},"v":1,"tags":["x"]}""");
        await AssertRowsAsync(
            "SELECT i.id, t.value FROM items i JOIN items__tags t ON t._dlt_parent_id = i._dlt_id ORDER BY 1, 2", "1 x", "2 c");
        await AssertRowsAsync("SELECT count(*) FROM items__tags", "2");
    }

    [Fact]
    public async Task Rows_with_native_lists_and_structs_are_compared()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.Upsert { SkipUnchangedRows = true }, NestedAs = NestedAs.Columns };
        var first = await LoadAsync(hints, Nested(1, "a"), Nested(2, "b"), """{"id":3,"o":null}""", """{"id":4,"o":{"t":[]}}""");
        var second = await LoadAsync(hints, Nested(1, "a"), Nested(2, "c"), """{"id":3,"o":null}""", """{"id":4,"o":{"t":null}}""");
        var (old, own) = (first.Packages[0].LoadId, second.Packages[0].LoadId);
        await AssertRowsAsync(
            "SELECT id, o.t[2].n, _dlt_load_id FROM items ORDER BY id", $"1 a {old}", $"2 c {own}", $"3 - {old}", $"4 - {own}");

        static string Nested(int id, string name) => $$$"""{"id":{{{id}}},"o":{"k":1.5,"t":[null,{"n":"{{{name}}}","l":[1,2]}]}}""";
    }

    [Fact]
    public async Task The_row_version_alone_decides_which_rows_changed()
    {
        var hints = Merged with
        {
            MergeStrategy = new MergeStrategy.Upsert { SkipUnchangedRows = true, RowVersionColumn = "rev" },
        };
        await LoadAsync(hints, """{"id":1,"rev":1,"v":"a"}""", """{"id":2,"rev":1,"v":"b"}""");
        await LoadAsync(hints, """{"id":1,"rev":1,"v":"x"}""", """{"id":2,"rev":2,"v":"y"}""");
        await AssertRowsAsync("SELECT id, rev, v FROM items ORDER BY id", "1 1 a", "2 2 y");
    }

    [Fact]
    public async Task Cdc_deletes_the_rows_that_are_not_loaded()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.Cdc() };
        await LoadAsync(hints, """{"id":1,"tags":["a"]}""", """{"id":2,"tags":["b"]}""", """{"id":3,"tags":["c"]}""");
        await LoadAsync(hints, """{"id":2,"tags":["d"]}""", """{"id":4,"tags":["e"]}""");
        await AssertRowsAsync("SELECT id FROM items ORDER BY id", "2", "4");
        await AssertTagsAsync("2 d", "4 e");
    }

    [Fact]
    public async Task Cdc_deletes_absent_rows_of_the_scope_only_and_updates_all_others()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.Cdc { DestinationScope = "region = 'eu'" } };
        await LoadAsync(hints, """{"id":1,"region":"eu","v":1}""", """{"id":2,"region":"us","v":2}""", """{"id":3,"region":"us","v":3}""");
        await LoadAsync(hints, """{"id":2,"region":"us","v":20}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "2 20", "3 3");
    }

    [Fact]
    public async Task Cdc_deletes_absent_rows_of_loaded_merge_keys_only()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.Cdc(), MergeKey = ["shop"] };
        await LoadAsync(hints, """{"id":1,"shop":1}""", """{"id":2,"shop":1}""", """{"id":3,"shop":2}""");
        await LoadAsync(hints, """{"id":2,"shop":1}""");
        await AssertRowsAsync("SELECT id FROM items ORDER BY id", "2", "3");
        Assert.Empty(Warnings);
    }

    [Fact]
    public async Task Cdc_compares_compound_keys_as_a_whole()
    {
        var hints = Merged with { PrimaryKey = ["a", "b"], MergeStrategy = new MergeStrategy.Cdc() };
        await LoadAsync(hints, """{"a":1,"b":1}""", """{"a":1,"b":2}""", """{"a":2,"b":1}""");
        await LoadAsync(hints, """{"a":1,"b":2}""", """{"a":2,"b":1}""");
        await AssertRowsAsync("SELECT a, b FROM items ORDER BY a, b", "1 2", "2 1");
    }

    [Theory, Scenario("T-63")]
    [InlineData("""{"id":1,"v":"x","tags":["p"]}""", "1 a", "1 q")]
    [InlineData("""{"id":2,"v":"b","tags":["p"]}""", "1 a,2 b", "1 q,2 p")]
    [InlineData("""{"id":2,"v":"b","gone":true,"tags":["p"]}""", "1 a", "1 q")]
    [InlineData("""{"id":1,"v":"b","gone":true,"tags":["p"]}""", "1 a", "1 q")]
    public async Task Insert_only_adds_the_rows_of_new_keys_and_changes_none(string item, string rows, string tags)
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.InsertOnly(), HardDelete = "gone" };
        await LoadAsync(hints, """{"id":1,"v":"a","gone":false,"tags":["q"]}""");
        await LoadAsync(hints, item);
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", rows.Split(','));
        await AssertTagsAsync(tags.Split(','));
    }

    [Fact, Scenario("T-63")]
    public async Task Insert_only_adds_the_new_nested_rows_of_known_rows()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.InsertOnly() };
        await LoadAsync(hints, """{"id":1,"v":"a","tags":["p"]}""");
        await LoadAsync(hints, """{"id":1,"v":"b","tags":["p","q"]}""");
        await AssertRowsAsync("SELECT id, v FROM items", "1 a");
        await AssertTagsAsync("1 p", "1 q");
    }

    [Fact]
    public async Task Insert_only_keeps_the_first_of_several_rows_of_a_key()
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.InsertOnly() };
        await LoadAsync(hints, """{"id":1,"v":"a"}""", """{"id":1,"v":"b"}""", """{"id":2,"v":"c"}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1 a", "2 c");
    }
}
