using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class NestedColumnTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lists_structs_and_maps_are_columns_of_that_type()
    {
        var account = await LoadAsync(
            [Column.Nested("parts", "array<struct<sku:string,n:bigint,at:timestamp,price:decimal(6,2),tags:array<string>>>"), Column.Nested("scores", "map<string,double>"), Column.Nested("o", "struct<a:int,b:struct<c:boolean,d:date>>")],
            """{"id":1,"parts":[{"sku":"x","n":1,"at":"2024-01-02T03:04:05Z","price":1.5,"tags":["p","q"]},{"SKU":"y","tags":[]},null],"scores":{"a":1.5,"b":2},"o":{"a":7,"b":{"c":true,"d":"2024-02-29"}}}""",
            """{"id":2,"parts":[],"scores":{},"o":{"b":null}}""",
            """{"id":3,"parts":null}""",
            """{"id":4,"parts":[{"tags":["r"]},{"n":5}],"o":null}""");
        var table = await account.Glue.GetTableAsync("ds", "items", Cancellation);
        Assert.Equal("array<struct<sku:string,n:bigint,at:timestamp,price:decimal(6,2),tags:array<string>>>", table!.Columns.Single(c => c.Name == "parts").Type);
        Assert.Equal(
            ["1|3|x|2024-01-02 03:04:05.000|1.50|q|y|0|1.5|7|true|2024-02-29", "2|0||||||||||", "3|||||||||||", "4|2||||r||||||"],
            (await Some.QueryAsync(account, """
                SELECT id, len(parts), parts[1].sku, parts[1]."at", parts[1].price, parts[1].tags[len(parts[1].tags)], parts[2].sku, len(parts[2].tags), scores['a'], o.a, o.b.c, o.b.d FROM items ORDER BY id
                """)).Rows.Select(r => string.Join('|', r.Select(v => v ?? ""))));
    }

    [Fact]
    public async Task A_value_that_the_type_cannot_hold_goes_whole_to_a_variant()
    {
        var account = await LoadAsync(
            [Column.Nested("l", "array<struct<a:bigint>>")],
            """{"id":1,"l":[{"a":1}]}""", """{"id":2,"l":[{"a":1,"new":2}]}""", """{"id":3,"l":[{"a":"x"}]}""", """{"id":4,"l":{"a":1}}""", """{"id":5,"l":[{"a":"7","new":null}]}""");
        Assert.Equal(
            ["1||1", """2|[{"a":1,"new":2}]|""", """3|[{"a":"x"}]|""", """4|{"a":1}|""", "5||7"],
            (await Some.QueryAsync(account, "SELECT id, l__v_json, l[1].a FROM items ORDER BY id")).Rows.Select(r => string.Join('|', r.Select(v => v ?? ""))));
    }

    [Fact]
    public async Task Many_rows_in_several_pages_and_row_groups_are_read_by_others_as_they_were_given()
    {
        var items = Enumerable.Range(0, 300_000).Select(i => $$"""{"id":{{i}},"l":[{{string.Join(',', Enumerable.Range(0, i % 4).Select(n => $$"""{"a":{{i + n}},"t":["t{{n}}"]}"""))}}]}""").ToArray();
        var account = await LoadAsync([Column.Nested("l", "array<struct<a:bigint,t:array<string>>>")], items);
        Assert.Equal(
            ["300000", "450000", "450000"],
            (await Some.QueryAsync(account, "SELECT count(*), sum(len(l)), sum(list_sum(list_transform(l, x -> CASE WHEN x.a - id BETWEEN 0 AND 3 AND x.t[1] = 't' || (x.a - id) THEN 1 ELSE 0 END))) FROM items")).Rows[0]);
    }

    [Theory]
    [InlineData("string")]
    [InlineData("array<text>")]
    [InlineData("array<bigint")]
    [InlineData("struct<a:bigint,A:string>")]
    [InlineData("map<array<string>,bigint>")]
    [InlineData("array<bigint>>")]
    [InlineData("array<decimal(40,2)>")]
    public void A_type_that_glue_does_not_have_is_refused(string type) => Assert.Throws<FormatException>(() => Column.Nested("a", type));

    private async Task<LocalAthena> LoadAsync(ColumnSchema[] columns, params string[] items)
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", new ResourceHints { Columns = [.. columns] }, items), Cancellation);
        return account;
    }
}
