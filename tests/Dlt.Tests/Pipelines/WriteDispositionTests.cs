using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class WriteDispositionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("hive"), InlineData("iceberg")]
    public async Task A_replace_that_gets_nothing_empties_a_table_that_was_appended_to(string format)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { TableFormat = Some.Format(format) };
        var appended = Some.Resource("items", hints, """{"id":1,"tags":["x"]}""");
        await Some.Pipeline(account).RunAsync(appended, TestContext.Current.CancellationToken);
        var replacing = Some.Resource("items", hints with { WriteDisposition = WriteDisposition.Replace });
        var info = await Some.Pipeline(account).RunAsync(replacing, TestContext.Current.CancellationToken);
        Assert.Equal(0, info.RowCounts["items"]);
        Assert.Equal("0 0", await Some.ValueAsync(account, "SELECT count(*) || ' ' || (SELECT count(*) FROM items__tags) FROM items"));
    }

    [Fact]
    public async Task Append_adds_to_the_rows_of_earlier_loads()
    {
        var account = Some.Account(_folder);
        for (var run = 0; run < 3; run++)
        {
            await Some.Pipeline(account).RunAsync(Some.Resource("items", $$"""{"run":{{run}}}"""), Cancellation);
        }

        Assert.Equal("0,1,2", await Some.ValueAsync(account, "SELECT string_agg(run, ',' ORDER BY run) FROM items"));
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT count(DISTINCT _dlt_load_id) FROM items"));
    }

    [Fact]
    public async Task Replace_displaces_the_rows_of_the_table_and_of_its_children()
    {
        var account = Some.Account(_folder);
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        var items = Some.Resource("items", replace, """{"id":1,"tags":["a","b"]}""", """{"id":2,"tags":["c"]}""");
        await Some.Pipeline(account).RunAsync(items, Cancellation);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", replace, """{"id":3,"tags":["d"]}"""), Cancellation);
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT string_agg(id, ',') FROM items"));
        Assert.Equal("d", await Some.ValueAsync(account, "SELECT string_agg(value, ',') FROM items__tags"));
        await Some.Pipeline(account).RunAsync(Some.Resource("items", replace, """{"id":4}"""), Cancellation);
        Assert.Equal("0", await Some.ValueAsync(account, "SELECT count(*) FROM items__tags"));
    }

    [Fact, Scenario("T-47")]
    public async Task Merge_on_a_hive_table_appends_and_says_so_once()
    {
        var account = Some.Account(_folder);
        var warnings = new List<string>();
        var merge = new ResourceHints { WriteDisposition = WriteDisposition.Merge, PrimaryKey = ["id"] };
        await Some.Pipeline(account, warnings: warnings).RunAsync(Some.Resource("items", merge, """{"id":1,"tags":["a"]}"""), Cancellation);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", merge, """{"id":1,"tags":["a"]}"""), Cancellation);
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
        var warning = Assert.Single(warnings, w => w.Contains("items", StringComparison.Ordinal));
        Assert.Contains("append", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_another_type_gets_a_variant_column_and_nothing_is_lost()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"v":1}"""), Cancellation);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"v":"many"}"""), Cancellation);
        Assert.Equal("1,many", await Some.ValueAsync(account, "SELECT string_agg(coalesce(CAST(v AS varchar), v__v_text), ',' ORDER "
            + "BY v NULLS LAST) FROM items"));
    }

    [Fact, Scenario("T-34")]
    public async Task Bookkeeping_has_one_row_per_load_and_per_schema_version()
    {
        var account = Some.Account(_folder);
        for (var run = 0; run < 3; run++) await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_loads WHERE status = 0"));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_version WHERE version_hash = (SELECT "
            + "max(schema_version_hash) FROM _dlt_loads)"));
        Assert.Equal("0", await Some.ValueAsync(account, "SELECT count(*) FROM items WHERE _dlt_load_id NOT IN (SELECT load_id FROM "
            + "_dlt_loads)"));
    }

    [Fact]
    public async Task Two_schemas_load_into_one_dataset()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(new Source("one", Some.Resource("a", """{"x":1}""")), Cancellation);
        await Some.Pipeline(account).RunAsync(new Source("two", Some.Resource("b", """{"x":2}""")), Cancellation);
        Assert.Equal("one,two", await Some.ValueAsync(account, "SELECT string_agg(DISTINCT schema_name, ',' ORDER BY schema_name) "
            + "FROM _dlt_version"));
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT (SELECT x FROM a) + (SELECT x FROM b)"));
    }

    [Fact]
    public async Task Two_processes_cannot_run_one_pipeline_at_a_time()
    {
        var account = Some.Account(_folder);
        var pipeline = Some.Pipeline(account);
        await using var run = await pipeline.BeginAsync(Cancellation);
        var items = Some.Resource("items", """{"a":1}""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account).RunAsync(items, Cancellation));
        Assert.Contains("pipe", error.Message, StringComparison.Ordinal);
    }
}
