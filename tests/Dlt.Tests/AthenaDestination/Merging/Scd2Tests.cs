using System.Globalization;
using Dlt.Packages;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

public class Scd2Tests : MergeTests
{
    private const string Validity = "SELECT id, v, _dlt_valid_from, _dlt_valid_to FROM items ORDER BY id, _dlt_valid_from";

    private static readonly ResourceHints Versioned =
        Iceberg with { WriteDisposition = WriteDisposition.Merge, MergeStrategy = new MergeStrategy.Scd2() };

    [Fact, Scenario("T-64")]
    public async Task Versions_end_when_a_row_changes_or_disappears_and_begin_again_when_it_returns()
    {
        var first = await LoadAtAsync(Versioned, """{"id":1,"v":"a"}""", """{"id":2,"v":"b"}""", """{"id":3,"v":"c"}""");
        var second = await LoadAtAsync(Versioned, """{"id":1,"v":"a"}""", """{"id":2,"v":"x"}""");
        await AssertRowsAsync(
            Validity, $"1 a {first} -", $"2 b {first} {second}", $"2 x {second} -", $"3 c {first} {second}");
        var third = await LoadAtAsync(Versioned, """{"id":1,"v":"a"}""", """{"id":2,"v":"x"}""", """{"id":3,"v":"c"}""");
        await AssertRowsAsync(
            Validity, $"1 a {first} -", $"2 b {first} {second}", $"2 x {second} -", $"3 c {first} {second}", $"3 c {third} -");
    }

    [Fact, Scenario("T-64")]
    public async Task Nested_rows_are_added_once_for_each_version()
    {
        await LoadAsync(Versioned, """{"id":1,"tags":["a"]}""", """{"id":2,"tags":["b"]}""");
        await LoadAsync(Versioned, """{"id":1,"tags":["a","c"]}""");
        await LoadAsync(Versioned, """{"id":1,"tags":["a","c"]}""", """{"id":2,"tags":["b"]}""");
        await AssertRowsAsync("SELECT value FROM items__tags ORDER BY value", "a", "a", "b", "c");
        await AssertRowsAsync(
            "SELECT i.id, t.value FROM items i JOIN items__tags t ON t._dlt_parent_id = i._dlt_id "
            + "WHERE i._dlt_valid_to IS NULL ORDER BY 1, 2", "1 a", "1 c", "2 b");
    }

    [Fact, Scenario("T-64")]
    public async Task Two_levels_of_nested_rows_belong_to_their_version()
    {
        await LoadAsync(Versioned, """{"id":1,"l":[{"n":1,"m":[1]}]}""");
        await LoadAsync(Versioned, """{"id":1,"l":[{"n":2,"m":[2]}]}""");
        await AssertRowsAsync(
            "SELECT i.id, l.n, m.value FROM items i JOIN items__l l ON l._dlt_parent_id = i._dlt_id "
            + "JOIN items__l__m m ON m._dlt_parent_id = l._dlt_id WHERE i._dlt_valid_to IS NULL", "1 2 2");
        await AssertRowsAsync("SELECT count(*) FROM items__l__m", "2");
    }

    [Fact, Scenario("T-64"), Scenario("X-23")]
    public async Task Names_active_time_and_boundary_time_are_those_of_the_declaration()
    {
        ResourceHints HintsOf(int month) => Versioned with
        {
            MergeStrategy = new MergeStrategy.Scd2
            {
                ValidFromColumn = "since",
                ValidToColumn = "until",
                ActiveRecordTimestamp = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero),
                BoundaryTimestamp = new(2024, month, 1, 0, 0, 0, TimeSpan.Zero),
            },
        };
        await LoadAsync(HintsOf(1), """{"id":1,"v":1}""", """{"id":2,"v":1}""");
        await LoadAsync(HintsOf(2), """{"id":1,"v":2}""", """{"id":2,"v":1}""");
        await LoadAsync(HintsOf(3), """{"id":1,"v":2}""");
        var (first, second, third, active) = (Text(2024, 1), Text(2024, 2), Text(2024, 3), "9999-12-31 00:00:00.000");
        await AssertRowsAsync(
            "SELECT id, v, since, until FROM items ORDER BY id, since",
            $"1 1 {first} {second}", $"1 2 {second} {active}", $"2 1 {first} {third}");

        static string Text(int year, int month) => $"{year}-0{month}-01 00:00:00.000";
    }

    [Fact, Scenario("T-64")]
    public async Task With_a_merge_key_only_versions_of_loaded_keys_end()
    {
        var hints = Versioned with { MergeKey = ["id"] };
        var first = await LoadAtAsync(hints, """{"id":1,"v":"a"}""", """{"id":2,"v":"b"}""");
        var second = await LoadAtAsync(hints, """{"id":1,"v":"x"}""");
        await AssertRowsAsync(Validity, $"1 a {first} {second}", $"1 x {second} -", $"2 b {first} -");
    }

    [Fact, Scenario("T-64")]
    public async Task A_compound_merge_key_is_compared_as_a_whole()
    {
        var hints = Versioned with { MergeKey = ["shop", "id"] };
        await LoadAsync(hints, """{"shop":"a","id":1,"v":1}""", """{"shop":"a","id":2,"v":1}""", """{"shop":"b","id":1,"v":1}""");
        await LoadAsync(hints, """{"shop":"a","id":1,"v":2}""");
        await AssertRowsAsync(
            "SELECT shop, id, v FROM items WHERE _dlt_valid_to IS NULL ORDER BY shop, id, v", "a 1 2", "a 2 1", "b 1 1");
    }

    [Fact, Scenario("T-64")]
    public async Task A_partition_as_merge_key_is_a_full_snapshot_of_that_partition()
    {
        var hints = Versioned with { MergeKey = ["day"] };
        await LoadAsync(hints, """{"day":1,"id":1}""", """{"day":1,"id":2}""", """{"day":2,"id":3}""");
        await LoadAsync(hints, """{"day":1,"id":1}""");
        await AssertRowsAsync("SELECT day, id FROM items WHERE _dlt_valid_to IS NULL ORDER BY id", "1 1", "2 3");
    }

    [Fact, Scenario("T-64")]
    public async Task A_version_column_of_the_data_decides_what_is_a_new_version()
    {
        var hints = Versioned with { MergeStrategy = new MergeStrategy.Scd2 { RowVersionColumn = "rev" } };
        await LoadAsync(hints, """{"id":1,"rev":"r1","v":"a"}""", """{"id":2,"rev":"r2","v":"b"}""");
        await LoadAsync(hints, """{"id":1,"rev":"r1","v":"other"}""", """{"id":2,"rev":"r3","v":"b"}""");
        await AssertRowsAsync(
            "SELECT id, rev, v, _dlt_valid_to IS NULL FROM items ORDER BY id, rev", "1 r1 a true", "2 r2 b false", "2 r3 b true");
    }

    [Fact]
    public async Task Only_versions_in_the_destination_scope_end()
    {
        var hints = Versioned with { MergeStrategy = new MergeStrategy.Scd2 { DestinationScope = "region = 'eu'" } };
        await LoadAsync(hints, """{"id":1,"region":"eu"}""", """{"id":2,"region":"us"}""");
        await LoadAsync(hints, """{"id":3,"region":"eu"}""");
        await AssertRowsAsync("SELECT id FROM items WHERE _dlt_valid_to IS NULL ORDER BY id", "2", "3");
    }

    [Fact]
    public async Task Rows_that_the_source_filter_leaves_out_count_as_absent()
    {
        var hints = Versioned with { MergeStrategy = new MergeStrategy.Scd2 { SourceFilter = "v > 0" } };
        await LoadAsync(hints, """{"id":1,"v":1,"tags":["a"]}""", """{"id":2,"v":0,"tags":["b"]}""", """{"id":3,"v":3}""");
        await LoadAsync(hints, """{"id":1,"v":1,"tags":["a"]}""", """{"id":3,"v":-1}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1 1", "3 3");
        await AssertRowsAsync("SELECT id FROM items WHERE _dlt_valid_to IS NULL", "1");
        await AssertRowsAsync("SELECT value FROM items__tags", "a");
    }

    [Fact]
    public async Task A_new_field_makes_new_versions_of_the_rows_that_have_it()
    {
        await LoadAsync(Versioned, """{"id":1}""", """{"id":2}""");
        await LoadAsync(Versioned, """{"id":1}""", """{"id":2,"v":"n"}""");
        await AssertRowsAsync(
            "SELECT id, v, _dlt_valid_to IS NULL FROM items ORDER BY id, v NULLS FIRST", "1 - true", "2 - false", "2 n true");
    }

    [Fact]
    public async Task Equal_rows_of_one_load_are_all_added_and_end_together()
    {
        await LoadAsync(Versioned, """{"id":1,"v":"a"}""", """{"id":1,"v":"a"}""");
        await LoadAsync(Versioned, """{"id":1,"v":"a"}""");
        await AssertRowsAsync("SELECT id FROM items WHERE _dlt_valid_to IS NULL", "1", "1");
        await LoadAsync(Versioned, """{"id":2,"v":"b"}""");
        await AssertRowsAsync("SELECT id FROM items WHERE _dlt_valid_to IS NULL", "2");
    }

    /// <summary>Loads items.</summary>
    /// <returns>The time of the package, which is the boundary, as Athena prints it.</returns>
    private async Task<string> LoadAtAsync(ResourceHints hints, params string[] items)
    {
        var info = await LoadAsync(hints, items);
        return LoadId.ToTime(info.Packages[0].LoadId).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Nested_rows_of_an_active_version_are_not_added_again_when_a_column_tells_versions_apart()
    {
        var hints = Iceberg with
        {
            WriteDisposition = WriteDisposition.Merge,
            MergeStrategy = new MergeStrategy.Scd2 { RowVersionColumn = "version" },
        };
        for (var run = 0; run < 3; run++) await LoadAsync(hints, """{"id":1,"version":"a","tags":["x","y"]}""");
        await AssertRowsAsync("SELECT count(*) FROM items", "1");
        await AssertRowsAsync("SELECT count(*) FROM items__tags", "2");
        await LoadAsync(hints, """{"id":1,"version":"b","tags":["z"]}""");
        await AssertRowsAsync("SELECT count(*) FROM items__tags", "3");
    }

    [Fact]
    public async Task The_begin_and_the_end_of_versions_need_a_column_each()
    {
        var hints = Iceberg with
        {
            WriteDisposition = WriteDisposition.Merge,
            MergeStrategy = new MergeStrategy.Scd2 { ValidFromColumn = "v", ValidToColumn = "v" },
        };
        var error = await Assert.ThrowsAsync<SchemaException>(() => LoadAsync(hints, """{"id":1}"""));
        Assert.Contains("has one column, 'v', for the begin and the end of versions", error.Message, StringComparison.Ordinal);
    }
}
