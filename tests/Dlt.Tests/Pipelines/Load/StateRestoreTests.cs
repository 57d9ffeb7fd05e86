using Dlt.Json;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Load;

/// <summary>Which state a machine goes on from when another one or nobody has left one (docs/spec/athena-destination.md 9.6).</summary>
public sealed class StateRestoreTests : AccountTests
{
    [Fact, Scenario("T-71")]
    public async Task Of_two_workers_the_newer_state_wins_and_versions_grow()
    {
        for (var id = 1; id <= 6; id++) await MachineOf(id % 2 == 0 ? "even" : "odd").RunAsync(Cursor("t", id));
        Assert.Equal("1,2,3,4,5,6", await Machine.ValuesAsync(Account, "SELECT version FROM _dlt_pipeline_state ORDER BY _dlt_load_id"));
        Assert.True(await MachineOf("odd").Pipeline().SyncAsync(Cancellation));
        Assert.Equal(StateOf("even"), StateOf("odd"));
        await MachineOf("odd").RunAsync(Cursor("t", 6));
        Assert.Equal("6", await Some.ValueAsync(Account, "SELECT count(*) FROM t"));
    }

    [Fact, Scenario("T-72")]
    public async Task After_the_dataset_was_deleted_the_pipeline_starts_from_the_beginning()
    {
        await MachineOf("first").RunAsync(Cursor("t", 1));
        foreach (var table in new[] { "t", "_dlt_loads", "_dlt_version", "_dlt_pipeline_state" })
            await Account.Glue.DeleteTableAsync("ds", table, Cancellation);
        await Account.Glue.DeleteDatabaseAsync("ds", Cancellation);
        await Account.Objects.DeleteAsync("lake", await Machine.KeysAsync(Account, "ds/"), Cancellation);

        await MachineOf("first").RunAsync(Cursor("t", 1));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM t"));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_loads"));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT max(version) FROM _dlt_pipeline_state"));
    }

    private static Resource Cursor(string table, int id) =>
        Some.Resource(table, new ResourceHints { Incremental = new("id") }, $$"""{"id":{{id}}}""");

    private Machine MachineOf(string worker) => new(Account, Folder.File(worker));

    /// <summary>The state of a worker without the part that belongs to its machine.</summary>
    private string StateOf(string worker) =>
        JsonText.Write(new PipelineWorkspace(Folder.File(worker)).Find("pipe")!.ReadState()!.Without("_local"));
}
