using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>When a replace removes the old files of an external table (<c>hive_replace</c>).</summary>
public sealed class HiveReplaceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("X-08"), InlineData("delete-after", "1", "1,2"), InlineData("truncate-and-insert", "", "2")]
    public async Task A_reader_finds_during_the_upload(string setting, string before, string after)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":1}"""));

        var found = new List<string>();
        async Task<ObjectInfo> ReadAroundAsync(Func<object?> call)
        {
            found.Add(await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
            var written = await (Task<ObjectInfo>)call()!;
            found.Add(await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
            return written;
        }

        var objects = Steps.Intercept(account.Objects, (method, given, call) => IsData(method, given) ? ReadAroundAsync(call) : call());
        await new Machine(account, objects: objects).RunAsync(
            Some.Resource("items", hints, """{"id":2}"""), settings: ("DESTINATION__ATHENA__HIVE_REPLACE", setting));

        Assert.Equal([before, after], found);
        Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task A_load_that_goes_on_keeps_what_it_has_uploaded()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":1}"""));
        var isBroken = true;
        var objects = Steps.Intercept(account.Objects, (method, given, call) =>
            isBroken && method == nameof(IObjectStore.UploadAsync) && Key(given).Contains("_dlt_pipeline_state", StringComparison.Ordinal)
                ? throw new DltException("the network is gone") { IsTransient = false }
                : call());
        var machine = new Machine(account, objects: objects);
        (string, string) setting = ("DESTINATION__ATHENA__HIVE_REPLACE", "truncate-and-insert");
        var resource = Resource.Create("items", (context, _) => Items(context), hints);
        await Assert.ThrowsAnyAsync<DltException>(() => machine.RunAsync(resource, settings: setting));
        isBroken = false;
        await machine.RunAsync(Some.Resource("others", """{"id":9}"""), settings: setting);
        Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT id FROM items"));

        static async IAsyncEnumerable<JsonValue> Items(ResourceContext context)
        {
            await Task.CompletedTask;
            context.State["seen"] = JsonValue.Integer(2);
            yield return Some.Item("""{"id":2}""");
        }
    }

    private static bool IsData(string method, object?[] given) => method == nameof(IObjectStore.UploadAsync)
        && Key(given).StartsWith("ds/items/", StringComparison.Ordinal);

    private static string Key(object?[] given) => ((ObjectLocation)given[0]!).Key;
}
