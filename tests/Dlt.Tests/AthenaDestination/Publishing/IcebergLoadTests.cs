using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using Dlt.Storage;
using Dlt.Tests.Support;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Tests.AthenaDestination.Publishing;

public sealed class IcebergLoadTests : IDisposable
{
    private static readonly ResourceHints Iceberg = new() { TableFormat = TableFormat.Iceberg };

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_of_iceberg_tables_are_committed_as_one_snapshot_a_load()
    {
        var account = Some.Account(_folder);
        await RunAsync(
            account,
            Iceberg,
            """{"id":1,"at":"2024-01-02T03:04:05.678Z","price":1.5,"tags":["x","y"]}""",
            """{"id":2,"b":null}""");
        await RunAsync(account, Iceberg, """{"id":3,"late":"new","tags":["z"]}""");
        Assert.Equal([["1", "2024-01-02 03:04:05.678", "1.5", null], ["2", null, null, null], ["3", null, null, "new"]],
            await RowsAsync(account, "SELECT id, \"at\", price, late FROM items ORDER BY id"));
        Assert.Equal([["x"], ["y"], ["z"]], await RowsAsync(account, "SELECT value FROM items__tags ORDER BY value"));
        var table = await TableAsync(account, "items");
        Assert.Equal(2, table.Metadata.Snapshots.Length);
        Assert.Equal(2, table.Metadata.Snapshots.Select(s => s.Summary["dlt.load-id"]).Distinct().Count());
        Assert.Equal(["append", "append"], table.Metadata.Snapshots.Select(s => s.Operation));
        Assert.Equal("3", table.Metadata.CurrentSnapshot!.Summary["total-records"]);
    }

    [Fact, Scenario("X-08")]
    public async Task Replace_is_one_snapshot_and_nested_tables_without_rows_are_emptied()
    {
        var account = Some.Account(_folder);
        var hints = Iceberg with { WriteDisposition = WriteDisposition.Replace };
        await RunAsync(account, hints, """{"id":1,"tags":["x"]}""");
        await RunAsync(account, hints, """{"id":2}""");
        Assert.Equal([["2"]], await RowsAsync(account, "SELECT id FROM items"));
        Assert.Equal([["0"]], await RowsAsync(account, "SELECT count(*) FROM items__tags"));
        Assert.Equal(2, (await TableAsync(account, "items")).Metadata.Snapshots.Length);
    }

    [Fact]
    public async Task A_load_that_was_committed_before_the_crash_is_not_committed_again()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, Iceberg, """{"id":1}""");
        // The process ended after the table's commit, before the load was complete: the package is pending again, and the row of _dlt_loads
        // is missing.
        var pipeline = Path.Combine(account.PipelinesFolder!, "pipe");
        var package = Directory.GetDirectories(Path.Combine(pipeline, "load", "loaded")).Single();
        File.Delete(Path.Combine(package, "package_completed.json"));
        Directory.Move(package, Path.Combine(pipeline, "load", "normalized", Path.GetFileName(package)));
        await Some.Pipeline(account).LoadPendingAsync(Cancellation);
        Assert.Equal([["1"]], await RowsAsync(account, "SELECT count(*) FROM items"));
        Assert.Single((await TableAsync(account, "items")).Metadata.Snapshots);
        Assert.Equal([["1"]], await RowsAsync(account, "SELECT count(*) FROM _dlt_loads"));
    }

    [Fact]
    public async Task Bookkeeping_tables_are_iceberg_tables_but_that_of_the_state()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, new(), """{"id":1}""");
        await RunAsync(account, new(), """{"id":2}""");
        var formats = new List<string>();
        await foreach (var table in account.Glue.GetTablesAsync("ds", Cancellation))
            formats.Add($"{table.Name} {(table.IsIceberg ? "iceberg" : "hive")}");
        Assert.Equal(["_dlt_loads iceberg", "_dlt_pipeline_state hive", "_dlt_version iceberg", "items hive"], formats);
        Assert.Equal([["2"]], await RowsAsync(account, "SELECT count(*) FROM _dlt_loads"));
        Assert.Equal([["1"]], await RowsAsync(account, "SELECT count(*) FROM _dlt_version"));
    }

    [Fact]
    public async Task With_force_iceberg_all_tables_are_iceberg_tables_and_the_state_is_restored_from_them()
    {
        var account = Some.Account(_folder);
        PipelineOptions Options() =>
            new() { Configuration = Some.Configuration(account.Folder, ("DESTINATION__ATHENA__FORCE_ICEBERG", "true")), Warn = _ => { } };
        Resource Counting() => Resource.Create("items", (context, _) => Counted(context));
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", Options()).RunAsync(Counting(), Cancellation);
        Directory.Delete(account.PipelinesFolder!, recursive: true);
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", Options()).RunAsync(Counting(), Cancellation);
        Assert.Equal([["1"], ["2"]], await RowsAsync(account, "SELECT run FROM items ORDER BY run"));
        await foreach (var table in account.Glue.GetTablesAsync("ds", Cancellation)) Assert.True(table.IsIceberg, table.Name);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Filters_by_time_find_every_row_of_an_iceberg_state_table(bool staysForced)
    {
        var account = Some.Account(_folder);
        Task RunAsync(bool forced) =>
            Pipeline.Create("pipe", Athena.Destination(account), "ds",
            new()
            {
                Configuration = Some.Configuration(account.Folder, ("DESTINATION__ATHENA__FORCE_ICEBERG", forced ? "true" : "false")),
                Warn = _ => { }
            })
            .RunAsync(Resource.Create(forced ? "items" : "others", (context, _) => Counted(context)), Cancellation);
        await RunAsync(true);
        await RunAsync(staysForced);   // a state table that is an Iceberg table stays one, whatever the setting is
        var state = await TableAsync(account, "_dlt_pipeline_state");
        Assert.Equal(2, await state.Scan().Where(Filter.Greater("created_at", DateTimeOffset.UtcNow.AddDays(-1)))
            .ReadRowsAsync(Cancellation).CountAsync(Cancellation));
        Assert.Equal(0, await state.Scan().Where(Filter.Greater("created_at", DateTimeOffset.UtcNow.AddDays(1))).ReadRowsAsync(Cancellation)
            .CountAsync(Cancellation));
        Assert.Empty(await state.FindUnsafeFilesAsync(Cancellation));
        var files = await state.Scan().PlanFilesAsync(Cancellation).Select(t => t.File.FilePath).ToListAsync(Cancellation);
        foreach (var file in files)
        {
            var copy = _folder.File($"{Guid.NewGuid():N}.parquet");
            await File.WriteAllBytesAsync(copy, await state.Files.ReadAsync(file, Cancellation), Cancellation);
            Assert.Contains("MICROS", Duck.Values($"SELECT logical_type FROM parquet_schema('{copy}') WHERE name = 'created_at'")[0],
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pipelines_that_add_columns_to_one_table_at_once_all_load()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, Iceberg, """{"id":0}""");
        await Task.WhenAll(Enumerable.Range(1, 6).Select(i => Task.Run(
            () => Pipeline.Create($"pipe{i}", Athena.Destination(account), "ds",
                new() { Configuration = Some.Configuration(account.Folder), Warn = _ => { } })
                .RunAsync(Some.Resource("items", Iceberg, $$"""{"id":{{i}},"shared":{{i}},"own{{i}}":{{i}}}"""), Cancellation),
            Cancellation)));
        Assert.Equal([["7 21 6"]], await RowsAsync(account, "SELECT count(*) || ' ' || sum(shared) || ' ' || sum(own6) FROM items"));
        Assert.Equal(7, (await TableAsync(account, "items")).Metadata.Snapshots.Length);
        Assert.Equal([["7"]], await RowsAsync(account, "SELECT count(*) FROM _dlt_loads"));
    }

    [Fact]
    public async Task Metadata_files_that_left_the_log_are_deleted_after_a_load()
    {
        var account = Some.Account(_folder);
        var configuration = Some.Configuration(
            account.Folder,
            ("DESTINATION__ATHENA__TABLE_PROPERTIES", """{"write.metadata.previous-versions-max":"2"}"""));
        PipelineOptions options = new() { Configuration = configuration, Warn = _ => { } };
        for (var run = 0; run < 5; run++)
        {
            var items = Some.Resource("items", Iceberg, $$"""{"id":{{run}}}""");
            await Pipeline.Create("pipe", Athena.Destination(account), "ds", options).RunAsync(items, Cancellation);
        }

        foreach (var name in new[] { "items", "_dlt_loads" })
        {
            var table = await TableAsync(account, name);
            var files = await account.Objects.ListAsync("lake", table.Metadata.Location["s3://lake/".Length..] + "/metadata/", Cancellation)
                .Select(o => o.Location.Key).Where(k => k.EndsWith(".metadata.json", StringComparison.Ordinal)).CountAsync(Cancellation);
            Assert.Equal((5, 3), (table.Metadata.Snapshots.Length, files));
        }
    }

    [Fact]
    public async Task Rows_go_to_the_partitions_that_the_hint_names()
    {
        var account = Some.Account(_folder);
        var partition = Json.JsonParser.Parse("""{"at":"day({column_name})","id":"bucket(4, {column_name})"}""");
        var hints = Iceberg with { Additional = [new("x-athena-partition", partition)] };
        var items = Enumerable.Range(0, 50).Select(i => $$"""{"id":{{i}},"at":"2024-01-0{{1 + i % 3}}T00:00:00Z"}""");
        await RunAsync(account, hints, [.. items]);
        var table = await TableAsync(account, "items");
        Assert.Equal(["at_day day", "id_bucket bucket[4]"], table.Metadata.DefaultSpec.Fields.Select(f => $"{f.Name} {f.Transform}"));
        Assert.Equal("12", table.Metadata.CurrentSnapshot!.Summary["added-data-files"]);
        Assert.Equal([["50 1225"]], await RowsAsync(account, "SELECT count(*) || ' ' || sum(id) FROM items"));
    }

    [Fact, Scenario("X-10")]
    public async Task A_partition_may_have_the_name_of_a_field_and_several_transforms_of_one_column()
    {
        var account = Some.Account(_folder);
        var hints = Iceberg with { Partitions = [Partition.Month("createdAt"), Partition.Bucket(4, "ID"), Partition.Identity("ID")] };
        var items = Enumerable.Range(0, 6).Select(i => $$"""{"ID":{{i}},"createdAt":"2024-0{{1 + i % 3}}-01T00:00:00Z"}""");
        await RunAsync(account, hints, [.. items]);
        var table = await TableAsync(account, "items");
        Assert.Equal(
            ["created_at_month month", "id_bucket bucket[4]", "id identity"],
            table.Metadata.DefaultSpec.Fields.Select(f => $"{f.Name} {f.Transform}"));
        Assert.Equal([["6 15"]], await RowsAsync(account, "SELECT count(*) || ' ' || sum(id) FROM items"));
    }

    [Theory, Scenario("X-10"), Scenario("X-24")]
    [InlineData("nope", "does not exist"), InlineData("at", "Java engines reject"), InlineData("id", "twice")]
    public async Task A_partition_that_cannot_be_made_leaves_no_database(string column, string why)
    {
        var account = Some.Account(_folder);
        var hints = Iceberg with
        {
            Partitions = column == "id"
                ? [Partition.Identity("id"), Partition.Identity("ID")]
                : [Partition.Year(column), Partition.Day(column)],
        };
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => RunAsync(account, hints, """{"id":1,"at":"2024-01-01T00:00:00Z"}"""));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
    }

    [Fact]
    public async Task A_new_column_with_the_name_of_a_partition_field_is_refused_before_anything_is_uploaded()
    {
        var account = Some.Account(_folder);
        var partition = Json.JsonParser.Parse("""{"created":"day({column_name})"}""");
        var hints = Iceberg with { Additional = [new("x-athena-partition", partition)] };
        await Some.Pipeline(account).RunAsync(Some.Resource("items", hints, """{"id":1,"created":"2026-05-06T07:08:09Z"}"""), Cancellation);
        var before = await account.Objects.ListAsync("lake", "ds/items", Cancellation).Select(o => o.Location.Key)
            .ToListAsync(Cancellation);

        var items = Some.Resource("items", hints, """{"id":2,"created":"2026-05-07T07:08:09Z","created_day":"monday"}""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account).RunAsync(items, Cancellation));

        Assert.Contains("'created_day'", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("stays pending", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, await account.Objects.ListAsync("lake", "ds/items", Cancellation).Select(o => o.Location.Key)
            .ToListAsync(Cancellation));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task Native_lists_and_structs_have_field_ids_at_every_level()
    {
        var account = Some.Account(_folder);
        var hints = Iceberg with { NestedAs = NestedAs.Columns };
        await RunAsync(account, hints, """{"id":1,"lines":[{"sku":"a","n":1}],"o":{"p":{"q":true}}}""");
        await RunAsync(account, hints, """{"id":2,"lines":[{"sku":"b","n":2,"late":"x"}],"o":{"r":7}}""");
        Assert.Equal(
            [["1", "a", "1", null, "true", null], ["2", "b", "2", "x", null, "7"]],
            await RowsAsync(account, "SELECT id, lines[1].sku, lines[1].n, lines[1].late, o.p.q, o.r FROM items ORDER BY id"));
        Assert.Equal("array<struct<sku:string,n:bigint,late:string>>",
            (await account.Glue.GetTableAsync("ds", "items", Cancellation))!.Columns.Single(c => c.Name == "lines").Type);
    }

    [Theory, Scenario("X-03"), InlineData(false), InlineData(true)]
    public async Task First_unchanged_and_restored_runs_ask_athena_nothing(bool forceIceberg)
    {
        var local = Some.Account(_folder);
        var account = new WatchedAccount(local);
        PipelineOptions Options() =>
            new()
            {
                Configuration = Some.Configuration(
            local.Folder, ("DESTINATION__ATHENA__FORCE_ICEBERG", forceIceberg ? "true" : "false")),
                Warn = _ => { }
            };
        for (var run = 0; run < 3; run++)
        {
            if (run == 2) Directory.Delete(local.PipelinesFolder, recursive: true);
            Resource[] resources =
            [
                Some.Resource("items", Iceberg, """{"id":1,"tags":["x"]}"""),
                Some.Resource("rest", """{"id":1}"""),
                Resource.Create("runs", (context, _) => Counted(context)),
            ];
            await Pipeline.Create("pipe", Athena.Destination(account), "ds", Options()).RunAsync(resources, Cancellation);
        }

        Assert.Equal([["1"], ["2"], ["3"]], await RowsAsync(local, "SELECT run FROM runs ORDER BY run"));
        Assert.Equal(0, account.Queries);
        await Athena.QueryAsync("ds", "SELECT 1", account, cancellationToken: Cancellation);
        Assert.Equal(1, account.Queries);
    }

    [Fact, Scenario("X-21")]
    public async Task A_table_of_another_format_is_refused_before_anything_is_loaded()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, new(), """{"id":1}""");
        var error = await Assert.ThrowsAsync<SchemaException>(() => RunAsync(account, Iceberg, """{"id":2}"""));
        Assert.Contains("external table", error.Message, StringComparison.Ordinal);
        Assert.Equal([["1"]], await RowsAsync(account, "SELECT count(*) FROM items"));
    }

    private static async IAsyncEnumerable<object?> Counted(ResourceContext context)
    {
        await Task.Yield();
        var run = (context.State["run"]?.AsInt64() ?? 0) + 1;
        context.State["run"] = JsonValue.Integer(run);
        yield return new { run };
    }

    private static Task<LoadInfo> RunAsync(LocalAthena account, ResourceHints hints, params string[] items) =>
        Some.Pipeline(account).RunAsync(Some.Resource("items", hints, items), Cancellation);

    private static async Task<ImmutableArray<ImmutableArray<string?>>> RowsAsync(LocalAthena account, string sql) =>
        (await Some.QueryAsync(account, sql)).Rows;

    private static async Task<IcebergTable> TableAsync(LocalAthena account, string name) =>
        await new GlueCatalog(account.Glue, account.Objects).LoadTableAsync(new("ds", name), Cancellation);
}
