using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>With <c>ddl = "athena"</c>, databases and tables are made, widened and dropped by statements of Athena.</summary>
public sealed class AthenaDdlTests : IDisposable
{
    private static readonly (string, string) ByAthena = ("DESTINATION__ATHENA__DDL", "athena");
    private static readonly ResourceHints Iceberg = new() { TableFormat = TableFormat.Iceberg };

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _sent = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalAthena Account => Some.Account(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("glue", 0), InlineData("athena", 5)]
    public async Task The_setting_decides_whether_a_load_starts_queries(string setting, int queries)
    {
        await MachineOf().RunAsync(Some.Resource("items", """{"id":1}"""), settings: ("DESTINATION__ATHENA__DDL", setting));
        Assert.Equal(queries, _sent.Count);
        await MachineOf().RunAsync(Some.Resource("items", """{"id":2}"""), settings: ("DESTINATION__ATHENA__DDL", setting));
        Assert.Equal(queries, _sent.Count);
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id"));
    }

    [Theory, Scenario("T-32"), InlineData(false), InlineData(true)]
    public async Task New_columns_are_added_by_a_statement(bool isIceberg)
    {
        var hints = isIceberg ? Iceberg : new();
        await RunAsync(Some.Resource("items", hints, """{"id":1}"""));
        _sent.Clear();
        await RunAsync(Some.Resource("items", hints, """{"id":2,"city":"Ulm","size":1.5}"""));
        Assert.Equal("ALTER TABLE `awsdatacatalog`.`ds`.`items` ADD COLUMNS (`city` string, `size` double)", Assert.Single(_sent));
        Assert.Equal("NULL,Ulm", await Machine.ValuesAsync(Account, "SELECT city FROM items ORDER BY id"));
    }

    [Fact]
    public async Task A_column_that_an_iceberg_table_does_not_keep_leaves_the_load_pending_with_its_name()
    {
        await RunAsync(Some.Resource("items", Iceberg, """{"id":1}"""));
        var account = Account;
        var isKept = false;
        var athena = Steps.Intercept(account.Athena, (method, given, call) =>
            !isKept && method == nameof(IAthena.StartAsync) && ((AthenaQuery)given[0]!).Sql.StartsWith("ALTER", StringComparison.Ordinal)
                ? account.Athena.StartAsync(new("SELECT 1"), Cancellation) : call());
        var machine = new Machine(account, athena: athena);
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => machine.RunAsync(Some.Resource("items", Iceberg, """{"id":2,"city":"Ulm"}"""), settings: ByAthena));
        Assert.Contains("Table 'ds.items' was changed 20 times and still lacks column 'city', because ", error.ToString(),
            StringComparison.Ordinal);
        Assert.Equal(1, Machine.Pending(Account));
        isKept = true;
        await machine.Pipeline(settings: ByAthena).LoadPendingAsync(Cancellation);
        Assert.Equal("NULL,Ulm", await Machine.ValuesAsync(Account, "SELECT city FROM items ORDER BY id"));
    }

    [Fact]
    public async Task Iceberg_tables_that_athena_made_get_the_properties_of_loads()
    {
        await RunAsync(Some.Resource("items", Iceberg, """{"id":1}"""));
        var table = await Dlt.Athena.OpenIcebergTableAsync("ds.items", Account, cancellationToken: Cancellation);
        Assert.Equal("true", table.Metadata.Properties["write.metadata.delete-after-commit.enabled"]);
        Assert.Equal("true", table.Metadata.Properties["dlt.safe-bounds"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_refresh_drops_tables_and_their_files(bool isIceberg)
    {
        var hints = isIceberg ? Iceberg : new();
        await RunAsync(Some.Resource("items", hints, """{"id":1,"old":1}"""));
        var before = await Machine.KeysAsync(Account, "ds/items/");
        _sent.Clear();
        await RunAsync(Some.Resource("items", hints, """{"id":2}"""), RefreshMode.DropResources);
        var dropped = Assert.Single(_sent, s => s.StartsWith("DROP", StringComparison.Ordinal));
        Assert.Equal("DROP TABLE IF EXISTS `awsdatacatalog`.`ds`.`items`", dropped);
        Assert.Equal("2", await Machine.ValuesAsync(Account, "SELECT id FROM items"));
        Assert.Empty((await Machine.KeysAsync(Account, "ds/items/")).Intersect(before));
    }

    [Fact]
    public async Task Partitions_of_external_tables_are_in_the_statement_and_extended_by_glue()
    {
        var hints = new ResourceHints { Partitions = [Partition.Identity("country")] };
        await RunAsync(Some.Resource("items", hints, """{"id":1,"country":"de"}"""));
        var created = Assert.Single(_sent, s => s.Contains("`items`", StringComparison.Ordinal));
        Assert.Contains("PARTITIONED BY (`country` string)", created, StringComparison.Ordinal);
        Assert.Contains("'projection.country.values'='de'", created, StringComparison.Ordinal);
        _sent.Clear();
        await RunAsync(Some.Resource("items", hints, """{"id":2,"country":"fr","size":1}"""));
        Assert.Equal("ALTER TABLE `awsdatacatalog`.`ds`.`items` ADD COLUMNS (`size` bigint)", Assert.Single(_sent));
        var table = (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!;
        Assert.Equal("de,fr", table.Definition.Parameters!["projection.country.values"]);
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT id FROM items WHERE country IN ('de', 'fr') ORDER BY id"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Properties_that_a_resource_declares_reach_the_table(bool isIceberg)
    {
        ResourceHints Of(string team) => (isIceberg ? Iceberg : new()) with
        {
            TableProperties = ImmutableDictionary<string, string>.Empty.Add("team", team),
        };
        await RunAsync(Some.Resource("items", Of("one"), """{"id":1}"""));
        Assert.Equal("one", await TeamAsync());
        await RunAsync(Some.Resource("items", Of("two"), """{"id":2,"size":1}"""));
        Assert.Equal("two", await TeamAsync());
        Assert.Equal("NULL,1", await Machine.ValuesAsync(Account, "SELECT size FROM items ORDER BY id"));

        async Task<string?> TeamAsync()
        {
            if (!isIceberg) return (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition.Parameters!["team"];
            var table = await Dlt.Athena.OpenIcebergTableAsync("ds.items", Account, cancellationToken: Cancellation);
            return table.Metadata.Properties["team"];
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Fields_of_structs_are_added_without_a_statement(bool isIceberg)
    {
        var hints = (isIceberg ? Iceberg : new()) with { NestedAs = NestedAs.Columns };
        await RunAsync(Some.Resource("items", hints, """{"id":1,"place":{"a":1}}"""));
        _sent.Clear();
        await RunAsync(Some.Resource("items", hints, """{"id":2,"size":3,"place":{"a":1,"b":2}}"""));
        Assert.Equal("ALTER TABLE `awsdatacatalog`.`ds`.`items` ADD COLUMNS (`size` bigint)", Assert.Single(_sent));
        Assert.Equal("NULL,2", await Machine.ValuesAsync(Account, "SELECT place.b FROM items ORDER BY id"));
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task Pipelines_that_make_or_widen_one_table_at_once_all_succeed(bool isIceberg, bool exists)
    {
        var hints = isIceberg ? Iceberg : new();
        if (exists) await RunAsync(Some.Resource("items", hints, """{"id":0}"""));
        var runs = Enumerable.Range(1, 6).Select(i =>
            MachineOf(_folder.File($"machine{i}")).RunAsync(
                Some.Resource("items", hints, $$"""{"id":{{i}},"common":1,"own_{{i}}":1}"""), $"pipe{i}", settings: ByAthena));
        await Task.WhenAll(runs);
        Assert.Equal("6", await Machine.ValuesAsync(Account, "SELECT count(common) FROM items"));
        var columns = (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!.Columns.Select(c => c.Name).ToList();
        Assert.Equal(columns.Distinct(), columns);
        Assert.All(Enumerable.Range(1, 6), i => Assert.Contains($"own_{i}", columns));
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task A_run_that_ends_at_any_statement_is_completed_by_the_next_one(bool isIceberg, bool isLastDone)
    {
        var hints = isIceberg ? Iceberg : new();
        for (var end = 1; end <= 5; end++)
        {
            var account = new LocalAthena(_folder.File($"account{end}"));
            var started = 0;
            async Task<string> EndAsync(Func<object?> call)
            {
                if (isLastDone) await account.Athena.WaitAsync(await (Task<string>)call()!, Cancellation);
                throw new Steps.EndedException();
            }

            var athena = Steps.Intercept(account.Athena, (method, call) =>
                method == nameof(IAthena.StartAsync) && Interlocked.Increment(ref started) == end ? EndAsync(call) : call());
            var first = Some.Resource("items", hints, """{"id":1,"a":1}""");
            await Assert.ThrowsAsync<Steps.EndedException>(() => new Machine(account, athena: athena).RunAsync(first, settings: ByAthena));
            await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":2,"b":1}"""), settings: ByAthena);
            Assert.Equal("1,2", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
            Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT count(*) FROM _dlt_loads"));
        }
    }

    [Fact]
    public async Task A_statement_that_fails_is_named_and_the_next_run_goes_on()
    {
        var isBroken = true;
        var athena = Steps.Intercept(Account.Athena, (method, given, call) =>
            isBroken && method == nameof(IAthena.StartAsync) && ((AthenaQuery)given[0]!).Sql.Contains("`items`", StringComparison.Ordinal)
                ? throw new AthenaQueryException("AccessDeniedException", "You are not authorized.")
                : call());
        var error = await Assert.ThrowsAnyAsync<DltException>(() =>
            new Machine(Account, athena: athena).RunAsync(Some.Resource("items", """{"id":1}"""), settings: ByAthena));
        var text = error.ToString();
        Assert.Contains("CREATE EXTERNAL TABLE `awsdatacatalog`.`ds`.`items`", text, StringComparison.Ordinal);
        Assert.Contains("You are not authorized.", text, StringComparison.Ordinal);
        isBroken = false;
        await new Machine(Account, athena: athena).RunAsync(Some.Resource("items", """{"id":2}"""), settings: ByAthena);
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id"));
    }

    [Fact]
    public async Task The_state_of_an_iceberg_dataset_and_its_staging_table_are_made_by_statements()
    {
        (string, string)[] settings =
        [
            ByAthena, ("DESTINATION__ATHENA__FORCE_ICEBERG", "true"), ("DESTINATION__ATHENA__TABLE_PROPERTIES", """{"x":"it's"}"""),
        ];
        await MachineOf().RunAsync(Some.Resource("items", """{"id":1}"""), settings: settings);
        Assert.Contains(_sent, s => s == "CREATE DATABASE `awsdatacatalog`.`ds_staging`");
        const string staged = "CREATE EXTERNAL TABLE `awsdatacatalog`.`ds_staging`.`_dlt_pipeline_state`";
        Assert.Contains(_sent, s => s.StartsWith(staged, StringComparison.Ordinal));
        var items = Assert.Single(_sent, s => s.StartsWith("CREATE TABLE `awsdatacatalog`.`ds`.`items`", StringComparison.Ordinal));
        Assert.EndsWith("""TBLPROPERTIES ('x'='it\'s', 'table_type'='ICEBERG', 'format'='parquet')""", items, StringComparison.Ordinal);
        var table = await Dlt.Athena.OpenIcebergTableAsync("ds.items", Account, cancellationToken: Cancellation);
        Assert.Equal("it's", table.Metadata.Properties["x"]);
    }

    [Fact]
    public async Task A_dataset_is_dropped_by_a_statement()
    {
        await RunAsync(Some.Resource("items", """{"id":1}"""));
        _sent.Clear();
        await using (var maintenance = AthenaMaintenance.Open(MachineOf(), Some.Configuration(_folder.Path, ByAthena)))
            await maintenance.DropAsync(await maintenance.FindAsync("ds", Cancellation), cancellationToken: Cancellation);
        Assert.Equal("DROP DATABASE `awsdatacatalog`.`ds` CASCADE", Assert.Single(_sent));
        Assert.Null(await Account.Glue.GetDatabaseAsync("ds", Cancellation));
        await RunAsync(Some.Resource("items", """{"id":2}"""));
        Assert.Equal("2", await Machine.ValuesAsync(Account, "SELECT id FROM items"));
    }

    private Task RunAsync(Resource resource, RefreshMode? refresh = null) =>
        MachineOf().RunAsync(resource, refresh: refresh, settings: ByAthena);

    private Machine MachineOf(string? pipelines = null)
    {
        var athena = Steps.Intercept(Account.Athena, (method, given, call) =>
        {
            if (method == nameof(IAthena.StartAsync)) _sent.Enqueue(((AthenaQuery)given[0]!).Sql);
            return call();
        });
        return new(Account, pipelines, athena: athena);
    }
}
