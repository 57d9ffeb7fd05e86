using Dlt.Json;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Journal;

/// <summary>
/// A machine is lost after its refresh emptied the tables. Until a run resets the cursors, no run goes on from them.
/// </summary>
public sealed class KilledRefreshTests : AccountTests
{
    [Theory]
    [InlineData(RefreshMode.DropSources, TableFormat.Hive), InlineData(RefreshMode.DropSources, TableFormat.Iceberg)]
    [InlineData(RefreshMode.DropResources, TableFormat.Hive), InlineData(RefreshMode.DropResources, TableFormat.Iceberg)]
    [InlineData(RefreshMode.DropData, TableFormat.Hive), InlineData(RefreshMode.DropData, TableFormat.Iceberg)]
    public async Task A_run_without_the_refresh_stops_until_one_with_it_is_complete(RefreshMode refresh, TableFormat format)
    {
        await LoseAsync(refresh, format);
        await StopsAsync(format);
        await StopsAsync(format);
        var broken = new Source("pipe", Resource.Create("items", (_, _) => BrokenAsync(), new() { TableFormat = format }));
        await Assert.ThrowsAnyAsync<DltException>(() => Other(refresh: refresh).RunAsync(broken, Cancellation));
        await StopsAsync(format);

        await Other(refresh: refresh).RunAsync(Numbers(5, format), Cancellation);
        await new Machine(Account, Folder.File("third")).Pipeline().RunAsync(Numbers(6, format), Cancellation);
        Assert.Equal("0,1,2,3,4,5", await Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id"));
    }

    [Fact]
    public async Task A_drop_of_the_resources_ends_it_as_well()
    {
        await LoseAsync(RefreshMode.DropData, TableFormat.Hive);
        await StopsAsync(TableFormat.Hive);
        await Other().DropAsync(new() { Resources = ["items"] }, _ => true, Cancellation);
        await Other().RunAsync(Numbers(5, TableFormat.Hive), Cancellation);
        Assert.Equal("0,1,2,3,4", await Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id"));
    }

    [Fact]
    public async Task The_machine_that_comes_back_completes_its_refresh()
    {
        await LoseAsync(RefreshMode.DropResources, TableFormat.Hive);
        await StopsAsync(TableFormat.Hive);
        await new Machine(Account).Pipeline().RunAsync(Numbers(6, TableFormat.Hive), Cancellation);
        await Other().RunAsync(Numbers(7, TableFormat.Hive), Cancellation);
        Assert.Equal("0,1,2,3,4,5,6", await Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id"));
    }

    /// <summary>Loads 0 to 2; then a refresh empties the table and fails while it uploads. Its package stays on that machine.</summary>
    private async Task LoseAsync(RefreshMode refresh, TableFormat format)
    {
        await new Machine(Account).Pipeline().RunAsync(Numbers(3, format), Cancellation);
        var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
            method == nameof(IObjectStore.UploadAsync) && ((ObjectLocation)given[0]!).Key.Contains("/items/", StringComparison.Ordinal)
                ? throw new DltException("The power is gone.") : call());
        var lost = new Machine(Account, objects: objects).Pipeline(refresh: refresh);
        await Assert.ThrowsAnyAsync<DltException>(() => lost.RunAsync(Numbers(5, format), Cancellation));
    }

    private async Task StopsAsync(TableFormat format)
    {
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Other().RunAsync(Numbers(5, format), Cancellation));
        Assert.Contains("may have emptied or dropped items", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was loaded. Run once with the same refresh", error.Message, StringComparison.Ordinal);
        Assert.Contains("dlt pipeline pipe drop", error.Message, StringComparison.Ordinal);
    }

    private Pipeline Other(RefreshMode? refresh = null) => new Machine(Account, Folder.File("other")).Pipeline(refresh: refresh);

    private static Source Numbers(int end, TableFormat format) =>
        new("pipe", Some.Increments("items", end, new() { TableFormat = format }));

    private static async IAsyncEnumerable<JsonValue> BrokenAsync()
    {
        await Task.CompletedTask;
        yield return Some.Item("""{"id":0}""");
        throw new DltException("The source is gone.");
    }
}
