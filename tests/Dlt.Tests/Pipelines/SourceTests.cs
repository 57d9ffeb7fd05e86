using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class SourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private int _pages;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("players", "players")]
    [InlineData("games", "games")]
    [InlineData("players,games", "games,players")]
    public async Task With_resources_loads_those_and_asks_their_parent_once(string names, string loaded)
    {
        var account = Some.Account(_folder);
        var info = await Some.Pipeline(account).RunAsync(Chess().WithResources(names.Split(',')), Cancellation);
        Assert.Equal(loaded, string.Join(',', info.RowCounts.Keys.Where(t => !t.StartsWith("_dlt", StringComparison.Ordinal))));
        Assert.Equal(1, _pages);
    }

    [Fact]
    public void A_copy_with_other_resources_is_checked_as_a_new_source_is()
    {
        var orders = Some.Resource("orders", """{"id":1}""");
        var source = new Source("shop", orders);
        Assert.Contains("two resources named 'orders'", Assert.Throws<ArgumentException>(() => source
            with
        { Resources = [orders, orders] }).Message, StringComparison.Ordinal);
        Assert.Equal(2, (source with { Resources = [orders, Some.Resource("lines", """{"id":1}""")] }).Resources.Length);
    }

    [Fact]
    public async Task Every_schema_but_the_first_has_a_dataset_of_its_own_if_asked_for()
    {
        var account = Some.Account(_folder);
        var pipeline = Pipeline.Create("pipe", Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(account.Folder, ("USE_SINGLE_DATASET", "false")) });
        await pipeline.RunAsync(new Source("one", Some.Resource("t", "{\"a\":1}")), Cancellation);
        await pipeline.RunAsync(new Source("two", Some.Resource("t", "{\"a\":2}")), Cancellation);
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT sum(a) FROM t"));
        Assert.Equal(["2", "1"], (await Some.QueryAsync(account, "SELECT sum(a), (SELECT count(*) FROM _dlt_loads) FROM t", "ds_two"))
            .Rows[0]);
    }

    [Fact]
    public async Task A_resource_that_is_not_selected_is_not_loaded_unless_it_is_asked_for()
    {
        var account = Some.Account(_folder);
        var info = await Some.Pipeline(account).RunAsync(Chess(), Cancellation);
        Assert.DoesNotContain("players", info.RowCounts.Keys);
        Assert.Equal(2, info.RowCounts["games"]);
    }

    [Fact]
    public async Task Items_are_objects_dictionaries_records_and_json()
    {
        var account = Some.Account(_folder);
        object[] items =
        [
            new { Kind = "anonymous", n = 1 },
            new Dictionary<string, object?> { ["kind"] = "dictionary", ["n"] = 2 },
            new Row("record", 3),
            Some.Item("""{"kind":"json","n":4}"""),
        ];
        await Some.Pipeline(account).RunAsync(Resource.Create<object>("items", items), Cancellation);
        Assert.Equal(
            "anonymous,dictionary,record,json", await Some.ValueAsync(account, "SELECT string_agg(kind, ',' ORDER BY n) FROM items"));
    }

    [Fact]
    public async Task Load_info_has_steps_package_tables_and_location()
    {
        var account = Some.Account(_folder);
        var text = (await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation)).ToString();
        foreach (var part in new[]
        { "extract step finished", "normalize step finished", "load step finished", "s3://lake/ds",
        "is LOADED and contains no failed jobs", "- items: 1 row(s)" })
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, false, "1,2,3,4")]
    [InlineData(3, true, "1,2,3,4")]
    [InlineData(0, false, null)]
    public async Task A_limit_ends_a_resource_after_pages_or_rows(int limit, bool countRows, string? loaded)
    {
        var account = Some.Account(_folder);
        List<Row[]> pages = [[new("a", 1), new("b", 2)], [new("c", 3), new("d", 4)], [new("e", 5)]];
        await Some.Pipeline(account).RunAsync(Resource.Create("items", pages).WithLimit(limit, countRows: countRows), Cancellation);
        if (loaded is null) Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));
        else Assert.Equal(loaded, await Some.ValueAsync(account, "SELECT string_agg(n, ',' ORDER BY n) FROM items"));
    }

    [Fact]
    public async Task Lists_below_have_hints_of_their_own_and_with_a_key_become_root_tables()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints
        {
            Nested = [new("lines") { Columns = [Column.Text("qty")], PrimaryKey = ["sku"] },
                new("lines", "parts") { Columns = [Column.Double("p")] }],
        };
        var orders = Some.Resource("orders", hints, """{"id":1,"lines":[{"sku":"s","qty":2,"parts":[{"p":1}]}]}""");
        await Some.Pipeline(account).RunAsync(orders, Cancellation);
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT qty FROM orders__lines WHERE _dlt_load_id IS NOT NULL"));
        Assert.Equal("1.0", await Some.ValueAsync(account, "SELECT p FROM orders__lines__parts JOIN orders__lines l ON _dlt_parent_id "
            + "= l._dlt_id"));
    }

    [Fact]
    public void An_unknown_resource_is_named_with_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => Chess().WithResources("nope"));
        Assert.Contains("players, games", error.Message, StringComparison.Ordinal);
    }

    private Source Chess()
    {
        var players = Resource.Create("players", (_, _) => Players()).Unselected();
        return new Source("chess", players, players.Transform<JsonValue, JsonValue>("games", (player, _, _) => Games(player)));
    }

    private async IAsyncEnumerable<JsonValue> Players()
    {
        await Task.Yield();
        _pages++;
        yield return Some.Item("""[{"name":"a"},{"name":"b"}]""");
    }

    private static async IAsyncEnumerable<JsonValue> Games(JsonValue player)
    {
        await Task.Yield();
        yield return JsonValue.Object(("player", player["name"]!));
    }

    private sealed record Row(string Kind, int N);
}
