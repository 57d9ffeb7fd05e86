using Apache.Arrow;
using Dlt.Json;
using Dlt.Normalize.Contracts;
using Dlt.Schemas;
using Dlt.Tests.Support;
using Dlt.Types;

namespace Dlt.Tests.Pipelines.Hints;

public sealed class ItemHintsTests : IDisposable
{
    private static readonly ItemHints Refunds = new()
    {
        TableName = "refunds",
        WriteDisposition = WriteDisposition.Merge,
        PrimaryKey = ["no"],
        Columns = [new("sum", DataType.Decimal)],
    };

    private readonly TempFolder _folder = new();
    private readonly LocalAthena _account;

    public ItemHintsTests() => _account = Some.Account(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_variant_has_its_own_hints_and_the_resource_keeps_its_own()
    {
        await RunAsync(
            new(),
            Mark.WithHints(Some.Item("""{"no":1,"sum":3}"""), Refunds, createTableVariant: true),
            Mark.WithTableName(Some.Item("""{"no":2,"sum":"4.5"}"""), "refunds"),
            Some.Item("""{"no":3}"""),
            Mark.WithHints(Some.Item("""{"no":4,"note":9}"""), new() { Columns = [Column.Text("note")] }));
        Assert.Equal(["1,2", "7.5"], await RowAsync("SELECT string_agg(no, ',' ORDER BY no), CAST(sum(sum) AS DOUBLE) FROM refunds"));
        Assert.Equal(["3,4", "9"], await RowAsync("SELECT string_agg(no, ',' ORDER BY no), max(note) FROM feed"));
        var (refunds, feed) = (Table("refunds"), Table("feed"));
        Assert.Equal(["merge", "refunds", "feed"], new[] { "write_disposition", "variant_name", "resource" }.Select(refunds.Text));
        Assert.Equal(["append", null, "feed"], new[] { "write_disposition", "variant_name", "resource" }.Select(feed.Text));
        Assert.Equal("sum decimal, no bigint not null primary_key", ColumnsOf(refunds));
        Assert.Equal("note text, no bigint", ColumnsOf(feed));
    }

    [Fact]
    public async Task Hints_including_the_table_name_hold_for_the_items_that_follow()
    {
        await RunAsync(
            new(),
            Some.Item("""{"id":1}"""),
            Mark.WithHints(Some.Item("""{"id":2}"""), new() { TableName = "other", PrimaryKey = ["id"] }),
            Some.Item("""{"id":3}"""),
            Mark.WithHints(Some.Item("""{"id":4}"""), new() { TableName = "" }));
        Assert.Equal("2,3", await Some.ValueAsync(_account, "SELECT string_agg(id, ',' ORDER BY id) FROM other"));
        Assert.Equal("1,4", await Some.ValueAsync(_account, "SELECT string_agg(id, ',' ORDER BY id) FROM feed"));
        Assert.Equal("feed", Table("other").Resource);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Objects_that_wait_for_their_batch_are_written_under_the_hints_of_before(bool isMarked)
    {
        object? Of(object item) => isMarked ? Mark.WithTableName(item, "feed") : item;
        await RunAsync(
            new(),
            Of(new Row(1)),
            Of(new Row(2)),
            Mark.WithHints(new[] { new Row(3), new Row(4) }, new() { TableName = "late" }),
            Of(new Row(5)));
        Assert.Equal(isMarked ? "1,2,5" : "1,2", await Some.ValueAsync(_account, "SELECT string_agg(id, ',' ORDER BY id) FROM feed"));
        Assert.Equal(isMarked ? "3,4" : "3,4,5", await Some.ValueAsync(_account, "SELECT string_agg(id, ',' ORDER BY id) FROM late"));
    }

    [Fact]
    public async Task Columns_declared_after_their_first_row_have_the_declared_type_in_all_rows()
    {
        await RunAsync(
            new() { Columns = [Column.Decimal("price", 10, 2)] },
            Some.Item("""{"price":1.5,"note":8}"""),
            Mark.WithHints(
                Some.Item("""{"price":2.5,"note":9}"""),
                new() { Columns = [Column.Text("note"), new ColumnSchema("price").With("x-unit", JsonValue.String("eur"))] }));
        Assert.Equal(["8,9", "2"], await RowAsync("SELECT string_agg(note, ',' ORDER BY note), count(price) FROM feed"));
        Assert.Equal("price decimal, note text", ColumnsOf(Table("feed")));
        Assert.True(Table("feed").TryGetColumn("price", out var price));
        Assert.Equal("eur,10,2", $"{price.Properties["x-unit"]!.AsString()},{price.Properties["precision"]},{price.Properties["scale"]}");
    }

    [Fact]
    public async Task A_new_key_takes_the_place_of_the_former_one()
    {
        await RunAsync(
            new() { PrimaryKey = ["a"], MergeKey = ["b"] },
            Some.Item("""{"a":1,"b":1}"""),
            Mark.WithHints(Some.Item("""{"a":2,"b":2}"""), new() { PrimaryKey = ["b"] }));
        Assert.Equal("a bigint not null, b bigint not null merge_key primary_key", ColumnsOf(Table("feed")));
    }

    [Fact]
    public async Task The_last_disposition_of_a_run_holds_for_the_whole_table()
    {
        await RunAsync(new(), Some.Item("""{"id":1}"""));
        await RunAsync(
            new(), Some.Item("""{"id":2}"""),
                Mark.WithHints(Some.Item("""{"id":3}"""), new() { WriteDisposition = WriteDisposition.Replace }));
        Assert.Equal("2,3", await Some.ValueAsync(_account, "SELECT string_agg(id, ',' ORDER BY id) FROM feed"));
    }

    [Theory]
    [InlineData(WriteDisposition.Append, "1")]
    [InlineData(WriteDisposition.Replace, "0")]
    public async Task A_variant_without_rows_is_emptied_only_if_it_replaces(WriteDisposition disposition, string left)
    {
        var variant = new ItemHints { TableName = "refunds", WriteDisposition = disposition };
        var feed = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await RunAsync(feed, Some.Item("""{"id":1}"""), Mark.WithHints(Some.Item("""{"id":2}"""), variant, createTableVariant: true));
        await RunAsync(feed, Mark.WithHints(null, variant, createTableVariant: true));
        Assert.Equal(["0", left], await RowAsync("SELECT count(*), (SELECT count(*) FROM refunds) FROM feed"));
        await RunAsync(feed);
        Assert.Equal(["0", left], await RowAsync("SELECT count(*), (SELECT count(*) FROM refunds) FROM feed"));
    }

    [Fact]
    public async Task Hints_alone_make_the_table_known_without_rows()
    {
        var info = await RunAsync(
            new(), Mark.WithHints(null, new() { Columns = [Column.Date("day")] }), Mark.WithTableName(new List<object>(), "others"));
        Assert.DoesNotContain("feed", info.RowCounts.Keys);
        Assert.Equal("day date", ColumnsOf(Table("feed")));
        Assert.Equal("feed", Table("others").Resource);
    }

    [Fact]
    public async Task An_empty_table_is_made_with_the_columns_of_its_hints()
    {
        await RunAsync(new(), Mark.WithHints(new EmptyTable(), new() { TableName = "days", Columns = [Column.Date("day")] },
            createTableVariant: true));
        Assert.Equal("0", await Some.ValueAsync(_account, "SELECT count(day) FROM days"));
    }

    [Fact]
    public async Task Every_kind_of_item_can_be_marked()
    {
        var variant = new ItemHints { TableName = "v" };
        await RunAsync(
            new(),
            Mark.WithHints(new Row(1), variant, createTableVariant: true),
            Mark.WithHints(new Dictionary<string, object?> { ["id"] = 2 }, variant, createTableVariant: true),
            Mark.WithHints(new RawJson("""[{"id":3},{"id":4}]"""u8.ToArray()), variant, createTableVariant: true),
            new List<object?>
            {
                Mark.WithHints(new { id = 5 }, variant, createTableVariant: true), Mark.WithTableName(new { id = 6 }, "v"), new { id = 7 },
            });
        Assert.Equal("1,2,3,4,5,6", await Some.ValueAsync(_account, "SELECT string_agg(id, ',' ORDER BY id) FROM v"));
        Assert.Equal("7", await Some.ValueAsync(_account, "SELECT string_agg(id, ',') FROM feed"));
    }

    [Fact]
    public async Task Sequences_of_marked_items_are_not_taken_for_objects()
    {
        await Some.Pipeline(_account).RunAsync(
            [
                Resource.Create("named", [Mark.WithTableName(new Row(1), "a"), Mark.WithTableName(new Row(2), "b")]),
                Resource.Create("hinted", [Mark.WithHints(new Row(3), new() { TableName = "c" })]),
            ],
            Cancellation);
        Assert.Equal(["1", "2", "3"], await RowAsync("SELECT a.id, b.id, c.id FROM a, b, c"));
    }

    [Fact]
    public async Task Arrow_tables_come_with_hints_too()
    {
        var hints = new ItemHints { TableName = "prices", WriteDisposition = WriteDisposition.Replace, PrimaryKey = ["id"] };
        await RunAsync(
            new(),
            Mark.WithHints(Ids(1, 2), hints, createTableVariant: true),
            Mark.WithTableName(Ids(3), "prices"),
            Mark.WithHints(Ids(4), new() { Columns = [new ColumnSchema("id").With("description", JsonValue.String("number"))] }));
        Assert.Equal("id bigint not null primary_key", ColumnsOf(Table("prices")));
        Assert.Equal("replace", Table("prices").Text("write_disposition"));
        Assert.True(Table("feed").TryGetColumn("id", out var id));
        Assert.Equal("number", id.Properties["description"]!.AsString());
        Assert.Equal(["3", "1"], await RowAsync("SELECT count(*), (SELECT count(*) FROM feed) FROM prices"));
    }

    [Fact]
    public async Task A_new_arrow_table_under_a_contract_may_have_more_columns_than_its_hints()
    {
        var hints = new ResourceHints { SchemaContract = new() { Columns = ContractMode.Freeze } };
        await RunAsync(hints, Mark.WithHints(null, new() { Columns = [Column.Text("note")] }), Ids(1));
        Assert.Equal("note text, id bigint", ColumnsOf(Table("feed")));
        await Assert.ThrowsAsync<SchemaContractException>(() =>
            RunAsync(hints, Mark.WithHints(Ids(2), new() { Columns = [Column.Text("more")] })));
    }

    [Theory]
    [InlineData("freeze", null)]
    [InlineData("discard_value", "id bigint, v text")]
    [InlineData("evolve", "id bigint, v text, more text")]
    public async Task Contracts_hold_for_columns_that_hints_declare(string mode, string? columns)
    {
        var hints = new ResourceHints { SchemaContract = new() { Columns = ContractModes.Parse(mode) } };
        var more = new ItemHints { Columns = [Column.Text("more")] };
        await RunAsync(hints, Some.Item("""{"id":1,"v":"a"}"""));
        if (columns is null)
        {
            var error = await Assert.ThrowsAsync<SchemaContractException>(() =>
                RunAsync(hints, Mark.WithHints(Some.Item("""{"id":2}"""), more)));
            Assert.Contains("'feed.more'", error.Message, StringComparison.Ordinal);
            Assert.Equal(("feed", "more"), (error.Table, error.Column));
            return;
        }

        await RunAsync(hints, Mark.WithHints(Some.Item("""{"id":2}"""), more));
        Assert.Equal(columns, ColumnsOf(Table("feed")));
    }

    [Fact]
    public async Task A_contract_that_came_with_an_item_is_asked_from_there_on()
    {
        var discards = new ItemHints { SchemaContract = new() { Tables = ContractMode.DiscardRow } };
        await RunAsync(
            new(),
            Mark.WithHints(Some.Item("""{"id":1}"""), discards),
            Mark.WithTableName(Some.Item("""{"id":2}"""), "other"),
            Mark.WithHints(null, new() { SchemaContract = SchemaContract.None, TableName = "third" }),
            Some.Item("""{"id":3}"""));
        Assert.Equal("3", await Some.ValueAsync(_account, "SELECT string_agg(id, ',') FROM third"));
        Assert.Null(await _account.Glue.GetTableAsync("ds", "feed", Cancellation));
        Assert.Null(await _account.Glue.GetTableAsync("ds", "other", Cancellation));
    }

    [Fact]
    public async Task Marked_items_pass_the_cursor_and_hints_pass_it_without_one()
    {
        var hints = new ResourceHints { Incremental = new("n") { InitialValue = 2 } };
        var variant = new ItemHints { TableName = "refunds", PrimaryKey = ["n"] };
        await RunAsync(
            hints,
            Mark.WithHints(new[] { new { n = 1 }, new { n = 2 } }, variant, createTableVariant: true),
            Mark.WithHints(new { n = 1 }, new() { Columns = [Column.Text("note")] }),
            new { n = 3 },
            Mark.WithTableName(new EmptyTable(), "none"));
        Assert.Equal("2", await Some.ValueAsync(_account, "SELECT string_agg(n, ',') FROM refunds"));
        Assert.Equal("3", await Some.ValueAsync(_account, "SELECT string_agg(n, ',') FROM feed"));
        Assert.Equal("n bigint not null primary_key", ColumnsOf(Table("refunds")));
        Assert.Equal("n bigint incremental, note text", ColumnsOf(Table("feed"), inOrder: false));
    }

    [Fact]
    public async Task Rows_at_the_last_value_are_distinguished_by_the_key_of_the_hints()
    {
        var hints = new ResourceHints { Incremental = new("n") };
        for (var run = 0; run < 2; run++)
        {
            await RunAsync(
                hints,
                Mark.WithHints(null, new() { PrimaryKey = ["id"] }),
                Some.Item($$"""{"id":1,"n":5,"run":{{run}}}"""),
                Some.Item($$"""{"id":{{run + 2}},"n":5,"run":{{run}}}"""));
        }

        Assert.Equal("1,2,3", await Some.ValueAsync(_account, "SELECT string_agg(id, ',' ORDER BY id) FROM feed"));
    }

    [Fact]
    public async Task Transformers_get_the_items_without_their_marks_and_may_mark_their_own()
    {
        var feed = Resource.Create("feed",
            new object[] { Mark.WithHints(Some.Item("""{"id":1}"""), Refunds, createTableVariant: true), Some.Item("""{"id":2}""") });
        var details = feed.Transform<JsonValue, object>("details", (item, _, _) => One(Mark.WithTableName(item, "detail_rows")));
        await Some.Pipeline(_account).RunAsync([feed.Unselected(), details], Cancellation);
        Assert.Equal("1,2", await Some.ValueAsync(_account, "SELECT string_agg(id, ',' ORDER BY id) FROM detail_rows"));
        Assert.Equal("details", Table("detail_rows").Resource);
        Assert.Null(await _account.Glue.GetTableAsync("ds", "refunds", Cancellation));
    }

    [Fact]
    public async Task Hints_of_one_resource_do_not_affect_other_resources()
    {
        Resource Of(string name) => Resource.Create<object>(
            name,
            [
                Some.Item("""{"id":1}"""),
                Mark.WithHints(Some.Item("""{"id":2,"no":2}"""),
                    new() { TableName = $"{name}_late", PrimaryKey = [name == "a" ? "id" : "no"] }),
            ]);
        for (var run = 0; run < 3; run++)
        {
            await Some.Pipeline(_account).RunAsync([Of("a"), Of("b")], Cancellation);
            Assert.Equal("id bigint not null primary_key, no bigint", ColumnsOf(Table("a_late"), inOrder: false));
            Assert.Equal("id bigint, no bigint not null primary_key", ColumnsOf(Table("b_late"), inOrder: false));
            Assert.Equal("id bigint", ColumnsOf(Table("a")));
        }
    }

    [Fact]
    public async Task The_name_of_the_table_may_depend_on_the_item_from_one_item_on()
    {
        await RunAsync(
            new(),
            new Row(1),
            Mark.WithHints(new[] { new Row(2), new Row(3) },
                new() { TableNameOf = item => $"rows_{item["Id"]}", Columns = [Column.Text("id")] }));
        Assert.Equal(["1", "2", "3"], await RowAsync("SELECT feed.id, rows_2.id, rows_3.id FROM feed, rows_2, rows_3"));
        Assert.Equal("id bigint", ColumnsOf(Table("feed")));
        Assert.Equal("id text", ColumnsOf(Table("rows_2")));
    }

    [Fact]
    public async Task Nested_hints_may_be_of_a_variant()
    {
        var variant = new ItemHints { TableName = "orders", Nested = [new NestedHints("lines") { Columns = [Column.Text("no")] }] };
        await RunAsync(new(), Mark.WithHints(Some.Item("""{"id":1,"lines":[{"no":7}]}"""), variant, createTableVariant: true));
        Assert.Equal("7", await Some.ValueAsync(_account, "SELECT max(no) FROM orders__lines"));
        Assert.Contains("no text", ColumnsOf(Table("orders__lines")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Properties_are_laid_over_those_of_before_and_an_empty_list_removes_them()
    {
        var hints = new ResourceHints { Additional = [new("x-a", JsonValue.Integer(1)), new("x-b", JsonValue.Integer(1))] };
        await RunAsync(
            hints,
            Mark.WithHints(new Row(1), new() { TableName = "one", Additional = [new("x-b", JsonValue.Integer(2))] }),
            Mark.WithHints(new Row(2), new() { TableName = "two", Additional = [] }));
        Assert.Equal("1,2", $"{Table("one")["x-a"]},{Table("one")["x-b"]}");
        Assert.Null(Table("two")["x-b"]);
    }

    private static RecordBatch Ids(params long[] ids) =>
        new(new Apache.Arrow.Schema([new Field("id", Apache.Arrow.Types.Int64Type.Default, true)], null),
            [new Int64Array.Builder().AppendRange(ids).Build()], ids.Length);

    private static async IAsyncEnumerable<object> One(object item)
    {
        await Task.CompletedTask;
        yield return item;
    }

    private async Task<LoadInfo> RunAsync(ResourceHints hints, params object?[] items) =>
        await Some.Pipeline(_account).RunAsync(Resource.Create("feed", (_, _) => items.ToAsyncEnumerable(), hints), Cancellation);

    private async Task<IReadOnlyList<string?>> RowAsync(string sql) => (await Some.QueryAsync(_account, sql)).Rows[0];

    private TableSchema Table(string name)
    {
        var file = Path.Combine(_account.PipelinesFolder, "pipe", "schemas", "pipe.schema.json");
        return SchemaJson.FromJson(JsonParser.Parse(File.ReadAllBytes(file))).Table(name);
    }

    /// <summary>The user's columns with type and hints.</summary>
    private static string ColumnsOf(TableSchema table, bool inOrder = true)
    {
        var columns = table.Columns.Where(c => !c.Name.StartsWith("_dlt", StringComparison.Ordinal));
        if (!inOrder) columns = columns.OrderBy(c => c.Name, StringComparer.Ordinal);
        return string.Join(", ", columns.Select(c =>
        {
            var hints = new[] { "incremental", "merge_key", "primary_key" }.Where(c.Has);
            var isRequired = c.Properties["nullable"] is { Kind: JsonKind.False };
            string?[] parts = [c.Name, c.Properties["data_type"]?.AsString(), isRequired ? "not null" : null, .. hints];
            return string.Join(' ', parts.Where(p => p is not null));
        }));
    }

    private sealed record Row(long Id);
}
