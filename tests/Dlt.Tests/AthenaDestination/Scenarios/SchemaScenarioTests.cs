using System.Globalization;
using Dlt.Lake;
using Dlt.Schemas;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Scenarios;

/// <summary>Tables and versions of schemas at the destination (docs/spec/athena-destination.md 9.4, 9.9).</summary>
public sealed class SchemaScenarioTests : AccountTests
{
    [Fact, Scenario("T-30")]
    public async Task A_dataset_that_does_not_exist_has_no_state_and_is_not_made_by_asking()
    {
        Assert.False(await Some.Pipeline(Account).SyncAsync(Cancellation));
        Assert.Null(await Account.Glue.GetDatabaseAsync("ds", Cancellation));
        Assert.Empty(await Machine.KeysAsync(Account, "ds/"));
        var info = await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        Assert.False(info.RestoredFromDestination);
    }

    [Fact, Scenario("T-31")]
    public async Task Each_version_of_a_schema_is_stored_whole_and_the_newest_by_time_is_the_last()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1,"b":"x"}"""), Cancellation);
        Assert.Equal("_dlt_loads,_dlt_pipeline_state,_dlt_version,items", await TablesAsync());
        var rows = (await Some.QueryAsync(
            Account, "SELECT version_hash, \"schema\", version FROM _dlt_version ORDER BY inserted_at")).Rows;
        Assert.Equal(2, rows.Length);
        foreach (var row in rows) Assert.Equal(row[0], SchemaJson.Hash(SchemaJson.FromStoredText(row[1]!)));
        var local = await File.ReadAllTextAsync(SchemaFile(Account.PipelinesFolder), Cancellation);
        Assert.Contains($"\"{rows[1][0]}\"", local, StringComparison.Ordinal);
        Assert.Equal(["a", "_dlt_load_id", "_dlt_id", "b"],
            SchemaJson.FromStoredText(rows[1][1]!).DataTables.Single().CompleteColumns.Select(c => c.Name));
        Assert.True(long.Parse(rows[0][2]!, CultureInfo.InvariantCulture) < long.Parse(rows[1][2]!, CultureInfo.InvariantCulture));
    }

    /// <summary>The three statements of Python dlt are one creation and two changes in the catalog.</summary>
    [Fact, Scenario("T-32")]
    public async Task Three_evolutions_are_one_creation_and_a_change_for_the_new_columns_of_a_load()
    {
        var changes = new List<string>();
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            if (given.OfType<GlueTableInput>().FirstOrDefault() is { Name: "items" } table)
                changes.Add($"{method} {table.StorageDescriptor!.Columns.Length}");
            return call();
        });
        var machine = new Machine(Account, glue: glue);
        await machine.RunAsync(Some.Resource("items", """{"a":1}"""));
        await machine.RunAsync(Some.Resource("items", """{"a":1,"b":1}"""));
        await machine.RunAsync(Some.Resource("items", """{"a":1,"b":1,"c":1,"d":1}"""));
        await machine.RunAsync(Some.Resource("items", """{"a":1,"d":1}"""));
        Assert.Equal(["CreateTableAsync 3", "UpdateTableAsync 4", "UpdateTableAsync 6"], changes);   // with _dlt_load_id and _dlt_id
        Assert.Equal("4 3 2 3", await Some.ValueAsync(
            Account, "SELECT count(a) || ' ' || count(d) + 1 || ' ' || count(b) || ' ' || count(c) + 2 FROM items"));
    }

    [Fact, Scenario("T-33")]
    public async Task A_drop_of_one_schema_leaves_the_other_of_the_dataset_untouched()
    {
        await RunAsync(new Source("one", Some.Resource("a", """{"id":1,"l":[1]}"""), Some.Resource("b", """{"id":1}""")));
        await RunAsync(new Source("two", Some.Resource("c", """{"id":1}""")));
        const string other = "SELECT version_hash FROM _dlt_version WHERE schema_name = 'two'";
        var before = await Machine.ValuesAsync(Account, other);
        var drop = new DropSelection { SchemaName = "one", Resources = ["a", "unknown"] };
        var (preview, load) = await Some.Pipeline(Account).DropAsync(drop, _ => true, Cancellation);
        Assert.NotNull(load);
        Assert.Contains("unknown", Assert.Single(preview.Warnings), StringComparison.Ordinal);
        Assert.Null((await Some.Pipeline(Account).DropAsync(drop, _ => true, Cancellation)).Load);

        Assert.Equal("_dlt_loads,_dlt_pipeline_state,_dlt_version,b,c", await TablesAsync());
        Assert.Equal(before, await Machine.ValuesAsync(Account, other));
        var newest = await Some.ValueAsync(
            Account, "SELECT \"schema\" FROM _dlt_version WHERE schema_name = 'one' ORDER BY inserted_at DESC LIMIT 1");
        Assert.Equal(["b"], SchemaJson.FromStoredText(newest!).DataTables.Select(t => t.Name));
    }

    [Fact, Scenario("T-34")]
    public async Task A_complete_load_has_a_row_with_schema_status_time_and_a_hash_that_is_in_the_version_table()
    {
        var start = DateTimeOffset.UtcNow.AddSeconds(-1);
        var ids = new List<string>();
        for (var run = 0; run < 2; run++)
            ids.Add((await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation)).Packages[0].LoadId);
        var loads = (await Some.QueryAsync(Account, """
            SELECT load_id, schema_name, status, schema_version_hash, inserted_at FROM _dlt_loads ORDER BY load_id
            """)).Rows;
        var hash = await Some.ValueAsync(Account, "SELECT version_hash FROM _dlt_version");
        Assert.Equal(ids.Select(id => $"{id} pipe 0 {hash}"), loads.Select(r => string.Join(' ', r.Take(4))));
        foreach (var row in loads)
        {
            var time = DateTimeOffset.Parse(row[4]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            Assert.InRange(time, start, DateTimeOffset.UtcNow.AddSeconds(1));
        }
    }

    [Theory, Scenario("T-45"), InlineData(false), InlineData(true)]
    public async Task Columns_and_tables_that_are_one_name_for_Athena_are_refused(bool isIceberg)
    {
        (string, string) naming = ("SCHEMA__NAMING", "direct");
        var hints = isIceberg ? Iceberg : null;
        var column = await Assert.ThrowsAnyAsync<DltException>(() =>
            new Machine(Account).RunAsync(Some.Resource("items", hints, """{"col1":1,"COL1":2}"""), settings: naming));
        Assert.Contains("col1", column.Message, StringComparison.Ordinal);
        Assert.Contains("COL1", column.Message, StringComparison.Ordinal);
        var table = await Assert.ThrowsAnyAsync<DltException>(() => new Machine(Account).Pipeline("tables", settings: naming).RunAsync(
            [Some.Resource("table", hints, """{"id":1}"""), Some.Resource("TABLE", hints, """{"id":2}""")], Cancellation));
        Assert.Contains("'table'", table.Message, StringComparison.Ordinal);
        Assert.Contains("'TABLE'", table.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await Machine.KeysAsync(Account, ""), k => k.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [Theory, Scenario("X-06"), InlineData(150_000), InlineData(260_000), InlineData(2_000_000)]
    public async Task A_schema_of_any_size_is_stored_and_restored(int size)
    {
        var note = JsonValue.String(string.Concat(Enumerable.Range(0, size / 8).Select(i => $"{i:D6}é'")));
        var items = Some.Resource("items", new ResourceHints { Columns = [Column.Bigint("a").With("x-note", note)] }, """{"a":1}""");
        await new Machine(Account).RunAsync(items);
        var stored = await Some.ValueAsync(Account, "SELECT \"schema\" FROM _dlt_version");
        Assert.Equal(note, SchemaJson.FromStoredText(stored!).DataTables.Single().CompleteColumns.First().Properties["x-note"]);
        var other = Folder.File("other");
        Assert.True(await new Machine(Account, other).Pipeline().SyncAsync(Cancellation));
        Assert.Equal(
            await File.ReadAllTextAsync(SchemaFile(Account.PipelinesFolder), Cancellation),
            await File.ReadAllTextAsync(SchemaFile(other), Cancellation));
        await new Machine(Account, other).RunAsync(items);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_version"));
    }

    [Theory, Scenario("X-14"), InlineData(false), InlineData(true)]
    public async Task A_column_that_somebody_gave_another_type_is_found_before_anything_is_uploaded(bool isIceberg)
    {
        await new Machine(Account).RunAsync(Some.Resource("other", """{"id":1}"""));
        if (isIceberg)
        {
            await Athena.IcebergCatalog(Account).CreateTableAsync(
                new("ds", "items"), new([new(1, "id", new Dlt.Iceberg.PrimitiveType(Dlt.Iceberg.PrimitiveKind.String))]),
                location: "s3://lake/ds/items", cancellationToken: Cancellation);
        }
        else
        {
            await new Machine(Account).RunAsync(Some.Resource("items", """{"id":1}"""));
            var table = (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition;
            var columns = table.StorageDescriptor!.Columns.Select(c => c.Name == "id" ? c with { Type = "string" } : c);
            await Account.Glue.UpdateTableAsync(
                "ds", table with { StorageDescriptor = table.StorageDescriptor with { Columns = [.. columns] } },
                cancellationToken: Cancellation);
        }

        var keys = await Machine.KeysAsync(Account, "ds/items");
        var error = await Assert.ThrowsAsync<SchemaException>(() =>
            new Machine(Account).RunAsync(Some.Resource("items", isIceberg ? Iceberg : null, """{"id":2}""")));
        Assert.Contains("'ds.items.id' is string in", error.Message, StringComparison.Ordinal);
        Assert.Contains("but bigint in the schema", error.Message, StringComparison.Ordinal);
        Assert.Equal(keys, await Machine.KeysAsync(Account, "ds/items"));
    }

    [Fact, Scenario("X-21")]
    public async Task A_table_in_another_bucket_than_the_settings_give_is_refused_with_both_places()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        var keys = await Machine.KeysAsync(Account, "");
        var moved = Pipeline.Create("moved", Athena.Destination(new AccountAt(Account, "s3://lake/raw")), "ds",
            new() { Configuration = Some.Configuration(Account.Folder), Warn = _ => { } });
        var error = await Assert.ThrowsAsync<SchemaException>(() =>
            moved.RunAsync(Some.Resource("items", """{"id":2}"""), Cancellation));
        Assert.Contains("s3://lake/ds/items/", error.Message, StringComparison.Ordinal);
        Assert.Contains("s3://lake/raw/ds/items/", error.Message, StringComparison.Ordinal);
        Assert.Equal(keys, (await Machine.KeysAsync(Account, "")).Where(k => !k.Contains("_dlt_lease/", StringComparison.Ordinal)
            || keys.Contains(k)));
    }

    private static string SchemaFile(string pipelines) => Path.Combine(pipelines, "pipe", "schemas", "pipe.schema.json");

    private Task<LoadInfo> RunAsync(Source source) => Some.Pipeline(Account).RunAsync(source, Cancellation);

    private async Task<string> TablesAsync() => string.Join(
        ',', await Account.Glue.GetTablesAsync("ds", Cancellation).Select(t => t.Name).ToListAsync(Cancellation));
}
