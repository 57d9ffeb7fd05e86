using Dlt.Schemas;

namespace Dlt.Tests.AthenaDestination.Publishing.Merging;

/// <summary>The statements of merges do what the strategies say, run by an engine that knows them.</summary>
public class MergeScriptTests
{
    private const string Id = "_dlt_id text row_key";

    private static MergeLab Orders(params string[] columns) => new MergeLab().Table("t", null, [.. columns, Id]);

    private static MergeLab WithItems(params string[] columns) => Orders(columns)
        .Table("t__i", "t", "v bigint", "_dlt_root_id text root_key", "_dlt_parent_id text parent_key", Id);

    [Fact]
    public void Delete_insert_replaces_rows_with_the_same_key_and_keeps_one_of_equal_new_ones()
    {
        using var lab = Orders("id bigint primary_key", "v text").Stage("t", "(1, 'a', 'r1'), (2, 'b', 'r2')");
        lab.Merge(new MergeStrategy.DeleteInsert());
        lab.Stage("t", "(2, 'B', 'r3'), (3, 'c', 'r4'), (3, 'c', 'r5')").Merge(new MergeStrategy.DeleteInsert());
        Assert.Equal("1,a 2,B 3,c", lab.Rows("SELECT id, v FROM t ORDER BY id"));
    }

    [Fact]
    public void Delete_insert_may_be_repeated_and_leaves_the_same_rows()
    {
        using var lab = WithItems("id bigint primary_key").Stage("t", "(1, 'r1'), (2, 'r2')");
        lab.Stage("t__i", "(10, 'r1', 'r1', 'i1'), (20, 'r2', 'r2', 'i2')");
        lab.Merge(new MergeStrategy.DeleteInsert());
        lab.Merge(new MergeStrategy.DeleteInsert());
        Assert.Equal("1,10 2,20", lab.Rows("SELECT t.id, i.v FROM t JOIN t__i i ON i._dlt_root_id = t._dlt_id ORDER BY 1"));
    }

    [Theory]
    [InlineData("v bigint", "1 2")]
    [InlineData("v bigint merge_key", "- 1 2")]
    [InlineData("v bigint primary_key", "- 1 2")]
    public void Rows_without_keys_are_not_inserted_again_by_a_repeated_script(string column, string rows)
    {
        using var lab = WithItems(column).Stage("t__i", "(10, 'r1', 'r1', 'i1')");
        var staged = rows == "1 2" ? "(1, 'r1'), (2, 'r2')" : "(1, 'r1'), (2, 'r2'), (null, 'r3')";
        lab.Stage("t", staged).Merge(new MergeStrategy.DeleteInsert());
        lab.IsRepeated = true;
        lab.Merge(new MergeStrategy.DeleteInsert());
        Assert.Equal(rows, lab.Rows("SELECT v FROM t ORDER BY v NULLS FIRST"));
        Assert.Equal("10", lab.Rows("SELECT v FROM t__i"));
    }

    [Fact]
    public void Delete_insert_removes_the_nested_rows_of_replaced_rows_at_all_levels()
    {
        using var lab = WithItems("id bigint primary_key")
            .Table("t__i__p", "t__i", "n bigint", "_dlt_root_id text root_key", "_dlt_parent_id text parent_key", Id);
        lab.Stage("t", "(1, 'r1')").Stage("t__i", "(10, 'r1', 'r1', 'i1')").Stage("t__i__p", "(7, 'r1', 'i1', 'p1')");
        lab.Merge(new MergeStrategy.DeleteInsert());
        lab.Stage("t", "(1, 'r2')").Stage("t__i", "(11, 'r2', 'r2', 'i2')").Stage("t__i__p", "").Merge(new MergeStrategy.DeleteInsert());
        Assert.Equal("1,11,-", lab.Rows(
            "SELECT t.id, i.v, p.n FROM t JOIN t__i i ON i._dlt_root_id = t._dlt_id FULL JOIN t__i__p p ON p._dlt_parent_id = i._dlt_id"));
    }

    [Fact]
    public void The_row_of_equal_keys_that_is_kept_follows_the_dedup_sort_and_a_deletion_hides_older_rows()
    {
        using var lab = WithItems("id bigint primary_key", "seq bigint dedup_sort=desc", "gone bool hard_delete");
        lab.Stage("t", "(1, 1, false, 'r1'), (1, 2, false, 'r2'), (2, 1, false, 'r3'), (2, 2, true, 'r4')");
        lab.Stage("t__i", "(10, 'r1', 'r1', 'i1'), (20, 'r2', 'r2', 'i2'), (30, 'r3', 'r3', 'i3')").Merge(new MergeStrategy.DeleteInsert());
        Assert.Equal("1,2", lab.Rows("SELECT id, seq FROM t"));
        Assert.Equal("20", lab.Rows("SELECT v FROM t__i"));
    }

    [Fact]
    public void A_merge_key_replaces_all_rows_with_its_values_and_keeps_equal_new_rows()
    {
        using var lab = Orders("day text merge_key", "v bigint").Stage("t", "('d1', 1, 'r1'), ('d1', 2, 'r2'), ('d2', 3, 'r3')");
        lab.Merge(new MergeStrategy.DeleteInsert());
        lab.Stage("t", "('d1', 4, 'r4'), ('d1', 4, 'r5')").Merge(new MergeStrategy.DeleteInsert());
        Assert.Equal("d1,4 d1,4 d2,3", lab.Rows("SELECT day, v FROM t ORDER BY 1, 2"));
    }

    [Fact]
    public void Rows_match_by_the_primary_key_or_by_the_merge_key()
    {
        using var lab = Orders("id bigint primary_key", "day text merge_key");
        lab.Stage("t", "(1, 'd1', 'r1'), (2, 'd2', 'r2'), (3, 'd3', 'r3')");
        lab.Merge(new MergeStrategy.DeleteInsert());
        lab.Stage("t", "(1, 'd2', 'r4')").Merge(new MergeStrategy.DeleteInsert());
        Assert.Equal("1,d2 3,d3", lab.Rows("SELECT id, day FROM t ORDER BY id"));
    }

    [Fact]
    public void A_scope_selects_the_rows_to_delete_and_a_filter_the_rows_that_take_part()
    {
        using var lab = WithItems("id bigint primary_key", "region text").Stage("t", "(1, 'eu', 'r1'), (2, 'us', 'r2')");
        lab.Stage("t__i", "(10, 'r1', 'r1', 'i1'), (20, 'r2', 'r2', 'i2')").Merge(new MergeStrategy.DeleteInsert());
        lab.Stage("t", "(5, 'eu', 'r5'), (6, 'no', 'r6')").Stage("t__i", "(50, 'r5', 'r5', 'i5'), (60, 'r6', 'r6', 'i6')");
        lab.Merge(new MergeStrategy.DeleteInsert { DestinationScope = "region = 'eu'", SourceFilter = "region = 'eu' OR id > 100" });
        Assert.Equal("2,20 5,50", lab.Rows("SELECT t.id, i.v FROM t JOIN t__i i ON i._dlt_root_id = t._dlt_id ORDER BY 1"));
        Assert.Equal("2", lab.Rows("SELECT count(*) FROM t__i"));
    }

    [Fact]
    public void A_row_outside_the_filter_hides_no_row_with_the_same_key()
    {
        using var lab = WithItems("id bigint primary_key", "seq bigint dedup_sort=desc").Stage("t", "(1, 1, 'r1'), (1, 9, 'r2')");
        lab.Merge(new MergeStrategy.DeleteInsert { SourceFilter = "seq < 5" });
        Assert.Equal("1,1", lab.Rows("SELECT id, seq FROM t"));
    }

    [Fact]
    public void Upsert_updates_inserts_and_removes_nested_rows_that_are_not_new_any_more()
    {
        using var lab = WithItems("id bigint primary_key", "v text").Stage("t", "(1, 'a', 'k1'), (2, 'b', 'k2')");
        lab.Stage("t__i", "(10, 'k1', 'k1', 'k1.0'), (11, 'k1', 'k1', 'k1.1'), (20, 'k2', 'k2', 'k2.0')");
        lab.Merge(new MergeStrategy.Upsert());
        lab.Stage("t", "(1, 'A', 'k1'), (3, 'c', 'k3')").Stage("t__i", "(12, 'k1', 'k1', 'k1.0'), (30, 'k3', 'k3', 'k3.0')");
        lab.Merge(new MergeStrategy.Upsert());
        Assert.Equal("1,A 2,b 3,c", lab.Rows("SELECT id, v FROM t ORDER BY id"));
        Assert.Equal("12,k1.0 20,k2.0 30,k3.0", lab.Rows("SELECT v, _dlt_id FROM t__i ORDER BY 2"));
    }

    [Fact]
    public void Upsert_removes_rows_marked_as_deleted_with_their_nested_rows()
    {
        using var lab = WithItems("id bigint primary_key", "gone bool hard_delete").Stage("t", "(1, null, 'k1'), (2, null, 'k2')");
        lab.Stage("t__i", "(10, 'k1', 'k1', 'k1.0'), (20, 'k2', 'k2', 'k2.0')").Merge(new MergeStrategy.Upsert());
        lab.Stage("t", "(1, true, 'k1')").Stage("t__i", "(10, 'k1', 'k1', 'k1.0')").Merge(new MergeStrategy.Upsert());
        Assert.Equal("2", lab.Rows("SELECT id FROM t"));
        Assert.Equal("20", lab.Rows("SELECT v FROM t__i"));
    }

    [Fact]
    public void Unchanged_rows_are_not_updated_where_the_strategy_skips_them()
    {
        using var lab = Orders("id bigint primary_key", "v text", "_dlt_load_id text");
        lab.Stage("t", "(1, 'a', 'L1', 'k1'), (2, null, 'L1', 'k2')");
        lab.Merge(new MergeStrategy.Upsert());
        lab.Stage("t", "(1, 'a', 'L2', 'k1'), (2, 'b', 'L2', 'k2')").Merge(new MergeStrategy.Upsert { SkipUnchangedRows = true });
        Assert.Equal("1,a,L1 2,b,L2", lab.Rows("SELECT id, v, _dlt_load_id FROM t ORDER BY id"));
    }

    [Fact]
    public void Only_the_row_version_is_compared_where_a_table_has_one()
    {
        using var lab = Orders("id bigint primary_key", "v text", "rv bigint x-row-version");
        lab.Stage("t", "(1, 'a', 1, 'k1'), (2, 'b', 1, 'k2')");
        lab.Merge(new MergeStrategy.Upsert());
        lab.Stage("t", "(1, 'X', 1, 'k1'), (2, 'Y', 2, 'k2')").Merge(new MergeStrategy.Upsert { SkipUnchangedRows = true });
        Assert.Equal("1,a 2,Y", lab.Rows("SELECT id, v FROM t ORDER BY id"));
    }

    [Fact]
    public void Insert_only_changes_no_row_and_inserts_no_deletion()
    {
        using var lab = WithItems("id bigint primary_key", "v text", "gone bool hard_delete").Stage("t", "(1, 'a', null, 'k1')");
        lab.Merge(new MergeStrategy.InsertOnly());
        lab.Stage("t", "(1, 'X', null, 'k1'), (2, 'b', false, 'k2'), (3, 'c', true, 'k3')");
        lab.Stage("t__i", "(20, 'k2', 'k2', 'k2.0'), (30, 'k3', 'k3', 'k3.0')").Merge(new MergeStrategy.InsertOnly());
        Assert.Equal("1,a 2,b", lab.Rows("SELECT id, v FROM t ORDER BY id"));
        Assert.Equal("20", lab.Rows("SELECT v FROM t__i"));
    }

    [Theory]
    [InlineData(null, "4,10")]
    [InlineData("region = 'eu'", "2,2 4,10")]
    [InlineData("region = 'eu' OR region = 'xx'", "2,2 4,10")]
    public void Cdc_removes_rows_of_the_scope_that_are_not_new(string? scope, string rows)
    {
        using var lab = WithItems("id bigint primary_key", "region text", "v bigint");
        lab.Stage("t", "(1, 'eu', 1, 'k1'), (2, 'us', 2, 'k2'), (4, 'us', 4, 'k4')").Stage("t__i", "(10, 'k1', 'k1', 'k1.0')");
        lab.Merge(new MergeStrategy.Upsert());
        lab.Stage("t", "(4, 'eu', 10, 'k4')").Stage("t__i", "").Merge(new MergeStrategy.Cdc { DestinationScope = scope });
        Assert.Equal(rows, lab.Rows("SELECT id, v FROM t ORDER BY id"));
        Assert.Equal("0", lab.Rows("SELECT count(*) FROM t__i"));
    }

    [Fact]
    public void Cdc_with_several_keys_and_a_merge_key_removes_rows_of_new_merge_keys_only()
    {
        using var lab = Orders("a bigint primary_key", "b bigint primary_key", "day text merge_key", "gone bool hard_delete");
        lab.Stage("t", "(1, 1, 'd1', null, 'k1'), (1, 2, 'd1', null, 'k2'), (2, 1, 'd2', null, 'k3')").Merge(new MergeStrategy.Cdc());
        lab.Stage("t", "(1, 2, 'd1', null, 'k2'), (5, 5, 'd1', true, 'k5')").Merge(new MergeStrategy.Cdc());
        Assert.Equal("1,2 2,1", lab.Rows("SELECT a, b FROM t ORDER BY a"));
    }

    private static MergeLab Versions(params string[] columns) => new MergeLab().Table(
        "t", null, ["_from timestamp x-valid-from", "_to timestamp x-valid-to", .. columns, "_dlt_id text x-row-version"]);

    private static MergeStrategy.Scd2 Scd2 => new() { ValidFromColumn = "_from", ValidToColumn = "_to" };

    [Fact]
    public void Scd2_ends_versions_that_are_not_new_and_keeps_nested_rows()
    {
        using var lab = Versions("id bigint").Table("t__i", "t", "v bigint", "_dlt_parent_id text parent_key", Id);
        lab.Stage("t", "(null, null, 1, 'h1'), (null, null, 2, 'h2')").Stage("t__i", "(10, 'h1', 'i1')").Merge(Scd2);
        lab.Stage("t", "(null, null, 2, 'h2'), (null, null, 3, 'h3')").Stage("t__i", "(30, 'h3', 'i3')");
        lab.Merge(Scd2, "2024-06-01T00:00:00Z");
        lab.Merge(Scd2, "2024-06-01T00:00:00Z");
        Assert.Equal(
            "1,2024-05-01T10:00:00.123,2024-06-01T00:00:00 2,2024-05-01T10:00:00.123,- 3,2024-06-01T00:00:00,-",
            lab.Rows("SELECT id, _from, _to FROM t ORDER BY id"));
        Assert.Equal("10 30", lab.Rows("SELECT v FROM t__i ORDER BY v"));
    }

    [Fact]
    public void Scd2_inserts_a_version_that_returns_and_takes_times_from_its_options()
    {
        using var lab = Versions("id bigint").Stage("t", "(null, null, 1, 'h1')");
        var strategy = Scd2 with { ActiveRecordTimestamp = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero) };
        lab.Merge(strategy with { BoundaryTimestamp = new(2024, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)) });
        lab.Stage("t", "(null, null, 2, 'h2')").Merge(strategy with { BoundaryTimestamp = new(2024, 2, 1, 0, 0, 0, TimeSpan.Zero) });
        lab.Stage("t", "(null, null, 1, 'h1'), (null, null, 2, 'h2')");
        lab.Merge(strategy with { BoundaryTimestamp = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero) });
        Assert.Equal(
            "1,2024-01-01T00:00:00,2024-02-01T00:00:00 1,2024-03-01T00:00:00,9999-12-31T00:00:00 2,2024-02-01T00:00:00,9999-12-31T00:00:00",
            lab.Rows("SELECT id, _from, _to FROM t ORDER BY id, _from"));
    }

    [Theory]
    [InlineData("a text merge_key", "b text merge_key", "('1', '23', 'h1'), ('12', '3', 'h2')", "('12', '3', 'h9')", "1 12")]
    [InlineData("a text merge_key", "b text", "('1', 'x', 'h1'), ('2', 'y', 'h2')", "('2', 'z', 'h9')", "1 2")]
    [InlineData("a text", "b text", "('1', 'x', 'h1'), ('2', 'y', 'h2')", "('2', 'z', 'h9')", "2")]
    public void Scd2_with_a_merge_key_ends_only_versions_of_new_keys(string a, string b, string first, string second, string active)
    {
        using var lab = Versions(a, b).Stage("t", first.Replace("(", "(null, null, ", StringComparison.Ordinal));
        lab.Merge(Scd2);
        lab.Stage("t", second.Replace("(", "(null, null, ", StringComparison.Ordinal)).Merge(Scd2);
        Assert.Equal(active, lab.Rows("SELECT a FROM t WHERE _to IS NULL ORDER BY a"));
    }

    [Fact]
    public void Scd2_with_a_filter_leaves_out_rows_and_their_nested_rows()
    {
        using var lab = Versions("id bigint").Table("t__i", "t", "v bigint", "_dlt_parent_id text parent_key", Id)
            .Table("t__i__p", "t__i", "n bigint", "_dlt_parent_id text parent_key", Id);
        lab.Stage("t", "(null, null, 1, 'h1'), (null, null, 9, 'h9')").Stage("t__i", "(10, 'h1', 'i1'), (90, 'h9', 'i9')");
        lab.Stage("t__i__p", "(100, 'i1', 'p1'), (900, 'i9', 'p9')").Merge(Scd2 with { SourceFilter = "id < 5" });
        Assert.Equal("1,10,100", lab.Rows("SELECT (SELECT id FROM t), (SELECT v FROM t__i), (SELECT n FROM t__i__p)"));
    }

    [Fact]
    public void Names_that_are_words_of_SQL_or_have_quotes_are_names()
    {
        using var lab = Orders("order bigint primary_key", "delete bool hard_delete").Table(
            "t__select", "t", "a\"b bigint", "_dlt_root_id text root_key", Id);
        lab.Stage("t", "(1, null, 'r1')").Stage("t__select", "(5, 'r1', 'i1')").Merge(new MergeStrategy.DeleteInsert());
        Assert.Equal("1", lab.Rows("SELECT \"order\" FROM t"));
        Assert.Equal("5", lab.Rows("SELECT \"a\"\"b\" FROM t__select"));
    }

    [Theory]
    [InlineData("v > {staging_table}", "source_filter")]
    [InlineData("v = '{x}'", "source_filter")]
    public void A_placeholder_that_a_condition_does_not_have_is_refused(string filter, string option)
    {
        using var lab = Orders("id bigint primary_key", "v bigint");
        var error = Assert.Throws<SchemaException>(() => lab.Script(new MergeStrategy.Upsert { SourceFilter = filter }));
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scope_may_name_both_tables_and_doubled_braces_are_single_ones()
    {
        using var lab = Orders("id bigint primary_key", "region text").Stage("t", "(1, '{eu}', 'r1'), (2, 'us', 'r2')");
        lab.Merge(new MergeStrategy.DeleteInsert());
        lab.Stage("t", "(7, 'no', 'r7')").Merge(new MergeStrategy.DeleteInsert
        {
            DestinationScope = "region = '{{eu}}' AND id < (SELECT max(id) FROM {staging_table}) AND id >= (SELECT min(id) FROM {table})",
        });
        Assert.Equal("2 7", lab.Rows("SELECT id FROM t ORDER BY id"));
    }

    [Fact]
    public void A_strategy_by_key_refuses_a_table_without_one()
    {
        using var lab = Orders("id bigint");
        var error = Assert.Throws<SchemaException>(() => lab.Script(new MergeStrategy.Upsert()));
        Assert.Contains("no primary key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_statement_beyond_the_limit_of_Athena_is_refused_before_anything_is_sent()
    {
        var columns = Enumerable.Range(0, 2000).Select(i => $"a_column_with_a_long_name_{i} bigint").ToArray();
        using var lab = Orders(["id bigint primary_key", .. columns]);
        var error = Assert.Throws<SchemaException>(() => lab.Script(new MergeStrategy.Upsert()));
        Assert.Contains("merge_engine = \"native\"", error.Message, StringComparison.Ordinal);
    }
}
