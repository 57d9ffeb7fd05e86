using Dlt.Json;
using Dlt.Packages;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Packages;

public sealed class LoadIdTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LocalAthena _account;
    private readonly List<string> _warnings = [];

    public LoadIdTests() => _account = Some.Account(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_state_of_a_machine_whose_clock_is_behind_is_the_newest_one()
    {
        await RunOnAFreshMachineAsync(TimeSpan.Zero, "a");
        await RunOnAFreshMachineAsync(TimeSpan.FromMinutes(-10), "a", "b");
        await RunOnAFreshMachineAsync(TimeSpan.FromMinutes(1), "a", "b");
        Assert.Equal("a,b", await Some.ValueAsync(_account, "SELECT string_agg(id, ',' ORDER BY id) FROM items"));
        Assert.Equal("ok", await Some.ValueAsync(_account, "SELECT CASE WHEN count(DISTINCT load_id) = count(*) THEN 'ok' END FROM "
            + "_dlt_loads"));
    }

    [Fact]
    public async Task A_clock_that_is_behind_is_warned_of_once()
    {
        await RunOnAFreshMachineAsync(TimeSpan.Zero, "a");
        Assert.Empty(_warnings);
        await RunOnAFreshMachineAsync(TimeSpan.FromMinutes(-10), "b");
        Assert.Single(_warnings, w => w.Contains("clock", StringComparison.Ordinal) && w.Contains("minute", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_schema_of_a_machine_whose_clock_is_behind_is_the_newest_one()
    {
        await RunOnAFreshMachineAsync("2000.0", """{"id":1}""");
        await RunOnAFreshMachineAsync("1000.0", """{"id":2,"v":"text"}""");
        await RunOnAFreshMachineAsync("3000.0", """{"id":3,"v":7}""");
        Assert.Equal("7", await Some.ValueAsync(_account, "SELECT v FROM items WHERE id = 3"));
    }

    [Fact]
    public void Load_ids_of_one_clock_do_not_follow_those_of_another()
    {
        var ahead = LoadId.Next(new ShiftedClock(TimeSpan.FromDays(400)));
        Assert.True(LoadIdOrder.Instance.Compare(LoadId.Next(new ShiftedClock(TimeSpan.Zero)), ahead) < 0);
    }

    [Theory, InlineData("1700000000.5", "1700000001.25"), InlineData("1.0", "1700000001.123456789"),
        InlineData("1700000001.25", "1700000001.25")]
    public void An_id_that_is_not_above_another_becomes_the_next_one(string id, string other) =>
        Assert.Equal(1, Math.Sign(LoadIdOrder.Instance.Compare(LoadId.Above(id, other), other)));

    [Fact]
    public void Machines_that_go_on_from_one_load_make_ids_of_their_own()
    {
        var behind = new ShiftedClock(TimeSpan.FromHours(-1));
        var newest = LoadId.Format(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        var ids = Enumerable.Range(0, 50).Select(_ =>
        {
            var machine = new LoadIdSource(behind, null, _ => { });
            machine.StayAbove(newest);
            return machine.Next();
        }).ToList();
        Assert.Equal(50, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(LoadIdOrder.Instance.Compare(id, newest) > 0));
    }

    private static async IAsyncEnumerable<JsonValue> NewAsync(ResourceContext context, string[] ids)
    {
        await Task.CompletedTask;
        foreach (var id in ids)
            if (context.State.TryAddToList("seen", id)) yield return JsonValue.Object(("id", JsonValue.String(id)));
    }

    private Task RunOnAFreshMachineAsync(TimeSpan clock, params string[] ids) =>
        RunAsync(new() { Time = new ShiftedClock(clock) }, Resource.Create("items", (context, _) => NewAsync(context, ids)));

    private Task RunOnAFreshMachineAsync(string loadId, string item) =>
        RunAsync(new() { LoadIds = () => loadId }, Some.Resource("items", item));

    private async Task RunAsync(PipelineOptions options, Resource items)
    {
        if (Directory.Exists(_account.PipelinesFolder)) Directory.Delete(_account.PipelinesFolder, recursive: true);
        options = options with { Configuration = Some.Configuration(_account.Folder), Warn = _warnings.Add };
        await Pipeline.Create("pipe", Athena.Destination(_account), "ds", options).RunAsync(items, Cancellation);
    }
}
