using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Drop;

/// <summary>Dropping resources of a pipeline (T-76, T-91 of docs/spec/athena-destination.md).</summary>
public sealed class DropTests : AccountTests
{
    [Theory, Scenario("T-76"), InlineData(false), InlineData(true)]
    public async Task T_76_Dropped_tables_are_gone_and_a_reload_with_another_type_works(bool isIceberg)
    {
        var hints = isIceberg ? Iceberg : null;
        await RunAsync(Some.Resource("orders", hints, """{"id":1,"tags":["x"]}"""), Some.Resource("others", """{"id":7}"""));
        var (preview, load) = await DropAsync(new() { Resources = ["orders"] });
        Assert.Equal(("orders__tags,orders", "orders__tags,orders"),
            (string.Join(',', preview.Tables), string.Join(',', preview.TablesWithData)));
        Assert.Single(load!.Packages);
        Assert.Equal("_dlt_loads,_dlt_pipeline_state,_dlt_version,others", await TablesAsync());
        Assert.DoesNotContain(await Machine.KeysAsync(Account, ""), k => k.Contains("orders", StringComparison.Ordinal));
        Assert.Equal("7", await Some.ValueAsync(Account, "SELECT id FROM others"));

        await RunAsync(Some.Resource("orders", hints, """{"id":"a text"}"""));
        Assert.Equal("a text", await Some.ValueAsync(Account, "SELECT id FROM orders"));
    }

    [Fact, Scenario("T-91")]
    public async Task T_91_Everything_is_dropped_and_the_state_and_the_one_version_stay()
    {
        await RunAsync(Some.Resource("orders", """{"id":1}"""), Some.Resource("others", """{"id":7}"""));
        await DropAsync(new() { DropAll = true });
        Assert.Equal("_dlt_loads,_dlt_pipeline_state,_dlt_version", await TablesAsync());
        Assert.Equal("2,1,2", await Machine.ValuesAsync(Account, """
            SELECT n FROM (SELECT 1 AS i, count(*) AS n FROM _dlt_loads UNION ALL SELECT 2, count(*) FROM _dlt_version
                UNION ALL SELECT 3, count(*) FROM _dlt_pipeline_state) ORDER BY i
            """));
    }

    [Fact]
    public async Task A_dropped_resource_is_extracted_from_the_beginning_on_any_machine()
    {
        await RunAsync(Numbers(1, 2));
        await RunAsync(Numbers(2, 3));
        var (preview, _) = await DropAsync(new() { Resources = ["re:num.*"] });
        Assert.Equal("numbers", Assert.Single(preview.ResourceStates));
        await new Machine(Account, Folder.File("other")).RunAsync(Numbers(1, 3));
        Assert.Equal("1,2,3", await Machine.ValuesAsync(Account, "SELECT id FROM numbers ORDER BY id"));
    }

    [Fact]
    public async Task State_alone_is_removed_and_its_tables_stay()
    {
        await RunAsync(Numbers(1, 2));
        await DropAsync(new() { Resources = ["numbers"], StateOnly = true });
        await RunAsync(Numbers(1, 2));
        Assert.Equal("1,1,2,2", await Machine.ValuesAsync(Account, "SELECT id FROM numbers ORDER BY id"));
        var (preview, _) = await DropAsync(new() { StatePaths = ["resources.numbers.incremental", "none"] });
        Assert.Equal("resources.numbers.incremental", Assert.Single(preview.StatePaths));
        Assert.Contains("'none' selects nothing", Assert.Single(preview.Warnings), StringComparison.Ordinal);
        await RunAsync(Numbers(2, 2));
        Assert.Equal("1,1,2,2,2", await Machine.ValuesAsync(Account, "SELECT id FROM numbers ORDER BY id"));
    }

    [Fact]
    public async Task A_declined_drop_and_an_empty_selection_change_nothing()
    {
        await RunAsync(Some.Resource("orders", """{"id":1}"""));
        var before = await Machine.KeysAsync(Account, "");
        Assert.Null((await Some.Pipeline(Account).DropAsync(new() { DropAll = true }, _ => false, Cancellation)).Load);
        var (preview, load) = await DropAsync(new() { Resources = ["order"] });
        Assert.True(preview.IsEmpty && load is null);
        Assert.Contains("It has the resources: orders.", Assert.Single(preview.Warnings), StringComparison.Ordinal);
        Assert.Equal(before, await Machine.KeysAsync(Account, ""));
    }

    [Fact]
    public async Task A_read_only_destination_refuses_a_drop_before_its_package_is_written()
    {
        await RunAsync(Some.Resource("orders", """{"id":1}"""));
        var readOnly = new Machine(Account).Pipeline(settings: ("DESTINATION__FILESYSTEM__READ_ONLY", "true"));
        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => readOnly.DropAsync(new() { DropAll = true }, _ => true, Cancellation));
        Assert.Equal(["read_only"], error.Fields);
        await RunAsync(Some.Resource("others", """{"id":7}"""));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_drop_that_ends_at_any_call_is_completed_by_the_next_run()
    {
        for (var end = 1; ; end += 7)
        {
            using var folder = new TempFolder();
            var account = Some.Account(folder);
            Task<LoadInfo> LoadAsync() => Some.Pipeline(account).RunAsync(
                [Some.Resource("orders", """{"id":1}"""), Some.Resource("commits", Iceberg, """{"id":1}""")], Cancellation);
            await LoadAsync();
            var steps = new Steps { End = end };
            var isDone = true;
            try
            {
                var machine = new Machine(account, glue: steps.Watch(account.Glue), objects: steps.Watch(account.Objects));
                await machine.Pipeline().DropAsync(new() { DropAll = true }, _ => true, Cancellation);
            }
            catch (Exception error) when (error is Steps.EndedException or DltException { InnerException: Steps.EndedException })
            {
                isDone = false;
            }

            if (Machine.Pending(account) > 0) await Some.Pipeline(account).LoadPendingAsync(Cancellation);
            else if (!isDone) await Some.Pipeline(account).DropAsync(new() { DropAll = true }, _ => true, Cancellation);
            await LoadAsync();
            Assert.Equal("1 1", await Some.ValueAsync(
                account, "SELECT (SELECT count(*) FROM orders) || ' ' || (SELECT count(*) FROM commits)"));
            if (isDone) break;
        }
    }

    [Fact]
    public async Task A_drop_refuses_pending_packages_unknown_schemas_and_bad_patterns()
    {
        await RunAsync(Some.Resource("orders", """{"id":1}"""));
        async Task<string> RefusedAsync(DropSelection selection) =>
            (await Assert.ThrowsAnyAsync<DltException>(() => DropAsync(selection))).Message;
        var refusal = await RefusedAsync(new() { DropAll = true, SchemaName = "none" });
        Assert.Contains("has no schema 'none'", refusal, StringComparison.Ordinal);
        Assert.Contains("not a regular expression", await RefusedAsync(new() { Resources = ["re:("] }), StringComparison.Ordinal);
        Assert.Contains("not a path into the state", await RefusedAsync(new() { StatePaths = ["a..b"] }), StringComparison.Ordinal);
        await using (var run = await Some.Pipeline(Account).BeginAsync(Cancellation))
            await run.ExtractAsync(new Source("pipe", Some.Resource("orders", """{"id":2}""")), Cancellation);
        Assert.Contains("abort-packages", await RefusedAsync(new() { DropAll = true }), StringComparison.Ordinal);
    }

    private static Resource Numbers(int from, int to) => Some.Resource(
        "numbers", new() { Incremental = new("id") },
        [.. Enumerable.Range(from, to - from + 1).Select(i => $$"""{"id":{{i}}}""")]);

    private Task<(DropPreview Preview, LoadInfo? Load)> DropAsync(DropSelection selection) =>
        Some.Pipeline(Account).DropAsync(selection, _ => true, Cancellation);

    private Task<LoadInfo> RunAsync(params Resource[] resources) => Some.Pipeline(Account).RunAsync(resources, Cancellation);

    private async Task<string> TablesAsync() => string.Join(
        ',', await Account.Glue.GetTablesAsync("ds", Cancellation).Select(t => t.Name).ToListAsync(Cancellation));
}
