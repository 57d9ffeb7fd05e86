using Dlt.Destinations.Bookkeeping;
using Dlt.Destinations.Tables;
using Dlt.Destinations;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Naming;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;
using Dlt.Types;

namespace Dlt.Tests.AthenaDestination.Bookkeeping;

public sealed class BookkeepingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<DataFile> _files = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_row_that_comes_in_while_rows_of_another_schema_are_removed_stays()
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("ta", """{"x":1}"""), "a");
        var isDone = false;
        var updates = 0;   // the first one stores the new version, the second removes the earlier ones
        var glue = Steps.Intercept(
            account.Glue,
            (method, given, call) =>
            {
                if (isDone || method != nameof(IGlueCatalog.UpdateTableAsync)
                    || given.OfType<GlueTableInput>().First().Name != SystemTables.Version || ++updates < 2) return call();
                isDone = true;
                new Machine(account).RunAsync(Some.Resource("tb", """{"x":1}"""), "b").GetAwaiter().GetResult();
                return call();
            });
        await new Machine(account, glue: glue).RunAsync(Some.Resource("ta", """{"x":2,"y":3}"""), "a", refresh: RefreshMode.DropResources);
        Assert.True(isDone);
        Assert.Equal("a,b", await Machine.ValuesAsync(account, "SELECT schema_name FROM _dlt_version ORDER BY 1"));
    }

    [Fact]
    public async Task A_load_whose_row_has_no_status_is_not_complete()
    {
        var (bookkeeping, reader) = await OpenAsync(Some.Account(_folder));
        await AppendAsync(bookkeeping, "100.0", 0);
        await AppendAsync(bookkeeping, "300.0", null);
        await AppendAsync(bookkeeping, "200.0", 0);
        Assert.Equal("200.0", await reader.HighestLoadIdAsync(Cancellation));
        Assert.Equal(["100.0", "200.0"], (await reader.CompleteLoadsAsync(Cancellation)).Order());
    }

    [Fact]
    public async Task The_highest_load_id_is_that_of_the_table_as_it_is_now()
    {
        var account = Some.Account(_folder);
        var (_, reader) = await OpenAsync(account);
        var (others, _) = await OpenAsync(account);
        Assert.Null(await reader.HighestLoadIdAsync(Cancellation));
        await AppendAsync(others, "999.5", 0);
        Assert.Equal("999.5", await reader.HighestLoadIdAsync(Cancellation));
        await AppendAsync(others, "1000.25", 0);
        Assert.Equal("1000.25", await reader.HighestLoadIdAsync(Cancellation));
    }

    [Fact]
    public async Task A_row_whose_snapshot_has_expired_is_not_written_again()
    {
        var account = Some.Account(_folder);
        var (bookkeeping, reader) = await OpenAsync(account);
        for (var load = 1; load < 5; load++) await AppendAsync(bookkeeping, $"{load}.0", 0);
        await (await Catalog(account).LoadTableAsync(new("ds", SystemTables.Loads), Cancellation))
            .ExpireSnapshotsAsync(TimeProvider.System.GetUtcNow(), 1, Cancellation);
        await AppendAsync((await OpenAsync(account)).Tables, "2.0", 0);
        Assert.Equal("4", await Machine.ValuesAsync(account, "SELECT count(*) FROM _dlt_loads"));
    }

    [Fact]
    public async Task Only_new_data_of_a_table_is_read_again()
    {
        var account = Some.Account(_folder);
        var reads = 0;
        var objects = Steps.Intercept(account.Objects, (method, call) =>
        {
            if (method == nameof(Dlt.Storage.IObjectStore.GetAsync)) reads++;
            return call();
        });
        var (bookkeeping, reader) = await OpenAsync(account, objects);
        for (var load = 1; load < 5; load++) await AppendAsync(bookkeeping, $"{load}.0", 0);
        await reader.CompleteLoadsAsync(Cancellation);
        reads = 0;
        Assert.Equal(4, (await reader.CompleteLoadsAsync(Cancellation)).Count);
        Assert.Equal(0, reads);
    }

    [Fact]
    public async Task Files_of_a_folder_whose_name_only_begins_alike_are_not_read_and_rows_land_in_the_folder()
    {
        var account = Some.Account(_folder);
        await new Machine(account, _folder.File("p0")).RunAsync(Some.Resource("items", """{"id":1}"""));
        var items = (await account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition;
        await account.Glue.DeleteTableAsync("ds", SystemTables.Loads, Cancellation);
        foreach (var key in await Machine.KeysAsync(account, "ds/_dlt_loads/")) await account.Objects.DeleteAsync(
            "lake", [key], Cancellation);
        GlueColumn[] columns =
            [new("load_id", "string"), new("schema_name", "string"), new("status", "bigint"), new("inserted_at", "timestamp"),
                new("schema_version_hash", "string")];
        await account.Glue.CreateTableAsync(
            "ds", items with
            {
                Name = SystemTables.Loads,
                StorageDescriptor = items.StorageDescriptor! with { Location = "s3://lake/ds/_dlt_loads", Columns = [.. columns] }
            },
                    Cancellation);
        await account.Objects.PutAsync(
            new("lake", "ds/_dlt_loads_old/notes.txt"), "no parquet"u8.ToArray(), cancellationToken: Cancellation);
        for (var run = 0; run < 2; run++) await new Machine(account).RunAsync(Some.Resource("items", """{"id":2}"""));
        Assert.Equal(2, (await Machine.KeysAsync(account, "ds/_dlt_loads/")).Count);
        Assert.Equal(3, (await Machine.KeysAsync(account, "ds/_dlt_loads")).Count);
    }

    [Theory, InlineData(null, "ds_staging"), InlineData("%s_tmp", "ds_tmp"), InlineData("scratch", "scratch")]
    public async Task A_dataset_whose_state_is_an_iceberg_table_has_the_staging_table_that_Python_dlt_needs(string? layout, string database)
    {
        var account = Some.Account(_folder);
        (string, string)[] settings =
            [("DESTINATION__ATHENA__FORCE_ICEBERG", "true"), .. layout is null ? Array.Empty<(string, string)>()
                : [("DESTINATION__ATHENA__STAGING_DATASET_NAME_LAYOUT", layout)]];
        for (var run = 0; run < 2; run++) await new Machine(account).RunAsync(Some.Resource("items", """{"id":1}"""), settings: settings);
        var table = (await account.Glue.GetTableAsync(database, SystemTables.State, Cancellation))!;
        Assert.False(table.IsIceberg);
        Assert.Equal($"s3://lake/{database}/_dlt_pipeline_state/", table.Location);
        Assert.Equal("0", (await Some.QueryAsync(account, "SELECT count(*) FROM _dlt_pipeline_state", database)).Rows[0][0]);
        Assert.Single(await account.Glue.GetTablesAsync(database, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_name_of_the_staging_dataset_that_cannot_be_a_folder_is_refused()
    {
        var account = Some.Account(_folder);
        (string, string)[] settings =
        [
            ("DESTINATION__ATHENA__STAGING_DATASET_NAME_LAYOUT", "../%s"),
            ("DESTINATION__ATHENA__ENABLE_DATASET_NAME_NORMALIZATION", "false"),
        ];
        var items = Some.Resource("items", """{"id":1}""");
        var error = await Assert.ThrowsAnyAsync<Exception>(() => new Machine(account).RunAsync(items, settings: settings));
        Assert.Contains("staging_dataset_name_layout", error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
    }

    [Theory, InlineData(typeof(IOException)), InlineData(typeof(HttpRequestException)), InlineData(typeof(TaskCanceledException))]
    public async Task Upkeep_that_the_store_does_not_answer_leaves_the_committed_row(Type error)
    {
        var account = Some.Account(_folder);
        var isDown = false;
        var objects = Steps.Intercept(account.Objects, (_, call) => isDown ? throw (Exception)Activator.CreateInstance(error)! : call());
        var (bookkeeping, _) = await OpenAsync(account, objects);
        await AppendAsync(bookkeeping, "1.0", 0);
        var table = await Catalog(account, objects).LoadTableAsync(new("ds", SystemTables.Loads), Cancellation);
        for (var file = 1; file < BookkeepingUpkeep.MaxFiles; file++)
        {
            await using var writer = new DataFileWriter(table);
            await writer.AddAsync(
                [.. table.Metadata.CurrentSchema.Fields.Select(object? (f) => f.Name == "load_id" ? $"{file}.5" : null)], Cancellation);
            _files.AddRange(await writer.CompleteAsync(Cancellation));
        }

        table = await table.NewTransaction().Append(_files).CommitAsync(Cancellation);
        var upkeep = new BookkeepingUpkeep(TimeProvider.System, new(warning => Assert.Fail(warning)));
        isDown = true;
        Assert.Same(table, await upkeep.RunAsync(table, Cancellation));
        isDown = false;
        Assert.NotSame(table, await upkeep.RunAsync(table, Cancellation));
    }

    [Fact]
    public async Task When_the_loads_cannot_be_read_nothing_else_is_read_any_more()
    {
        var account = Some.Account(_folder);
        (string, string) iceberg = ("DESTINATION__ATHENA__FORCE_ICEBERG", "true");
        await new Machine(account).RunAsync(Some.Resource("items", """{"id":1}"""), settings: iceberg);
        TaskCompletionSource ahead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var underWay = 0;
        var objects = Steps.Intercept(account.Objects, (method, given, call) =>
        {
            if (given.Length == 0 || given[0] is not Dlt.Storage.ObjectLocation { Key: var key }) return call();
            if (key.StartsWith("ds/_dlt_loads/", StringComparison.Ordinal)) return FailAsync();
            return method == nameof(Dlt.Storage.IObjectStore.GetAsync) ? ReadAsync(call) : call();
        });
        var (_, reader) = await OpenAsync(account, objects);
        var error = await Assert.ThrowsAsync<DltException>(() => reader.SeenLoadsAsync(Cancellation));
        Assert.Equal("It failed.", error.Message);
        Assert.Equal(0, underWay);

        async Task<byte[]> FailAsync()
        {
            await ahead.Task;
            failed.SetResult();
            throw new DltException("It failed.");
        }

        async Task<byte[]> ReadAsync(Func<object?> call)
        {
            Interlocked.Increment(ref underWay);
            ahead.TrySetResult();
            await failed.Task;
            for (var turn = 0; turn < 1000; turn++) await Task.Yield();
            var content = await (Task<byte[]>)call()!;
            Interlocked.Decrement(ref underWay);
            return content;
        }
    }

    [Fact]
    public async Task Other_datasets_have_no_staging_dataset()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { TableFormat = TableFormat.Iceberg };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":1}"""));
        Assert.Null(await account.Glue.GetDatabaseAsync("ds_staging", Cancellation));
    }

    private static GlueCatalog Catalog(LocalAthena account, Dlt.Storage.IObjectStore? objects = null) =>
        new(account.Glue, objects ?? account.Objects) { DataFileReader = new ParquetDataFileReader() };

    private static async Task<(BookkeepingTables Tables, BookkeepingReader Reader)> OpenAsync(
        LocalAthena account, Dlt.Storage.IObjectStore? objects = null)
    {
        Directory.CreateDirectory(Path.Combine(account.Folder, "s3", "lake"));
        if (await account.Glue.GetDatabaseAsync("ds", Cancellation) is null) await account.Glue.CreateDatabaseAsync(
            new() { Name = "ds" }, Cancellation);
        var catalog = Catalog(account, objects);
        var ddl = new GlueDdl(account.Glue, catalog);
        var tables = new IcebergTables(catalog, "ds", name => $"s3://lake/ds/{name}", new Dictionary<string, string>(), ddl);
        var bookkeeping =
            new BookkeepingTables(
                objects ?? account.Objects, new(account.Glue, "ds", TimeProvider.System) { MaxAge = TimeSpan.Zero }, catalog, tables, "ds",
                name => $"s3://lake/ds/{name}",
                new(AthenaCapabilities.Default, forceIceberg: false, new(account.Glue, new() { BucketUrl = "s3://lake" })))
            { Failures = new(warning => Assert.Fail(warning)) };
        return (bookkeeping, new(bookkeeping));
    }

    private static async Task AppendAsync(BookkeepingTables bookkeeping, string loadId, long? status)
    {
        var loads = await bookkeeping.OpenAsync(SystemTables.Loads, Cancellation);
        List<(string, DataValue)> row =
            [("load_id", DataValue.Text(loadId)), ("schema_name", DataValue.Text("s")),
                ("inserted_at", DataValue.Timestamp(Timestamp.From(TimeProvider.System.GetUtcNow())))];
        if (status is { } known) row.Add(("status", DataValue.Bigint(known)));
        await loads.AppendOnceAsync(
            SystemTables.LoadsTable(NamingConvention.Create("snake_case", 255)), [new(loadId, "s", row)], Cancellation);
    }
}
