using Dlt.Json;
using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Normalize;

public sealed class NestedColumnTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lists_structs_and_maps_are_columns_of_that_type()
    {
        var account = await LoadAsync(
            [Column.Nested("parts", "array<struct<sku:string,n:bigint,at:timestamp,price:decimal(6,2),tags:array<string>>>"),
                Column.Nested("scores", "map<string,double>"), Column.Nested("o", "struct<a:int,b:struct<c:boolean,d:date>>")],
            """
            {"id":1,
             "parts":[{"sku":"x","n":1,"at":"2024-01-02T03:04:05Z","price":1.5,"tags":["p","q"]},{"SKU":"y","tags":[]},null],
             "scores":{"a":1.5,"b":2},
             "o":{"a":7,"b":{"c":true,"d":"2024-02-29"}}}
            """,
            """{"id":2,"parts":[],"scores":{},"o":{"b":null}}""",
            """{"id":3,"parts":null}""",
            """{"id":4,"parts":[{"tags":["r"]},{"n":5}],"o":null}""");
        var table = await account.Glue.GetTableAsync("ds", "items", Cancellation);
        Assert.Equal("array<struct<sku:string,n:bigint,at:timestamp,price:decimal(6,2),tags:array<string>>>",
            table!.Columns.Single(c => c.Name == "parts").Type);
        Assert.Equal(
            [
                ["1", "3", "x", "2024-01-02 03:04:05.000", "1.50", "q", "y", "0", "1.5", "7", "true", "2024-02-29"],
                ["2", "0", null, null, null, null, null, null, null, null, null, null],
                ["3", null, null, null, null, null, null, null, null, null, null, null],
                ["4", "2", null, null, null, "r", null, null, null, null, null, null],
            ],
            (await Some.QueryAsync(account, """
                SELECT id, len(parts), parts[1].sku, parts[1]."at", parts[1].price, parts[1].tags[len(parts[1].tags)], parts[2].sku,
                    len(parts[2].tags), scores['a'], o.a, o.b.c, o.b.d
                FROM items ORDER BY id
                """)).Rows);
    }

    [Fact]
    public async Task A_value_that_the_type_cannot_hold_goes_whole_to_a_variant()
    {
        var account = await LoadAsync(
            [Column.Nested("l", "array<struct<a:bigint>>")],
            """{"id":1,"l":[{"a":1}]}""",
            """{"id":2,"l":[{"a":1,"new":2}]}""",
            """{"id":3,"l":[{"a":"x"}]}""",
            """{"id":4,"l":{"a":1}}""",
            """{"id":5,"l":[{"a":"7","new":null}]}""");
        Assert.Equal(
            [
                ["1", null, "1"],
                ["2", """[{"a":1,"new":2}]""", null],
                ["3", """[{"a":"x"}]""", null],
                ["4", """{"a":1}""", null],
                ["5", null, "7"],
            ],
            (await Some.QueryAsync(account, "SELECT id, l__v_json, l[1].a FROM items ORDER BY id"))
                .Rows);
    }

    [Fact]
    public async Task Many_rows_in_several_pages_and_row_groups_are_read_correctly_by_other_readers()
    {
        static string List(int i) =>
            string.Join(',', Enumerable.Range(0, i % 4).Select(n => $$"""{"a":{{i + n}},"t":["t{{n}}"]}"""));
        var items = Enumerable.Range(0, 300_000).Select(i => $$"""{"id":{{i}},"l":[{{List(i)}}]}""").ToArray();
        var account = await LoadAsync([Column.Nested("l", "array<struct<a:bigint,t:array<string>>>")], items);
        Assert.Equal(
            ["300000", "450000", "450000"],
            (await Some.QueryAsync(account, "SELECT count(*), sum(len(l)), sum(list_sum(list_transform(l, x -> CASE WHEN x.a - id "
                + "BETWEEN 0 AND 3 AND x.t[1] = 't' || (x.a - id) THEN 1 ELSE 0 END))) FROM items")).Rows[0]);
    }

    [Fact]
    public async Task Types_that_are_not_declared_follow_the_data()
    {
        var account = await LoadAsync(
            new ResourceHints { NestedAs = NestedAs.Columns },
            """{"id":1,"parts":[],"o":{}}""",
            """{"id":2,"parts":[{"Sku":"x","price":1}],"o":{"a":{"b":true}}}""",
            """
            {"id":3,
             "parts":[{"Sku":"y","price":2,"tags":[]},null,{"tags":["p","q"],"At":"2024-01-02T03:04:05.123456Z"}],
             "o":{"a":{"b":false,"c":1.5}}}
            """,
            """{"id":4,"parts":[{"price":"none"}],"o":{"a":{}},"more":[1,2.5]}""",
            """{"id":5,"parts":[{"sku":"z","price":7}],"o":null,"more":[[1]]}""");
        var table = await account.Glue.GetTableAsync("ds", "items", Cancellation);
        Assert.Equal(
            ["array<struct<sku:string,price:bigint,tags:array<string>,at:timestamp>>", "struct<a:struct<b:boolean,c:double>>",
                "array<double>"],
            new[] { "parts", "o", "more" }.Select(name => table!.Columns.Single(c => c.Name == name).Type));
        Assert.Equal(
            [
                ["1", null, null, null, null, null, null, null, null, null, null],
                ["2", "1", "x", "1", null, null, "true", null, null, null, null],
                ["3", "3", "y", "2", "p", "2024-01-02 03:04:05.123456", "false", "1.5", null, null, null],
                ["4", null, null, null, null, null, null, null, "2", """[{"price":"none"}]""", null],
                ["5", "1", "z", "7", null, null, null, null, null, null, "[[1]]"],
            ],
            (await Some.QueryAsync(account, """
                SELECT id, len(parts), parts[1].sku, parts[1].price, parts[3].tags[1], parts[3]."at", o.a.b, o.a.c,
                    len(more), parts__v_json, more__v_json
                FROM items ORDER BY id
                """)).Rows);
        Assert.Null(await account.Glue.GetTableAsync("ds", "items__parts", Cancellation));
    }

    [Fact]
    public async Task Objects_of_user_code_become_native_columns_too()
    {
        var account = Some.Account(_folder);
        var orders = Enumerable.Range(1, 3)
            .Select(i =>
            new
            {
                Id = i,
                Lines = Enumerable.Range(0, i).Select(n => new { Sku = "s" + n, Price = n + 0.5m }).ToList(),
                Buyer = new { Name = "b" + i, Tags = new[] { "x" } }
            });
        await Some.Pipeline(account)
            .RunAsync(Resource.Create("items", orders, new ResourceHints { NestedAs = NestedAs.Columns }), Cancellation);
        Assert.Equal(
            ["array<struct<sku:string,price:decimal(38,9)>>", "struct<name:string,tags:array<string>>"],
            (await account.Glue.GetTableAsync("ds", "items", Cancellation))!.Columns.Where(c => c.Name is "lines" or "buyer")
                .Select(c => c.Type));
        Assert.Equal(
            [
                ["1", "1", "s0", "0.500000000", "b1", "x"],
                ["2", "2", "s1", "1.500000000", "b2", "x"],
                ["3", "3", "s2", "2.500000000", "b3", "x"],
            ],
            (await Some.QueryAsync(account, "SELECT id, len(lines), lines[id].sku, lines[id].price, buyer.name, buyer.tags[1] FROM "
                + "items ORDER BY id")).Rows);
    }

    [Fact]
    public async Task Fields_of_later_runs_are_added_to_the_table_and_older_rows_stay()
    {
        var account = await LoadAsync([Column.Nested("o")], """{"id":1,"o":[{"a":1}]}""");
        await LoadAsync([Column.Nested("o")], """{"id":2,"o":[{"b":"x","a":2}]}""");
        await LoadAsync([Column.Nested("o")], """{"id":3,"o":[{"a":3}]}""");
        Assert.Equal("array<struct<a:bigint,b:string>>",
            (await account.Glue.GetTableAsync("ds", "items", Cancellation))!.Columns.Single(c => c.Name == "o").Type);
        Assert.Equal(
            [["1", "1", null], ["2", "2", "x"], ["3", "3", null]],
            (await Some.QueryAsync(account, "SELECT id, o[1].a, o[1].b FROM items ORDER BY id"))
            .Rows);
    }

    [Fact]
    public async Task A_contract_that_freezes_columns_freezes_the_fields_in_them()
    {
        var hints = new ResourceHints
        { Columns = [Column.Nested("o")], SchemaContract = new() { Columns = ContractMode.Freeze } };
        await LoadAsync(hints, """{"id":1,"o":{"a":1}}""");
        var error = await Assert.ThrowsAsync<SchemaContractException>(() => LoadAsync(hints, """{"id":2,"o":{"b":1}}"""));
        Assert.Contains("new fields", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_number_of_workers_does_not_matter(int workers)
    {
        var random = new Random(5);
        string Value(int depth) => random.Next(depth > 2 ? 4 : 7) switch
        {
            0 => "null",
            1 => "[]",
            2 => random.Next(9).ToString(System.Globalization.CultureInfo.InvariantCulture),
            3 => "\"t\"",
            4 => "[" + string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => Element(depth))) + "]",
            _ => "{\"k" + random.Next(30) + "\":" + Value(depth + 1) + ",\"e\":{}}",
        };
        string Element(int depth) => "{\"x" + random.Next(20) + "\":" + Value(depth + 1) + "}";
        var items = Enumerable.Range(0, 60_000).Select(i => "{\"id\":" + i + ",\"v" + random.Next(3) + "\":" + Value(0) + "}").ToArray();
        var file = _folder.File($"items{workers}.jsonl");
        await File.WriteAllLinesAsync(file, items, Cancellation);
        var account = new LocalAthena(_folder.File($"account{workers}"));
        await Dlt.Pipeline.Create("pipe", Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(account.Folder, ("NORMALIZE__WORKERS", $"{workers}")), Warn = _ => { } })
            .RunAsync(Resource.FromFile("items", file, new ResourceHints { NestedAs = NestedAs.Columns }), Cancellation);
        var table = await account.Glue.GetTableAsync("ds", "items", Cancellation);
        var columns = string.Join(", ", table!.Columns.Where(c => !c.Name.StartsWith("_dlt", StringComparison.Ordinal))
            .Select(c => c.Name));
        var sum = await Some.ValueAsync(account, $"SELECT md5(string_agg(CAST(({columns}) AS VARCHAR), ';' ORDER BY id)) FROM items");
        var types = string.Join(';', table.Columns.Select(c => c.Type));
        Assert.Equal(Expected.GetOrAdd("workers", (types, sum)), (types, sum));
    }

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, (string Types, string? Sum)> Expected = new();

    [Theory]
    [InlineData("string")]
    [InlineData("array<text>")]
    [InlineData("array<bigint")]
    [InlineData("struct<a:bigint,A:string>")]
    [InlineData("map<array<string>,bigint>")]
    [InlineData("array<bigint>>")]
    [InlineData("array<decimal(40,2)>")]
    public void A_type_that_glue_does_not_have_is_refused(string type) => Assert.Throws<FormatException>(() => Column.Nested("a", type));

    private Task<LocalAthena> LoadAsync(ColumnSchema[] columns, params string[] items) =>
        LoadAsync(new ResourceHints { Columns = [.. columns] }, items);

    private async Task<LocalAthena> LoadAsync(ResourceHints hints, params string[] items)
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", hints, items), Cancellation);
        return account;
    }
}
