using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Load;

/// <summary>The scenarios T-67 to T-72 of the specification of the destination: which state a machine takes from the dataset.</summary>
public sealed class StateRestoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalAthena Account => Some.Account(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task T_67_Without_a_dataset_there_is_no_state_and_after_a_run_it_is_that_of_the_run()
    {
        Assert.False(await MachineOf("none").Pipeline().SyncAsync(Cancellation));
        await MachineOf("first").RunAsync(Cursor("t", 1));
        Assert.True(await MachineOf("second").Pipeline().SyncAsync(Cancellation));
        Assert.Equal(StateOf("first"), StateOf("second"));
    }

    [Fact]
    public async Task T_68_An_unchanged_state_adds_no_row_and_without_data_there_is_no_package()
    {
        await MachineOf("first").RunAsync(Cursor("t", 1));
        var again = await MachineOf("first").RunAsync(Cursor("t", 1));
        var nothing = await MachineOf("first").RunAsync(Some.Resource("t"));
        Assert.Empty(nothing.Packages);
        Assert.DoesNotContain(again.Packages, p => p.RowCounts.ContainsKey("_dlt_pipeline_state"));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_pipeline_state"));
    }

    [Fact]
    public async Task T_69_A_new_worker_without_data_has_all_schemas_the_state_and_the_default_schema()
    {
        foreach (var name in new[] { "b", "a", "d", "c" })
            await MachineOf("first").Pipeline().RunAsync(new Source(name, Cursor("t_" + name, 1)), Cancellation);
        var info = await MachineOf("second").Pipeline().RunAsync(new Source("b", Some.Resource("t_b")), Cancellation);
        Assert.True(info.RestoredFromDestination);
        Assert.Empty(info.Packages);
        Assert.Equal(StateOf("first"), StateOf("second"));
        Assert.Equal("b", JsonParser.Parse(StateOf("second"))["default_schema_name"]!.AsString());
        var schemas = SchemasOf("second");
        Assert.Equal(4, schemas.Count);
        Assert.Equal(SchemasOf("first"), schemas);
    }

    [Fact]
    public async Task T_70_The_state_of_a_load_without_its_row_of_completion_is_invisible()
    {
        await MachineOf("first").RunAsync(Cursor("t", 1));
        var before = StateOf("first");
        var load = (await MachineOf("first").RunAsync(Cursor("t", 2))).Packages.Single().LoadId;
        var loads = await Athena.IcebergCatalog(Account).LoadTableAsync(new("ds", "_dlt_loads"), Cancellation);
        var transaction = await loads.NewTransaction().DeleteAsync(Filter.Equal("load_id", load), cancellationToken: Cancellation);
        await transaction.CommitAsync(Cancellation);
        await Account.Objects.DeleteAsync("lake", [$"ds/_dlt_publish/{load}.json"], Cancellation);   // Python dlt writes none

        Assert.True(await MachineOf("second").Pipeline().SyncAsync(Cancellation));
        Assert.Equal(before, StateOf("second"));
    }

    [Fact]
    public async Task T_71_Of_two_workers_the_newer_state_wins_and_versions_grow()
    {
        for (var id = 1; id <= 6; id++) await MachineOf(id % 2 == 0 ? "even" : "odd").RunAsync(Cursor("t", id));
        Assert.Equal("1,2,3,4,5,6", await Machine.ValuesAsync(Account, "SELECT version FROM _dlt_pipeline_state ORDER BY _dlt_load_id"));
        Assert.True(await MachineOf("odd").Pipeline().SyncAsync(Cancellation));
        Assert.Equal(StateOf("even"), StateOf("odd"));
        await MachineOf("odd").RunAsync(Cursor("t", 6));
        Assert.Equal("6", await Some.ValueAsync(Account, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task T_72_After_the_dataset_was_deleted_the_pipeline_starts_from_the_beginning()
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

    private Machine MachineOf(string worker) => new(Account, _folder.File(worker));

    private StoredPipeline StoredOf(string worker) => new PipelineWorkspace(_folder.File(worker)).Find("pipe")!;

    /// <summary>The state of a worker without the part that belongs to its machine.</summary>
    private string StateOf(string worker) => JsonText.Write(StoredOf(worker).ReadState()!.Without("_local"));

    private List<string> SchemasOf(string worker) =>
        [.. StoredOf(worker).ReadSchemas().Select(s => $"{s.Schema.Name} {s.Schema.Version} {s.Schema.VersionHash}")];
}
