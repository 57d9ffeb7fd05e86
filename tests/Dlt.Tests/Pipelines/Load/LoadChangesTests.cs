using System.Text.RegularExpressions;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Load;

public sealed class LoadChangesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_load_reports_new_tables_with_their_number_of_columns()
    {
        var info = await RunAsync(Some.Resource("orders", """{"id":1,"note":"x","lines":[{"sku":"a"},{"sku":"b","n":2}]}"""));
        Assert.Equal([new("orders", 2), new("orders__lines", 2)], info.Changes.NewTables);
        Assert.Empty(info.Changes.NewColumns);
        Assert.Equal(["Schema: new tables orders (2 columns), orders__lines (2 columns)"], SchemaLines(info));
    }

    [Fact]
    public async Task New_columns_and_variants_with_their_rows_are_one_line_per_table()
    {
        await RunAsync(Some.Resource("orders", """{"id":1,"customer_id":7}"""), Some.Resource("other", """{"a":1}"""));
        string[] odd = [.. Enumerable.Range(0, 16).Select(i => $$"""{"id":{{i}},"customer_id":"c{{i}}"}""")];
        string[] items = ["""{"id":2,"coupon":"x","customer_id":8}""", .. odd, """{"id":3,"quality_score":0.5,"lines":[1]}"""];
        var info = await RunAsync(Some.Resource("orders", items), Some.Resource("other", """{"a":2}"""));
        Assert.Equal(
            ["Schema: new tables orders__lines (1 column)", "Schema: orders + coupon, quality_score; customer_id__v_text (16 rows)"],
            SchemaLines(info));
        Assert.Equal([new("orders", "coupon", "string"), new("orders", "quality_score", "double")], info.Changes.NewColumns);
        Assert.Equal([new("orders", "customer_id__v_text", 16)], info.Changes.Variants);
        Assert.Equal([], SchemaLines(await RunAsync(Some.Resource("orders", """{"id":4,"customer_id":9}"""))));
        info = await RunAsync(Some.Resource("orders", """{"id":5,"customer_id":"d"}"""));
        Assert.Equal(["Schema: orders: customer_id__v_text (1 row)"], SchemaLines(info));
    }

    [Fact]
    public async Task Variants_of_objects_and_of_databases_are_reported_too()
    {
        await RunAsync(Resource.Create("t", [new { id = 1, v = 1L }]));
        var info = await RunAsync(Resource.Create("t", Enumerable.Range(0, 5000).Select(i => new { id = i, v = i + 0.5 })));
        Assert.Equal(["Schema: t: v__v_double (5000 rows)"], SchemaLines(info));
        Assert.Equal("12500000", (await Some.ValueAsync(Some.Account(_folder), "SELECT CAST(sum(v__v_double) AS bigint) FROM t")));
    }

    [Fact]
    public async Task Declared_columns_and_columns_of_Arrow_tables_are_reported_too()
    {
        await RunAsync(Some.Resource("t", """{"id":1}"""));
        var hints = new ResourceHints { Columns = [Column.Decimal("price", 10, 2)] };
        var info = await RunAsync(Some.Resource("t", hints, """{"id":2}"""));
        Assert.Equal([new("t", "price", "decimal(10,2)")], info.Changes.NewColumns);
    }

    [Fact]
    public async Task Nulls_of_flattened_objects_and_of_list_tables_are_not_missing_columns()
    {
        var info = await RunAsync(Some.Resource(
            "people", """{"id":1,"address":null,"tags":null,"deep":{"at":null,"of":null},"note":null}""",
            """{"id":2,"address":{"city":"Omsk"},"tags":["a"],"deep":{"at":{"x":1},"of":[{"y":[2]}]},"note":null}"""));
        Assert.Equal([new("people", "note")], info.Changes.ColumnsNotCreated);
        Assert.Contains("note", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.DoesNotContain("address", _warnings[0], StringComparison.Ordinal);
        Assert.Contains("Schema: people: not created, only nulls: note", SchemaLines(info));
        _warnings.Clear();
        info = await RunAsync(Resource.Create("people", [new { id = 3, address = (object?)null, tags = (int[]?)null }]));
        Assert.Empty(info.Changes.ColumnsNotCreated);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_table_without_rows_is_reported_as_not_created()
    {
        var info = await RunAsync(Resource.FromFile("empty", _folder.Write("empty.jsonl", "\n\n")));
        Assert.Equal(["empty"], info.Changes.TablesNotCreated);
        Assert.Contains("Schema: not created, no rows: empty", SchemaLines(info));
    }

    [Fact]
    public async Task Rejected_rows_are_counted_by_table_and_reason()
    {
        string[] items = ["""{"id":1}""", """{"id":""", """{"userId":1,"user_id":2}""", """{"userId":3,"user_id":4}""", """{"id":2}"""];
        var file = _folder.Write("items.jsonl", string.Join('\n', items));
        var info = await RunAsync(keepRejects: true, Resource.FromFile("items", file));
        Assert.Equal(3, info.RejectedRows);
        Assert.Equal(["items 1", "items 2"], info.Changes.Rejected.Select(r => $"{r.Table} {r.Rows}"));
        Assert.Contains("'user_id'", info.Changes.Rejected[1].Reason, StringComparison.Ordinal);
        var lines = info.ToString().Split('\n');
        Assert.Contains("Rejected: 3 rows, kept in table _dlt_rejected", lines);
        Assert.Contains(lines, l => l.StartsWith("- items: 2 × '$.userId' and '$.user_id'", StringComparison.Ordinal));
        Assert.DoesNotContain(info.Changes.NewTables, t => t.Name.StartsWith("_dlt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reasons_beyond_a_hundred_are_counted_together()
    {
        var items = string.Concat(Enumerable.Range(0, 150).Select(i => $"{{\"n\":{{\"k{i}\":1}},\"n__k{i}\":2}}\n"));
        var info = await RunAsync(keepRejects: true, Resource.FromFile("items", _folder.Write("items.jsonl", items)));
        Assert.Equal(150, info.RejectedRows);
        Assert.Equal(("other reasons", 50), (info.Changes.Rejected[^1].Reason, info.Changes.Rejected[^1].Rows));
        Assert.Equal(101, info.Changes.Rejected.Length);
        Assert.Contains("- and 91 more reasons", info.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_loads_packages_of_another_run_reports_their_changes()
    {
        await RunAsync(Some.Resource("t", """{"id":1}"""));
        await using (var run = await NewPipeline(keepRejects: true).BeginAsync(Cancellation))
        {
            var resource = Some.Resource("t", """{"id":"x","more":1,"none":null}""", """{"id":2,"a":{"b":1},"a__b":2}""");
            await run.ExtractAsync(new Source("pipe", [resource]), Cancellation);
            run.Normalize(Cancellation);
        }

        var info = await NewPipeline().LoadPendingAsync(Cancellation);
        Assert.Equal(
            [
                "Schema: t + more; id__v_text (1 row)",
                "Schema: t: not created, only nulls: none",
                "Rejected: 1 row, kept in table _dlt_rejected",
            ],
            Lines(info));
    }

    [Fact]
    public async Task Many_names_are_cut_in_the_text_and_whole_in_the_properties()
    {
        await RunAsync(Some.Resource("t", """{"id":1}"""));
        var item = JsonValue.Object(Enumerable.Range(0, 50).Select(i => KeyValuePair.Create($"c{i}", JsonValue.Integer(i))));
        var info = await RunAsync(Some.Resource("t", JsonText.Write(item)));
        Assert.Equal(50, info.Changes.NewColumns.Length);
        Assert.EndsWith("c18, c19 and 30 more", Assert.Single(SchemaLines(info)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_of_a_load_has_packages_rows_changes_rejects_and_the_place_of_the_data()
    {
        await RunAsync(Some.Resource("orders", """{"id":1,"customer_id":7}"""));
        string[] items = ["""{"id":2,"customer_id":"c","coupon":"x","lines":[{"sku":"a"}],"note":null}""", """{"id":"""];
        var file = _folder.Write("orders.jsonl", string.Join('\n', items));
        var info = await RunAsync(keepRejects: true, Resource.FromFile("orders", file));
        (string, string)[] scrubs =
        [
            (Regex.Escape(_folder.Path), "<folder>"),
            (Verified.LoadId, "<load id>"),
            (@"in [\d.]+ seconds|at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "<time>"),
        ];
        Verified.Matches(info.ToString(), "load", scrubs);
    }

    private static List<string> Lines(LoadInfo info) => [.. SchemaLines(info), .. LinesWith(info, "Rejected: ")];

    private static List<string> SchemaLines(LoadInfo info) => LinesWith(info, "Schema: ");

    private static List<string> LinesWith(LoadInfo info, string prefix) =>
        [.. info.ToString().Split('\n').Where(l => l.StartsWith(prefix, StringComparison.Ordinal))];

    private Pipeline NewPipeline(bool keepRejects = false)
    {
        var account = Some.Account(_folder);
        var configuration = Some.Configuration(account.Folder);
        var options = new PipelineOptions { Configuration = configuration, Warn = _warnings.Add, KeepRejects = keepRejects };
        return Pipeline.Create("pipe", Athena.Destination(account), "ds", options);
    }

    private Task<LoadInfo> RunAsync(params Resource[] resources) => RunAsync(keepRejects: false, resources);

    private Task<LoadInfo> RunAsync(bool keepRejects, params Resource[] resources) =>
        NewPipeline(keepRejects).RunAsync(resources, Cancellation);
}
