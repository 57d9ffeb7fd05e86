using System.Collections.Immutable;
using Dlt.Configuration;
using Dlt.Tests.Support;
using Dlt.Tests.Support.Services;

namespace Dlt.Tests.AthenaDestination.Catalogs;

/// <summary>Loads into a data catalog of type HIVE or LAMBDA, by the AWS clients over HTTP.</summary>
public sealed class ForeignCatalogTests : IAsyncDisposable
{
    private static readonly ResourceHints Replace = new() { WriteDisposition = WriteDisposition.Replace };
    private static readonly ResourceHints ByCountry = new() { Partitions = [Partition.Identity("country")] };

    private readonly HiveCatalogWorld _world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory, InlineData("HIVE"), InlineData("LAMBDA")]
    public async Task Statements_make_the_tables_and_loads_add_rows_without_a_call_of_glue(string type)
    {
        await using var world = new HiveCatalogWorld(type);
        await world.RunAsync(Some.Resource("items", """{"id":1,"tags":["a","b"]}"""));
        Assert.Equal(
        [
            "CREATE DATABASE `hms`.`ds`",
            "CREATE EXTERNAL TABLE `hms`.`ds`.`_dlt_loads`",
            "CREATE EXTERNAL TABLE `hms`.`ds`.`_dlt_pipeline_state`",
            "CREATE EXTERNAL TABLE `hms`.`ds`.`_dlt_version`",
            "CREATE EXTERNAL TABLE `hms`.`ds`.`items__tags`",
            "CREATE EXTERNAL TABLE `hms`.`ds`.`items`",
        ], world.Athena.Statements.Select(s => s.Split('\n')[0]).Order(StringComparer.Ordinal));
        await world.RunAsync(Some.Resource("items", """{"id":2}"""));
        Assert.Equal(6, world.Athena.Statements.Count);
        Assert.Equal("1,2", await world.ValuesAsync("SELECT id FROM items ORDER BY id"));
        Assert.Equal("a,b", await world.ValuesAsync("SELECT value FROM items__tags ORDER BY value"));
        Assert.Equal("2 2 1", await world.ValuesAsync("""
            SELECT (SELECT count(*) FROM _dlt_loads) || ' ' || (SELECT count(DISTINCT load_id) FROM _dlt_loads)
                || ' ' || (SELECT count(*) FROM _dlt_version)
            """));
        string[] glue = ["GetTable", "GetTables", "CreateTable", "UpdateTable", "CreateDatabase"];
        Assert.DoesNotContain(world.Server.Calls, glue.Contains);
    }

    [Fact]
    public async Task New_columns_and_fields_reach_the_tables()
    {
        await _world.RunAsync(Some.Resource("items", """{"id":1}"""));
        await _world.RunAsync(Some.Resource("items", """{"id":2,"city":"Ulm"}"""));
        Assert.Equal("ALTER TABLE `hms`.`ds`.`items` ADD COLUMNS (`city` string)", _world.Athena.Statements[^1]);
        Assert.Equal("NULL,Ulm", await _world.ValuesAsync("SELECT city FROM items ORDER BY id"));
        var nested = new ResourceHints { NestedAs = NestedAs.Columns };
        await _world.RunAsync(Some.Resource("nested", nested, """{"id":1,"o":{"a":1}}"""));
        await _world.RunAsync(Some.Resource("nested", nested, """{"id":2,"o":{"b":"x"},"late":true}"""));
        Assert.Equal(["ADD", "REPLACE"], _world.Athena.Statements.TakeLast(2).Select(s => s.Split(' ')[3]));
        Assert.Contains("`o` struct<a:bigint,b:string>", _world.Athena.Statements[^1], StringComparison.Ordinal);
        Assert.Equal("1,NULL", await _world.ValuesAsync("SELECT o.a FROM nested ORDER BY id"));
        Assert.Equal("NULL,x", await _world.ValuesAsync("SELECT o.b FROM nested ORDER BY id"));
        Assert.Equal("NULL,true", await _world.ValuesAsync("SELECT late FROM nested ORDER BY id"));
    }

    [Fact]
    public async Task Fields_in_partitions_that_the_catalog_lists_leave_the_load_pending_by_name()
    {
        var options = _world.Options with { HivePartitions = "glue" };
        var hints = ByCountry with { NestedAs = NestedAs.Columns };
        await _world.Pipeline(options).RunAsync(Some.Resource("items", hints, """{"id":1,"country":"de","o":{"a":1}}"""), Cancellation);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => _world.Pipeline(options).RunAsync(
            Some.Resource("items", hints, """{"id":2,"country":"de","o":{"b":1}}"""), Cancellation));
        Assert.Contains("Column 'ds.items.o' gains fields", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("1", await _world.ValuesAsync("SELECT id FROM items"));
    }

    [Fact]
    public async Task Properties_that_a_resource_declares_are_set_by_a_statement()
    {
        Resource Of(string team) => Some.Resource("items", new ResourceHints
        {
            TableProperties = ImmutableDictionary<string, string>.Empty.Add("team", team),
        }, """{"id":1}""");
        await _world.RunAsync(Of("one"));
        await _world.RunAsync(Of("it's two"));
        Assert.Equal("ALTER TABLE `hms`.`ds`.`items` SET TBLPROPERTIES ('team'='it\\'s two')", _world.Athena.Statements[^1]);
        Assert.Equal("it's two", (await _world.TableAsync("items")).Definition.Parameters!["team"]);
    }

    [Theory, InlineData(null), InlineData("truncate-and-insert")]
    public async Task Rows_are_replaced(string? hiveReplace)
    {
        var options = _world.Options with { HiveReplace = hiveReplace };
        for (var id = 1; id <= 3; id++)
            await _world.Pipeline(options).RunAsync(Some.Resource("items", Replace, $$"""{"id":{{id}},"tags":[{{id}}]}"""), Cancellation);
        Assert.Equal("3", await _world.ValuesAsync("SELECT id FROM items"));
        Assert.Equal("3", await _world.ValuesAsync("SELECT value FROM items__tags"));
        Assert.Single(await _world.KeysAsync("ds/items/"));
    }

    [Fact]
    public async Task A_fresh_machine_restores_the_state_without_a_query()
    {
        await _world.Pipeline().RunAsync(Some.Increments("items", 2), Cancellation);
        var before = _world.Athena.Statements.Count;
        await _world.Pipeline(machine: "two").RunAsync(Some.Increments("items", 3), Cancellation);
        Assert.Equal(before, _world.Athena.Statements.Count);
        Assert.Equal("0,1,2", await _world.ValuesAsync("SELECT id FROM items ORDER BY id"));
    }

    [Theory, InlineData(RefreshMode.DropResources), InlineData(RefreshMode.DropSources), InlineData(RefreshMode.DropData)]
    public async Task A_refresh_drops_tables_and_rows(RefreshMode refresh)
    {
        await _world.RunAsync(Some.Resource("items", """{"id":1,"old":1}"""));
        await _world.Pipeline(refresh: refresh).RunAsync(Some.Resource("items", """{"id":2}"""), Cancellation);
        Assert.Equal("2", await _world.ValuesAsync("SELECT id FROM items"));
        Assert.Equal(
            refresh != RefreshMode.DropData, _world.Athena.Statements.Contains("DROP TABLE IF EXISTS `hms`.`ds`.`items`"));
    }

    [Fact]
    public async Task Projected_partitions_are_extended_by_a_statement()
    {
        await _world.RunAsync(Some.Resource("items", ByCountry, """{"id":1,"country":"de"}"""));
        await _world.RunAsync(Some.Resource("items", ByCountry, """{"id":2,"country":"fr"}"""));
        Assert.Equal(
            "ALTER TABLE `hms`.`ds`.`items` SET TBLPROPERTIES ('projection.country.values'='de,fr')", _world.Athena.Statements[^1]);
        Assert.Equal("1,2", await _world.ValuesAsync("SELECT id FROM items WHERE country IN ('de', 'fr') ORDER BY id"));
    }

    [Fact]
    public async Task Listed_partitions_are_added_widened_and_dropped_by_statements()
    {
        var options = _world.Options with { HivePartitions = "glue" };
        Task RunAsync(ResourceHints hints, params string[] items) =>
            _world.Pipeline(options).RunAsync(Some.Resource("items", hints, items), Cancellation);
        await RunAsync(ByCountry, """{"id":1,"country":"de"}""", """{"id":2,"country":"it's"}""");
        Assert.Equal(
            "ALTER TABLE `hms`.`ds`.`items` ADD IF NOT EXISTS PARTITION (`country`='de') LOCATION 's3://lake/ds/items/country=de/' "
            + "PARTITION (`country`='it\\'s') LOCATION 's3://lake/ds/items/country=it%27s/'",
            _world.Athena.Statements[^1]);
        await RunAsync(ByCountry, """{"id":3,"country":"de","size":7}""");
        Assert.Contains(
            "ALTER TABLE `hms`.`ds`.`items` PARTITION (`country`='it\\'s') ADD COLUMNS (`size` bigint)", _world.Athena.Statements);
        Assert.Equal("NULL,NULL,7", await _world.ValuesAsync("SELECT size FROM items ORDER BY id"));
        await RunAsync(ByCountry with { WriteDisposition = WriteDisposition.Replace }, """{"id":4,"country":"de"}""");
        Assert.Contains("ALTER TABLE `hms`.`ds`.`items` DROP IF EXISTS PARTITION (`country`='it\\'s')", _world.Athena.Statements);
        var partitions = await _world.Account.Glue.GetPartitionsAsync("ds", "items", Cancellation).ToListAsync(Cancellation);
        Assert.Equal("de", Assert.Single(Assert.Single(partitions).Values));
        Assert.Equal("4", await _world.ValuesAsync("SELECT id FROM items"));
    }

    [Fact]
    public async Task A_database_with_many_tables_is_read_by_pages()
    {
        var many = Enumerable.Range(0, 60).Select(i => Some.Resource($"a_table_with_a_long_name_{i:00}", """{"id":1}""")).ToArray();
        await _world.RunAsync(many);
        await _world.RunAsync(many);
        Assert.Equal("2", await _world.ValuesAsync("SELECT count(*) FROM a_table_with_a_long_name_59"));
        await using var maintenance = AthenaMaintenance.Open(null, _world.Configuration, options: _world.Options);
        Assert.Equal(63, (await maintenance.FindAsync("ds", Cancellation)).Databases.Single().Tables.Length);
    }

    [Theory, InlineData("ddl"), InlineData("lease"), InlineData("hive_replace"), InlineData("force_iceberg"),
        InlineData("lakeformation_config")]
    public async Task A_setting_that_does_not_fit_the_catalog_is_refused_before_extract(string field)
    {
        var options = field switch
        {
            "ddl" => _world.Options with { Ddl = null },
            "lease" => _world.Options with { Lease = TimeSpan.Zero },
            "hive_replace" => _world.Options with { HiveReplace = "swap-location" },
            "force_iceberg" => _world.Options with { ForceIceberg = true },
            _ => _world.Options with { LakeFormationTags = ImmutableDictionary<string, string>.Empty.Add("domain", "sales") },
        };
        var isExtracted = false;
        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => _world.Pipeline(options).RunAsync(Resource.Create("items", Rows()), Cancellation));
        Assert.StartsWith($"{field} does not fit the data catalog 'hms' of type HIVE: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was run. ", error.Message, StringComparison.Ordinal);
        Assert.Equal([field, "aws_data_catalog"], error.Fields);
        Assert.False(isExtracted);
        Assert.Empty(await _world.KeysAsync(""));

        IEnumerable<object> Rows()
        {
            isExtracted = true;
            yield return new { id = 1 };
        }
    }

    [Theory, InlineData("iceberg", WriteDisposition.Append, "would be an Iceberg table"),
        InlineData("iceberg", WriteDisposition.Merge, "would be an Iceberg table"),
        InlineData(null, WriteDisposition.Merge, "merges, which needs an Iceberg table")]
    public async Task Iceberg_tables_and_merges_are_refused_before_extract(string? format, WriteDisposition disposition, string what)
    {
        var hints = new ResourceHints { TableFormat = Some.Format(format), WriteDisposition = disposition, PrimaryKey = ["id"] };
        var isExtracted = false;
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => _world.Pipeline().RunAsync(Resource.Create("items", Rows(), hints), Cancellation));
        Assert.Contains($"Table 'items' {what}, and Athena makes none in the data catalog 'hms' of type HIVE.",
            error.Message, StringComparison.Ordinal);
        Assert.False(isExtracted);
        Assert.Empty(_world.Athena.Statements);

        IEnumerable<object> Rows()
        {
            isExtracted = true;
            yield return new { id = 1 };
        }
    }

    [Fact]
    public async Task A_column_without_a_type_takes_no_listing_down_and_is_named_where_it_is_loaded()
    {
        await _world.RunAsync(Some.Resource("items", """{"id":1}"""));
        var table = await _world.TableAsync("items");
        var storage = table.Definition.StorageDescriptor!;
        await _world.Account.Glue.UpdateTableAsync("ds", table.Definition with
        {
            StorageDescriptor = storage with { Columns = [.. storage.Columns.Select(c => c.Name == "id" ? c with { Type = "" } : c)] },
        }, cancellationToken: Cancellation);
        await _world.RunAsync(Some.Resource("others", """{"id":2}"""));
        await using var maintenance = AthenaMaintenance.Open(null, _world.Configuration, options: _world.Options);
        Assert.Equal(5, (await maintenance.FindAsync("ds", Cancellation)).Databases.Single().Tables.Length);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => _world.RunAsync(Some.Resource("items", """{"id":3}""")));
        Assert.Contains("Column 'ds.items.id' is without a type in Glue, but bigint in the schema", error.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_federated_catalog_is_refused_by_name()
    {
        await using var world = new HiveCatalogWorld("FEDERATED");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => world.RunAsync(Some.Resource("items", """{"id":1}""")));
        Assert.Contains("'hms' of Athena is of type FEDERATED", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_run_at_a_time_writes_a_dataset_whatever_its_pipeline()
    {
        var options = _world.Options with { Lease = TimeSpan.FromSeconds(12) };
        DltException? refusal = null;
        var endless = Resource.Create("a", (_, _) => RowsAsync());
        await _world.Pipeline(options, "first", time: TimeProvider.System).RunAsync(endless, Cancellation);
        Assert.StartsWith("Pipeline 'first' is running elsewhere: ", refusal!.Message, StringComparison.Ordinal);
        await _world.Pipeline(options, "second").RunAsync(Some.Resource("b", """{"id":2}"""), Cancellation);
        Assert.Equal("1,2", await _world.ValuesAsync("SELECT id FROM a UNION ALL SELECT id FROM b ORDER BY id"));

        async IAsyncEnumerable<object> RowsAsync()
        {
            refusal = await Assert.ThrowsAnyAsync<DltException>(() =>
                _world.Pipeline(options, "second", time: TimeProvider.System).RunAsync(Some.Resource("b", """{"id":1}"""), Cancellation));
            yield return new { id = 1 };
        }
    }

    [Fact]
    public async Task No_row_is_lost_or_doubled_in_bad_weather()
    {
        await using var world = new HiveCatalogWorld { Weather = new(20261130) };
        for (var end = 1; end <= 4; end++)
        {
            await world.Pipeline(machine: $"{end % 2}").RunAsync(
            [
                Some.Increments("items", end, more: $$""","column_{{end}}":1"""),
                Some.Resource("replaced", Replace, $$"""{"id":{{end}}}"""),
            ], Cancellation);
        }

        Assert.Equal("0,1,2,3", await world.ValuesAsync("SELECT id FROM items ORDER BY id"));
        Assert.Equal("4", await world.ValuesAsync("SELECT sum(column_1 + 0) + sum(column_2) + sum(column_3) + sum(column_4) FROM items"));
        Assert.Equal("4", await world.ValuesAsync("SELECT id FROM replaced"));
        Assert.Equal("4", await world.ValuesAsync("SELECT count(DISTINCT load_id) FROM _dlt_loads"));
    }

    [Fact]
    public async Task A_dataset_is_searched_for_orphans_and_dropped()
    {
        var load = await _world.RunAsync(Some.Resource("items", """{"id":1}"""));
        var dead = new Storage.ObjectLocation("lake", $"ds/items/{load.Packages[0].LoadId.Split('.')[0]}.9999999.dead.parquet");
        await _world.Account.Objects.PutAsync(dead, "x"u8.ToArray(), cancellationToken: Cancellation);
        await using var maintenance = AthenaMaintenance.Open(null, _world.Configuration, options: _world.Options);
        var orphan = Assert.Single(await maintenance.FindOrphansAsync("ds", Cancellation));
        Assert.Equal(dead.ToString(), orphan.Location);
        await maintenance.RemoveAsync([orphan], TimeSpan.Zero, Cancellation);
        await maintenance.DropAsync(await maintenance.FindAsync("ds", Cancellation), cancellationToken: Cancellation);
        Assert.Equal("DROP DATABASE `hms`.`ds` CASCADE", _world.Athena.Statements[^1]);
        Assert.Empty(await _world.KeysAsync("ds/"));
        await _world.RunAsync(Some.Resource("items", """{"id":2}"""));
        Assert.Equal("2", await _world.ValuesAsync("SELECT id FROM items"));
    }

    [Fact]
    public async Task Rows_of_its_tables_are_not_deleted_one_by_one()
    {
        await _world.RunAsync(Some.Resource("items", """{"id":1}"""));
        await using var maintenance = AthenaMaintenance.Open(null, _world.Configuration, options: _world.Options);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => maintenance.FindRowsAsync("ds", "items", "id = 1", Cancellation));
        Assert.Contains("'items'", error.Message, StringComparison.Ordinal);
        var versions = await maintenance.DeleteVersionsAsync("ds", cancellationToken: Cancellation);
        Assert.Equal(0, versions.Sum(v => v.Archived));
    }

    [Fact]
    public async Task The_least_policy_has_the_calls_of_loads_and_upkeep_and_none_of_glue()
    {
        var options = _world.Options with { HivePartitions = "glue" };
        await _world.Pipeline(options).RunAsync(Some.Resource("items", ByCountry, """{"id":1,"country":"de"}"""), Cancellation);
        await using var maintenance = AthenaMaintenance.Open(null, _world.Configuration, options: options);
        await maintenance.FindOrphansAsync("ds", Cancellation);
        await maintenance.FindAsync("ds", Cancellation);
        var used = _world.Server.Calls.Where(c => c.Contains("Query") || c.Contains("Data") || c.Contains("Database"));
        var policy = await AthenaDoctor.PolicyAsync("ds", _world.Configuration, options: options, cancellationToken: Cancellation);
        var statements = policy["Statement"]!.Items;
        var allowed = statements.SelectMany(s => s["Action"]!.Items.Select(a => a.AsString())).ToHashSet();
        Assert.All(used, call => Assert.Contains("athena:" + call, allowed));
        Assert.DoesNotContain(allowed, a => a.StartsWith("glue:", StringComparison.Ordinal));
        var functions = statements.Single(s => s["Sid"]!.AsString() == "Functions");
        Assert.Equal("arn:aws:lambda:eu-central-1:111122223333:function:hms", Assert.Single(functions["Resource"]!.Items).AsString());
    }
}
