using Dlt.Json;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Load;

/// <summary>State and schemas on a machine without working folder (docs/spec/athena-destination.md 9.6).</summary>
public sealed class RestoreScenarioTests : AccountTests
{
    [Theory, Scenario("T-67"), InlineData(false), InlineData(true)]
    public async Task The_state_at_the_destination_is_that_of_the_machine_that_wrote_it(bool forceIceberg)
    {
        (string, string)[] settings = forceIceberg ? [("DESTINATION__ATHENA__FORCE_ICEBERG", "true")] : [];
        Assert.False(await At("other").Pipeline(settings: settings).SyncAsync(Cancellation));
        for (var run = 0; run < 3; run++) await At("own").RunAsync(Counting(), settings: settings);
        Assert.True(await At("other").Pipeline(settings: settings).SyncAsync(Cancellation));
        Assert.Equal(await StateAsync("own"), await StateAsync("other"));
        Assert.Equal(3, (await StateAsync("other"))["sources"]!["pipe"]!["resources"]!["items"]!["run"]!.AsInt64());
    }

    [Fact, Scenario("T-68")]
    public async Task A_run_that_changes_no_state_writes_no_state_and_one_without_rows_makes_no_package()
    {
        Resource Rows() => Some.Resource("items", new ResourceHints { Incremental = new("id") }, """{"id":1}""");
        await Some.Pipeline(Account).RunAsync(Rows(), Cancellation);
        var states = await Machine.KeysAsync(Account, "ds/_dlt_pipeline_state/");
        var info = await Some.Pipeline(Account).RunAsync(Rows(), Cancellation);
        Assert.Empty(info.Packages);
        await Some.Pipeline(Account).RunAsync(Some.Resource("others", """{"id":1}"""), Cancellation);
        await Some.Pipeline(Account).RunAsync(Some.Resource("others", """{"id":2}"""), Cancellation);
        Assert.Equal(states, await Machine.KeysAsync(Account, "ds/_dlt_pipeline_state/"));
        Assert.Equal("3 1", await Some.ValueAsync(
            Account, "SELECT (SELECT count(*) FROM _dlt_loads) || ' ' || (SELECT count(*) FROM _dlt_pipeline_state)"));
    }

    [Fact, Scenario("T-69")]
    public async Task Four_schemas_are_restored_with_their_versions_and_the_default_one()
    {
        foreach (var name in new[] { "one", "two", "three", "four" })
            await At("own").Pipeline().RunAsync(new Source(name, Some.Resource("t_" + name, """{"id":1}""")), Cancellation);
        Assert.True(await At("other").Pipeline().SyncAsync(Cancellation));
        Assert.Equal("one", (await StateAsync("other"))["default_schema_name"]!.AsString());
        var own = await SchemasAsync("own");
        Assert.Equal(["four.schema.json", "one.schema.json", "three.schema.json", "two.schema.json"], own.Keys);
        Assert.Equal(own, await SchemasAsync("other"));
        await At("other").Pipeline().RunAsync(new Source("two", Some.Resource("t_two", """{"id":2}""")), Cancellation);
        Assert.Equal("4", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_version"));
    }

    /// <summary>Without a lease the next machine leaves such a load alone; with one it completes it or takes it back.</summary>
    [Theory, Scenario("T-70"), InlineData(false), InlineData(true)]
    public async Task The_state_of_a_load_without_its_row_is_not_restored(bool forceIceberg)
    {
        (string, string)[] settings =
            [("DESTINATION__ATHENA__LEASE", "0"), ("DESTINATION__ATHENA__FORCE_ICEBERG", forceIceberg ? "true" : "false")];
        await At("own").RunAsync(Counting(), settings: settings);
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == "_dlt_loads"
                ? throw new GlueException("AccessDeniedException", "The row was not written.") : call());
        var broken = new Machine(Account, Folder.File("own"), glue: glue);
        await Assert.ThrowsAnyAsync<DltException>(() => broken.RunAsync(Counting(), settings: settings));
        Assert.Equal("2", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_pipeline_state"));

        await At("other").RunAsync(Counting(), settings: settings);
        Assert.Equal("1,2", await Machine.ValuesAsync(
            Account, "SELECT run FROM items WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads) ORDER BY run"));
    }

    [Fact, Scenario("T-71")]
    public async Task Of_two_workers_the_newer_state_wins_and_versions_grow()
    {
        for (var id = 1; id <= 6; id++) await At(id % 2 == 0 ? "even" : "odd").RunAsync(Cursor(id));
        Assert.Equal("1,2,3,4,5,6", await Machine.ValuesAsync(Account, "SELECT version FROM _dlt_pipeline_state ORDER BY _dlt_load_id"));
        Assert.True(await At("odd").Pipeline().SyncAsync(Cancellation));
        Assert.Equal(await StateAsync("even"), await StateAsync("odd"));
        await At("odd").RunAsync(Cursor(6));
        Assert.Equal("6", await Some.ValueAsync(Account, "SELECT count(*) FROM t"));
    }

    [Fact, Scenario("T-72")]
    public async Task After_the_dataset_was_deleted_the_pipeline_starts_from_the_beginning()
    {
        await At("own").RunAsync(Cursor(1));
        foreach (var table in new[] { "t", "_dlt_loads", "_dlt_version", "_dlt_pipeline_state" })
            await Account.Glue.DeleteTableAsync("ds", table, Cancellation);
        await Account.Glue.DeleteDatabaseAsync("ds", Cancellation);
        await Account.Objects.DeleteAsync("lake", await Machine.KeysAsync(Account, "ds/"), Cancellation);

        await At("own").RunAsync(Cursor(1));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM t"));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_loads"));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT max(version) FROM _dlt_pipeline_state"));
    }

    private static Resource Cursor(int id) => Some.Resource("t", new ResourceHints { Incremental = new("id") }, $$"""{"id":{{id}}}""");

    private Machine At(string folder) => new(Account, Folder.File(folder));

    private static Resource Counting()
    {
        return Resource.Create("items", (context, _) => Items(context));

        static async IAsyncEnumerable<object> Items(ResourceContext context)
        {
            await Task.CompletedTask;
            var run = (context.State["run"]?.AsInt64() ?? 0) + 1;
            context.State["run"] = JsonValue.Integer(run);
            yield return new { run };
        }
    }

    /// <summary>The state of a working folder without its local part.</summary>
    private async Task<JsonValue> StateAsync(string folder)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder.File(folder), "pipe", "state.json"), Cancellation);
        return JsonValue.Object(JsonParser.Parse(text).Members.Where(m => m.Key != "_local").OrderBy(m => m.Key, StringComparer.Ordinal));
    }

    private async Task<SortedDictionary<string, string>> SchemasAsync(string folder)
    {
        var schemas = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(Path.Combine(Folder.File(folder), "pipe", "schemas")))
            schemas[Path.GetFileName(file)] = await File.ReadAllTextAsync(file, Cancellation);
        return schemas;
    }
}
