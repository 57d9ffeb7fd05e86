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
        await Some.Pipeline(account).RunAsync(
            Resource.Create<object>("items", [new { Kind = "anonymous", n = 1 }, new Dictionary<string, object?> { ["kind"] = "dictionary", ["n"] = 2 }, new Row("record", 3), Some.Item("""{"kind":"json","n":4}""")]),
            Cancellation);
        Assert.Equal("anonymous,dictionary,record,json", await Some.ValueAsync(account, "SELECT string_agg(kind, ',' ORDER BY n) FROM items"));
    }

    [Fact]
    public async Task Load_info_tells_the_steps_the_package_the_tables_and_the_place()
    {
        var account = Some.Account(_folder);
        var text = (await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation)).ToString();
        foreach (var part in new[] { "extract step finished", "normalize step finished", "load step finished", "s3://lake/ds", "is LOADED and contains no failed jobs", "- items: 1 row(s)" })
            Assert.Contains(part, text, StringComparison.Ordinal);
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
