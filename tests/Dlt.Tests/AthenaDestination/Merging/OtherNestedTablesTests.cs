using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>Two pipelines load one root table, each with a nested table of its own.</summary>
public sealed class OtherNestedTablesTests : ItemsMergeTests
{
    private readonly List<string> _warnings = [];

    [Fact]
    public async Task Nested_rows_of_another_schema_stay_with_a_warning_that_removes_them()
    {
        await RunAsync("a", Plain(), """{"id":1,"tags":["x"]}""");
        Assert.Empty(_warnings);
        await RunAsync("b", Plain(), """{"id":1,"lines":["y"]}""");
        var warning = Assert.Single(_warnings);
        Assert.Contains("The schema 'a' loads nested tables of 'items' that this one does not have: 'items__tags'.", warning,
            StringComparison.Ordinal);
        const string orphans = "FROM items__tags WHERE _dlt_root_id NOT IN (SELECT _dlt_id FROM items)";
        Assert.EndsWith($"DELETE {orphans}.", warning, StringComparison.Ordinal);
        Assert.Equal("1", await Machine.ValuesAsync(Account, $"SELECT count(*) {orphans}"));
        Assert.Equal("y", await Machine.ValuesAsync(
            Account, "SELECT l.value FROM items i JOIN items__lines l ON l._dlt_parent_id = i._dlt_id"));
    }

    [Theory, InlineData("append"), InlineData("insert-only"), InlineData("scd2")]
    public async Task A_load_that_removes_no_nested_row_warns_of_nothing(string kind)
    {
        var hints = kind == "append" ? Iceberg : Plain(Strategy(kind));
        await RunAsync("a", hints, """{"id":1,"tags":["x"]}""");
        await RunAsync("b", hints, """{"id":1,"lines":["y"]}""");
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Tables_that_are_gone_or_that_both_have_are_not_named()
    {
        await RunAsync("a", Plain(), """{"id":1,"tags":["x"],"old":[1]}""");
        await Account.Glue.DeleteTableAsync("ds", "items__old", Cancellation);
        await RunAsync("b", Plain(), """{"id":1,"tags":["y"]}""");
        Assert.Empty(_warnings);
        Assert.Equal("y", await Machine.ValuesAsync(Account, "SELECT value FROM items__tags"));
    }

    private static ResourceHints Plain(MergeStrategy? strategy = null) => Merge(strategy) with { HardDelete = null };

    private Task RunAsync(string pipeline, ResourceHints hints, string item) =>
        On(pipeline).RunAsync(Some.Resource("items", hints, item), pipeline, _warnings);
}
