using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Packages;

/// <summary>A second source of a pipeline makes two packages: its data, and the state, which belongs to the schema of the first.</summary>
public sealed class TwoPackagesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LocalAthena _account;
    private Action<string>? _atLoadId;

    public TwoPackagesTests() => _account = Some.Account(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("2000.0"), InlineData("2001.0")]
    public async Task A_run_that_ends_while_its_packages_become_visible_loses_neither_rows_nor_state(string at)
    {
        await RunAsync(First(), "1000.0");
        // an existing folder stops the rename, as a kill would
        var obstacle = Path.Combine(_account.PipelinesFolder, "pipe", "normalize", "extracted", at);
        _atLoadId = id => Directory.CreateDirectory(Path.Combine(obstacle, id));
        await Assert.ThrowsAsync<IOException>(() => Pipeline("2000.0", "2001.0").RunAsync(Second(), Cancellation));
        _atLoadId = null;
        Directory.Delete(obstacle, recursive: true);
        await RunAsync(Second(), "3000.0", "3001.0");
        Assert.Equal("a,b", await ItemsAsync());
        await RunOnAFreshMachineAsync();
        Assert.Equal("a,b", await ItemsAsync());
    }

    [Fact]
    public async Task Schema_and_state_of_a_package_that_moved_are_saved_by_the_next_run()
    {
        await RunAsync(First(), "1000.0");
        var working = Pipeline("2000.0").WorkingFolder;
        var before = Snapshot(working);
        await using (var run = await Pipeline("2000.0", "2001.0").BeginAsync(Cancellation)) await run.ExtractAsync(Second(), Cancellation);
        foreach (var file in Directory.GetFiles(Path.Combine(working, "schemas"))) File.Delete(file);
        // simulates a run that ended right after the rename
        foreach (var (file, bytes) in before) await File.WriteAllBytesAsync(file, bytes, Cancellation);
        await RunAsync(Second(), "3000.0", "3001.0");
        Assert.Equal("a,b", await ItemsAsync());
        var schema = await File.ReadAllTextAsync(Path.Combine(working, "schemas", "second.schema.json"), Cancellation);
        Assert.Contains("\"primary_key\": true", schema, StringComparison.Ordinal);   // declared, not inferred
    }

    [Fact]
    public async Task Data_and_state_count_from_one_commit_on()
    {
        await RunAsync(First(), "1000.0");
        await RunAsync(Second(), "2000.0", "2001.0");
        Assert.Equal("1000.0,2000.0,2001.0", await Some.ValueAsync(_account, "SELECT string_agg(load_id, ',' ORDER BY load_id) FROM "
            + "_dlt_loads"));
        var loads = await Athena.IcebergCatalog(_account).LoadTableAsync(new("ds", "_dlt_loads"), Cancellation);
        Assert.Equal("2", loads.Metadata.CurrentSnapshot!.Summary["added-records"]);
    }

    private static Source First() => new("first", Resource.Create("x", (context, _) => NewAsync(context, "1")));

    private static Source Second() =>
        new("second", Resource.Create("items", (context, _) => NewAsync(context, "a", "b"), new ResourceHints { PrimaryKey = ["id"] }));

    private static async IAsyncEnumerable<JsonValue> NewAsync(ResourceContext context, params string[] ids)
    {
        await Task.CompletedTask;
        foreach (var id in ids)
            if (context.State.TryAddToList("seen", id)) yield return JsonValue.Object(("id", JsonValue.String(id)));
    }

    private static Dictionary<string, byte[]> Snapshot(string working) =>
        Directory.GetFiles(Path.Combine(working, "schemas")).Append(Path.Combine(working, "state.json"))
            .ToDictionary(f => f, File.ReadAllBytes);

    private async Task<string?> ItemsAsync() => await Some.ValueAsync(_account, "SELECT string_agg(id, ',' ORDER BY id) FROM items");

    private Task RunAsync(Source source, params string[] loadIds) => Pipeline(loadIds).RunAsync(source, Cancellation);

    private async Task RunOnAFreshMachineAsync()
    {
        Directory.Delete(_account.PipelinesFolder, recursive: true);
        await RunAsync(Second(), "4000.0", "4001.0");
    }

    private Pipeline Pipeline(params string[] loadIds)
    {
        var next = 0;
        var options = new PipelineOptions { Configuration = Some.Configuration(_account.Folder), Warn = _ => { }, LoadIds = NextId };
        return Dlt.Pipeline.Create("pipe", Athena.Destination(_account), "ds", options);

        string NextId()
        {
            _atLoadId?.Invoke(loadIds[next]);
            return loadIds[next++];
        }
    }
}
