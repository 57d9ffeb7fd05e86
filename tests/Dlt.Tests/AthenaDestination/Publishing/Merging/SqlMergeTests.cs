using Dlt.Destinations.Publishing.Merging;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Staging;
using Dlt.Lake;
using Dlt.Schemas;
using Dlt.Tests.Support;
using Dlt.Tests.Support.Services;

namespace Dlt.Tests.AthenaDestination.Publishing.Merging;

/// <summary>Loads with <c>merge_engine = "athena"</c>, by the AWS clients over HTTP. Statements are recorded and change no rows.</summary>
public sealed class SqlMergeTests : IDisposable
{
    private static readonly ResourceHints Hints = new()
    {
        WriteDisposition = WriteDisposition.Merge,
        TableFormat = TableFormat.Iceberg,
        PrimaryKey = ["id"],
    };

    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact, Scenario("X-17")]
    public async Task A_load_stages_its_files_runs_the_script_and_leaves_no_helper_table_and_no_file()
    {
        var account = NewAccount();
        var athena = new AthenaAnswers(account) { Running = async _ => Assert.Single(await KeysAsync(account, "ds_staging/t/")) };
        await using var server = new AccountServer(account) { Athena = athena };
        var info = await RunAsync(server, """{"id":1,"i":[1]}""");
        Assert.Equal(8, info.Queries.Queries);
        Assert.Equal(
            ["DROP", "CREATE", "DELETE", "DELETE", "DROP", "CREATE", "INSERT", "INSERT"], athena.Statements.Select(s => s.Split(' ')[0]));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_loads"));
        var tables = await account.Glue.GetTablesAsync("ds_staging", Cancellation).ToListAsync(Cancellation);
        Assert.Equal(["_dlt_version", "t", "t__i"], tables.Select(t => t.Name).Order(StringComparer.Ordinal));
        Assert.Equal("s3://lake/ds_staging/t/", tables.Single(t => t.Name == "t").Location);
        Assert.Empty(await KeysAsync(account, "ds_staging/t"));
        Assert.Empty(await KeysAsync(account, "results/"));
    }

    [Fact, Scenario("X-20")]
    public async Task Rows_that_Athena_did_not_insert_stop_the_load_before_it_is_complete()
    {
        var account = NewAccount();
        var athena = new AthenaAnswers(account) { RowsOf = _ => 0 };
        await using var server = new AccountServer(account) { Athena = athena };
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(server, """{"id":1}""", """{"id":2}"""));
        Assert.Contains("2 rows are staged for table 't', and Athena inserted 0", error.Message, StringComparison.Ordinal);
        Assert.Equal("0", await LoadsAsync(account));
        Assert.NotEmpty(await KeysAsync(account, "ds_staging/t/"));
        athena.RowsOf = _ => 2;
        await RunAsync(server);
        Assert.Equal("1", await LoadsAsync(account));
    }

    [Fact, Scenario("T-87")]
    public async Task A_statement_that_fails_leaves_the_package_pending_and_the_next_run_repeats_the_script()
    {
        var account = NewAccount();
        var athena = new AthenaAnswers(account) { FailureOf = sql => sql.StartsWith("INSERT", StringComparison.Ordinal) ? "Oh no" : null };
        await using var server = new AccountServer(account) { Athena = athena };
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(server, """{"id":1}"""));
        Assert.Contains("statement 4 of the 4 that merge table 't', INSERT INTO", error.Message, StringComparison.Ordinal);
        Assert.Contains("Oh no", error.Message, StringComparison.Ordinal);
        Assert.Equal("0", await LoadsAsync(account));
        athena.FailureOf = _ => null;
        await RunAsync(server);
        Assert.Equal("1", await LoadsAsync(account));
        var script = athena.Statements.Take(4).ToList();
        Assert.Equal([.. script, .. script], athena.Statements);
    }

    [Fact]
    public async Task A_script_without_keys_that_is_repeated_inserts_only_rows_that_the_table_lacks()
    {
        var account = NewAccount();
        var athena = new AthenaAnswers(account) { FailureOf = sql => sql.Contains("t__i", StringComparison.Ordinal) ? "Oh no" : null };
        await using var server = new AccountServer(account) { Athena = athena };
        var hints = Hints with { PrimaryKey = [] };
        await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(server, hints, """{"id":1,"i":[1]}"""));
        athena.FailureOf = _ => null;
        await RunAsync(server, hints);
        Assert.Equal(4, athena.Statements.Count);
        const string guard = "\"_dlt_id\" NOT IN (SELECT \"_dlt_id\" FROM";
        Assert.All(athena.Statements.Skip(2), s => Assert.Contains(guard, s, StringComparison.Ordinal));
        Assert.DoesNotContain("NOT IN", athena.Statements[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_appended_and_replaced_without_a_query()
    {
        var account = NewAccount();
        var athena = new AthenaAnswers(account);
        await using var server = new AccountServer(account) { Athena = athena };
        await RunAsync(server, Hints with { WriteDisposition = WriteDisposition.Append }, """{"id":1}""");
        await RunAsync(server, Hints with { WriteDisposition = WriteDisposition.Replace }, """{"id":2}""");
        Assert.Empty(athena.Statements);
        Assert.Null(await account.Glue.GetDatabaseAsync("ds_staging", Cancellation));
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT id FROM t"));
    }

    [Fact, Scenario("X-20")]
    public async Task A_staging_table_over_another_folder_is_refused_before_an_upload()
    {
        var account = NewAccount();
        await account.Glue.CreateDatabaseAsync(new() { Name = "ds_staging" }, Cancellation);
        var storage = new GlueStorageDescriptor { Location = "s3://other/ds_staging/t/", Columns = [new("id", "bigint")] };
        await account.Glue.CreateTableAsync("ds_staging", new() { Name = "t", StorageDescriptor = storage }, Cancellation);
        var athena = new AthenaAnswers(account);
        await using var server = new AccountServer(account) { Athena = athena };
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(server, """{"id":1}"""));
        Assert.Contains("'ds_staging.t' reads s3://other/ds_staging/t/", error.Message, StringComparison.Ordinal);
        Assert.Empty(athena.Statements);
        Assert.Empty(await KeysAsync(account, "ds_staging/t/"));
    }

    [Theory, Scenario("X-20")]
    [InlineData("1.5.f.parquet", "is gone or has another size")]
    [InlineData("1.5.g.parquet", "is not of this load")]
    public async Task A_merge_does_not_begin_while_another_load_uses_the_folder(string changed, string reason)
    {
        var account = NewAccount();
        var folder = new StagingFolder(account.Objects, new("lake", "ds_staging"), new(FileLayout.Default));
        await account.Objects.PutAsync(new("lake", "ds_staging/t/1.5.f.parquet"), "abc"u8.ToArray(), cancellationToken: Cancellation);
        var files = new[] { new StagedFile(new("lake", "ds_staging/t/1.5.f.parquet"), 3, 1) };
        await folder.CheckAsync("t", files, Cancellation);
        await account.Objects.PutAsync(new("lake", "ds_staging/t/" + changed), "abcd"u8.ToArray(), cancellationToken: Cancellation);
        var error = await Assert.ThrowsAsync<DltException>(() => folder.CheckAsync("t", files, Cancellation));
        Assert.Contains($"s3://lake/ds_staging/t/{changed} {reason}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_removes_the_files_of_earlier_loads_from_the_staging_folder_and_keeps_other_folders()
    {
        var account = NewAccount();
        foreach (var key in new[] { "ds_staging/t/1.5.f.parquet", "ds_staging/t/some.parquet", "ds_staging/tt/1.5.f.parquet" })
            await account.Objects.PutAsync(new("lake", key), "abc"u8.ToArray(), cancellationToken: Cancellation);
        await using var server = new AccountServer(account) { Athena = new AthenaAnswers(account) };
        await RunAsync(server, """{"id":1}""");
        Assert.Equal(["ds_staging/tt/1.5.f.parquet"], await KeysAsync(account, "ds_staging/t"));
    }

    [Fact]
    public async Task A_load_that_is_given_up_leaves_no_staged_file()
    {
        var account = NewAccount();
        var athena = new AthenaAnswers(account) { FailureOf = _ => "Oh no" };
        await using var server = new AccountServer(account) { Athena = athena };
        await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(server, """{"id":1}"""));
        Assert.NotEmpty(await KeysAsync(account, "ds_staging/t/"));
        await Pipeline(server).AbortPackagesAsync(cancellationToken: Cancellation);
        Assert.Empty(await KeysAsync(account, "ds_staging/t/"));
    }

    [Fact]
    public async Task A_local_account_refuses_the_setting()
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => new Machine(NewAccount()).RunAsync(
            Some.Resource("t", Hints, """{"id":1}"""), settings: ("DESTINATION__ATHENA__MERGE_ENGINE", "athena")));
        Assert.Contains("DESTINATION__ATHENA__MERGE_ENGINE=native", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_helper_tables_are_those_of_dlt()
    {
        Assert.Equal("orders_delete_l3arya", HelperTable.NameOf("orders", HelperTable.Delete));
        Assert.Equal("orders_insert_3e3abg", HelperTable.NameOf("orders", HelperTable.Insert));
        Assert.Equal(255, HelperTable.NameOf(new('x', 250), HelperTable.Insert).Length);
    }

    private static Task<string?> LoadsAsync(LocalAthena account) => Some.ValueAsync(account, "SELECT count(*) FROM _dlt_loads");

    private static Task<List<string>> KeysAsync(LocalAthena account, string prefix) => Machine.KeysAsync(account, prefix);

    private Task<LoadInfo> RunAsync(AccountServer server, params string[] items) => RunAsync(server, Hints, items);

    private Task<LoadInfo> RunAsync(AccountServer server, ResourceHints hints, params string[] items) =>
        Pipeline(server).RunAsync(Some.Resource("t", hints, items), Cancellation);

    private Pipeline Pipeline(AccountServer server)
    {
        var login = server.LoginOf();
        var options = new AthenaOptions { Credentials = login, StorageCredentials = login, MergeEngine = "athena" };
        return Dlt.Pipeline.Create("pipe", Dlt.Athena.Destination(options: options), "ds", new()
        {
            Configuration = Some.Configuration(_folder.Path, server.Settings),
            PipelinesFolder = _folder.File("pipelines"),
            Warn = _warnings.Add,
            Time = new NoWaits(),
        });
    }

    private LocalAthena NewAccount()
    {
        var account = Some.Account(_folder);
        Directory.CreateDirectory(Path.Combine(account.Folder, "s3", "lake"));   // a bucket
        return account;
    }
}
