using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Scenarios;

/// <summary>Calls that fail once, and what the next run makes of it (docs/spec/athena-destination.md 9.8, 9.9).</summary>
public sealed class FaultScenarioTests : AccountTests
{
    [Theory, Scenario("X-19")]
    [InlineData("AccessDeniedException", false)]
    [InlineData("InvalidInputException", false)]
    [InlineData("AlreadyExistsException", true)]
    [InlineData("ThrottlingException", true)]
    public async Task A_database_that_could_not_be_made_costs_no_package(string code, bool succeeds)
    {
        var times = 0;
        var glue = Steps.Intercept(Account.Glue, (method, call) =>
        {
            if (method != nameof(IGlueCatalog.CreateDatabaseAsync) || Interlocked.Increment(ref times) > 1) return call();
            if (code == "AlreadyExistsException") ((Task)call()!).GetAwaiter().GetResult();   // somebody else was faster
            throw new GlueException(code, "The database was not made.") { IsTransient = code == "ThrottlingException" };
        });
        var first = await Record.ExceptionAsync(() => RunAsync(new Machine(Account, glue: glue), 1));
        Assert.Equal(succeeds, first is null);
        Assert.Equal(succeeds ? 0 : 1, Machine.Pending(Account));
        await RunAsync(new Machine(Account), 2);
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id"));
        Assert.Equal("2", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_loads"));
        Assert.Equal(0, Machine.Pending(Account));
    }

    [Theory, Scenario("X-22"), InlineData("items"), InlineData("items__l"), InlineData("_dlt_loads")]
    public async Task An_append_of_a_nested_table_that_fails_at_any_commit_is_loaded_once(string table)
    {
        await new Machine(Account).RunAsync(Items(1));
        var times = 0;
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == table
                && Interlocked.Increment(ref times) == 1
                    ? throw new GlueException("InvalidInputException", "The table was not changed.") : call());
        await Assert.ThrowsAnyAsync<DltException>(() => new Machine(Account, glue: glue).RunAsync(Items(2)));
        Assert.Equal(1, Machine.Pending(Account));
        await new Machine(Account).RunAsync(Items(3));
        Assert.Equal("1,2,3", await Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id"));
        Assert.Equal("1,2,3", await Machine.ValuesAsync(Account, "SELECT value FROM items__l ORDER BY value"));
        Assert.Equal("3", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_loads"));
    }

    [Theory, Scenario("X-25")]
    [InlineData(RefreshMode.DropSources), InlineData(RefreshMode.DropResources), InlineData(RefreshMode.DropData), InlineData(null)]
    public async Task A_refresh_or_drop_of_external_tables_makes_no_staging_database_and_no_marker(RefreshMode? mode)
    {
        await new Machine(Account).RunAsync(Some.Resource("items", """{"id":1}"""));
        if (mode is null) await Some.Pipeline(Account).DropAsync(new() { DropAll = true }, _ => true, Cancellation);
        else await new Machine(Account).RunAsync(Some.Resource("items", """{"id":2}"""), refresh: mode);
        Assert.Null(await Account.Glue.GetDatabaseAsync("ds_staging", Cancellation));
        Assert.Empty(await Machine.KeysAsync(Account, "ds_staging"));
    }

    private static Resource Items(int id) => Some.Resource("items", Iceberg, $$"""{"id":{{id}},"l":[{{id}}]}""");

    private Task<LoadInfo> RunAsync(Machine machine, int id) => Pipeline.Create("pipe", Athena.Destination(machine), "ds", new()
    {
        Configuration = Some.Configuration(Account.Folder),
        Warn = _ => { },
        Time = new NoWaits(),
    }).RunAsync(Some.Resource("items", $$"""{"id":{{id}}}"""), Cancellation);
}
