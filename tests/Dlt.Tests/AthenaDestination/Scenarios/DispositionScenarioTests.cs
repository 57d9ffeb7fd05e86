using System.Globalization;
using Dlt.Destinations.Maintenance;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Scenarios;

/// <summary>What loads of each disposition leave (docs/spec/athena-destination.md 9.5).</summary>
public sealed class DispositionScenarioTests : AccountTests
{
    [Theory, Scenario("T-46"), InlineData(false), InlineData(true)]
    public async Task New_fields_at_both_levels_are_appended_to_what_is_there(bool isIceberg)
    {
        var hints = isIceberg ? Iceberg : null;
        await new Machine(Account).RunAsync(Some.Resource("items", hints, """{"id":1,"lines":[{"n":1},{"n":2}]}"""));
        Assert.Equal("1 2 1", await CountsAsync());
        await new Machine(Account).RunAsync(
            Some.Resource("items", hints, """{"id":2,"note":"x","lines":[{"n":3,"unit":"kg"},{"n":4}]}"""));
        Assert.Equal("2 4 2", await CountsAsync());
        Assert.Equal("1 1", await Some.ValueAsync(
            Account, "SELECT (SELECT count(note) FROM items) || ' ' || (SELECT count(unit) FROM items__lines)"));

        Task<string?> CountsAsync() => Some.ValueAsync(Account, """
            SELECT (SELECT count(*) FROM items) || ' ' || (SELECT count(*) FROM items__lines) || ' ' || (SELECT count(*) FROM _dlt_loads)
            """);
    }

    /// <summary>Rows of Iceberg tables are committed without staged copies, so the switch has nothing to empty.</summary>
    [Theory, Scenario("T-49"), InlineData(false), InlineData(true)]
    public async Task Three_appends_leave_three_files_and_none_in_a_staging_dataset_whatever_the_switch(bool isIceberg)
    {
        foreach (var truncates in new[] { "true", "false", "true" })
        {
            await new Machine(Account).RunAsync(
                Some.Resource("items", isIceberg ? Iceberg : null, """{"id":1}"""),
                settings: ("LOAD__TRUNCATE_STAGING_DATASET", truncates));
        }

        Assert.Equal(3, (await Machine.KeysAsync(Account, "ds/items/")).Count(k => k.EndsWith(".parquet", StringComparison.Ordinal)));
        Assert.Empty(await Machine.KeysAsync(Account, "ds_staging"));
        Assert.Equal("3", await Some.ValueAsync(Account, "SELECT count(*) FROM items"));
    }

    [Theory, Scenario("T-50"), InlineData(false), InlineData(true)]
    public async Task A_replace_of_several_files_displaces_all_levels_and_an_empty_one_clears_them(bool isIceberg)
    {
        var format = isIceberg ? TableFormat.Iceberg : TableFormat.Default;
        var replace = new ResourceHints { TableFormat = format, WriteDisposition = WriteDisposition.Replace };
        (string, string)[] files = [("DATA_WRITER__FILE_MAX_ITEMS", "10"), ("DATA_WRITER__ROW_GROUP_SIZE", "10")];
        Task<LoadInfo> RunAsync(int from, int count) => new Machine(Account).Pipeline(settings: files).RunAsync(
            [
                Some.Resource("items", replace, [.. Enumerable.Range(from, count).Select(i =>
                    $$"""{"id":{{i}},"lines":[{"n":{{i}},"parts":[{"p":{{i}}}]}]}""")]),
                Some.Resource("log", new ResourceHints { TableFormat = format }, """{"id":1}"""),
            ],
            Cancellation);

        await RunAsync(0, 30);
        await RunAsync(1000, 30);
        foreach (var (table, column) in new[] { ("items", "id"), ("items__lines", "n"), ("items__lines__parts", "p") })
        {
            Assert.Equal("30 1000 1029", await Some.ValueAsync(
                Account, $"SELECT count(*) || ' ' || min({column}) || ' ' || max({column}) FROM {table}"));
        }

        if (!isIceberg)
        {
            Assert.Equal(3, (await Machine.KeysAsync(Account, "ds/items__lines__parts/"))
                .Count(k => k.EndsWith(".parquet", StringComparison.Ordinal)));
        }

        await RunAsync(0, 0);
        Assert.Equal("0 0 0 3", await Some.ValueAsync(Account, """
            SELECT (SELECT count(*) FROM items) || ' ' || (SELECT count(*) FROM items__lines) || ' '
                || (SELECT count(*) FROM items__lines__parts) || ' ' || (SELECT count(*) FROM log)
            """));
    }

    [Theory, Scenario("T-51"), InlineData(false), InlineData(true)]
    public async Task A_second_pipeline_in_the_dataset_leaves_the_tables_of_the_first_and_shares_the_counters(bool isIceberg)
    {
        var hints = (isIceberg ? Iceberg : new()) with { WriteDisposition = WriteDisposition.Replace };
        await new Machine(Account).RunAsync(Some.Resource("items", hints, """{"id":1,"l":[1]}"""));
        for (var run = 0; run < 2; run++)
            await new Machine(Account).RunAsync(Some.Resource("others", hints, """{"id":2,"l":[2]}"""), "second");
        Assert.Equal("1 1 2 2", await Some.ValueAsync(Account, """
            SELECT (SELECT sum(id) FROM items) || ' ' || (SELECT sum(value) FROM items__l) || ' '
                || (SELECT sum(id) FROM others) || ' ' || (SELECT sum(value) FROM others__l)
            """));
        Assert.Equal("3 2", await Some.ValueAsync(
            Account, "SELECT (SELECT count(*) FROM _dlt_loads) || ' ' || (SELECT count(*) FROM _dlt_version)"));
    }

    /// <summary>Only Iceberg tables take an UPDATE of a user; the statement itself is Athena's.</summary>
    [Fact, Scenario("T-53"), Scenario("T-54")]
    public async Task One_run_makes_tables_of_both_formats_and_a_table_may_stay_external_where_Iceberg_is_forced()
    {
        const string item = """{"id":1,"l":[1]}""";
        Resource[] mixed = [Some.Resource("files", item), Some.Resource("commits", Iceberg, item)];
        await new Machine(Account).Pipeline().RunAsync(mixed, Cancellation);
        Assert.Equal("_dlt_loads,_dlt_version,commits,commits__l", await IcebergTablesAsync("ds"));

        var forced = Pipeline.Create("forced", Athena.Destination(Account), "forced", new()
        {
            Configuration = Some.Configuration(Account.Folder, ("DESTINATION__ATHENA__FORCE_ICEBERG", "true")),
            Warn = _ => { },
        });
        await forced.RunAsync(
            [Some.Resource("commits", item), Some.Resource("files", new ResourceHints { TableFormat = Some.Format("hive") }, item)],
            Cancellation);
        Assert.Equal("_dlt_loads,_dlt_pipeline_state,_dlt_version,commits,commits__l", await IcebergTablesAsync("forced"));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT value FROM files__l", "forced"));
    }

    [Theory, Scenario("T-55")]
    [InlineData("{dataset_name}/{table_name}")]
    [InlineData("{dataset_name}/{table_name}/{location_tag}")]
    public async Task Iceberg_tables_that_are_dropped_and_made_again_have_the_newest_rows_only(string layout)
    {
        (string, string) setting = ("DESTINATION__ATHENA__TABLE_LOCATION_LAYOUT", layout);
        for (var run = 0; run < 6; run++)
        {
            if (run == 3)
            {
                await using var maintenance = AthenaMaintenance.Open(Account, Some.Configuration(Account.Folder, setting));
                await maintenance.DropAsync(await maintenance.FindAsync("ds", Cancellation), cancellationToken: Cancellation);
            }

            var digits = Enumerable.Range(0, 3).Select(i => $$"""{"digit":{{(run * 10) + i}}}""");
            await new Machine(Account).RunAsync(
                Some.Resource("digits", Iceberg, [.. digits]), refresh: RefreshMode.DropSources, settings: setting);
            var newest = string.Join(',', Enumerable.Range(run * 10, 3).Select(i => i.ToString(CultureInfo.InvariantCulture)));
            Assert.Equal(newest, await Machine.ValuesAsync(Account, "SELECT digit FROM digits ORDER BY digit"));
        }
    }

    [Fact, Scenario("T-35"), Scenario("T-56")]
    public async Task Rows_are_in_the_partitions_that_the_resource_declares_in_their_order()
    {
        var hints = Iceberg with
        {
            Partitions = [Partition.Identity("category"), Partition.Month("at"), Partition.Bucket(10, "id"), Partition.Truncate(2, "name")],
        };
        await new Machine(Account).Pipeline().RunAsync(
            [Some.Resource("all", hints, """{"id":1,"category":"a","at":"2024-01-05T00:00:00Z","name":"xyz"}"""), TenRows("items")],
            Cancellation);
        Assert.Equal(["category identity", "at_month month", "id_bucket bucket[10]", "name_trunc truncate[2]"], await SpecAsync("all"));
        Assert.Equal([], await SpecAsync("_dlt_loads"));

        Assert.Equal(["category identity", "at_month month"], await SpecAsync("items"));
        var table = await Athena.IcebergCatalog(Account).LoadTableAsync(new("ds", "items"), Cancellation);
        Assert.Equal("5", table.Metadata.CurrentSnapshot!.Summary["changed-partition-count"]);
        var partitions = await table.Scan().PlanFilesAsync(Cancellation)
            .Select(t => string.Join('/', t.File.Partition)).ToListAsync(Cancellation);
        Assert.Equal(["a/648", "a/649", "b/648", "b/649", "c/650"], partitions.Order(StringComparer.Ordinal));   // months since 1970
        Assert.Equal("10 45", await Some.ValueAsync(Account, "SELECT count(*) || ' ' || sum(id) FROM items"));
    }

    private static Resource TenRows(string name) => Some.Resource(
        name, Iceberg with { Partitions = [Partition.Identity("category"), Partition.Month("at")] },
        [
            .. Enumerable.Range(0, 8).Select(i =>
                $$"""{"id":{{i}},"category":"{{(i % 2 == 0 ? "a" : "b")}}","at":"2024-0{{1 + (i / 2 % 2)}}-05T00:00:00Z"}"""),
            """{"id":8,"category":"c","at":"2024-03-05T00:00:00Z"}""", """{"id":9,"category":"c","at":"2024-03-31T23:59:59Z"}""",
        ]);

    private async Task<IEnumerable<string>> SpecAsync(string name)
    {
        var table = await Athena.IcebergCatalog(Account).LoadTableAsync(new("ds", name), Cancellation);
        return table.Metadata.DefaultSpec.Fields.Select(f => $"{f.Name} {f.Transform}");
    }

    private async Task<string> IcebergTablesAsync(string database)
    {
        var tables = await Account.Glue.GetTablesAsync(database, Cancellation).ToListAsync(Cancellation);
        return string.Join(',', tables.Where(t => t.IsIceberg).Select(t => t.Name));
    }
}
