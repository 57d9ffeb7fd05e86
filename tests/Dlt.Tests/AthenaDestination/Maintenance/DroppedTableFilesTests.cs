using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Maintenance;

/// <summary>Files of tables that the catalog no longer has are found, unless a table of another database is in their folder.</summary>
public sealed class DroppedTableFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalAthena Account => Some.Account(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_of_dropped_tables_are_found_and_removed_and_files_of_others_stay()
    {
        await LoadAsync();
        string[] tables = ["files", "commits"];
        foreach (var table in tables) await Account.Glue.DeleteTableAsync("ds", table, Cancellation);
        await Account.Objects.PutAsync(new("lake", "ds/notes/readme.txt"), "x"u8.ToArray(), cancellationToken: Cancellation);
        var left = await KeysAsync("ds/files/", "ds/commits/");
        Assert.Contains(left, k => k.EndsWith(".metadata.json", StringComparison.Ordinal));
        var found = await Open().FindOrphansAsync("ds", Cancellation);
        Assert.All(found, o => Assert.Equal(OrphanKind.Dropped, o.Kind));
        Assert.Equal(left.Order(StringComparer.Ordinal), found.Select(o => o.Location["s3://lake/".Length..]));
        await Open().RemoveAsync(found, TimeSpan.Zero, Cancellation);
        Assert.Empty(await KeysAsync("ds/files/", "ds/commits/"));
        Assert.Equal(["ds/notes/readme.txt"], await KeysAsync("ds/notes/"));
        await LoadAsync();
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM commits"));
    }

    [Fact]
    public async Task Files_of_an_earlier_table_of_the_same_name_are_found()
    {
        await LoadAsync();
        var earlier = await KeysAsync("ds/commits/");
        await Account.Glue.DeleteTableAsync("ds", "commits", Cancellation);
        await LoadAsync();
        var found = await Open().FindOrphansAsync("ds", Cancellation);
        Assert.Equal(earlier.Order(StringComparer.Ordinal), found.Select(o => o.Location["s3://lake/".Length..]));
        await Open().RemoveAsync(found, TimeSpan.Zero, Cancellation);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM commits"));
    }

    [Fact]
    public async Task A_folder_that_a_table_of_another_database_is_in_is_left_alone()
    {
        await LoadAsync();
        await Account.Glue.CreateDatabaseAsync(new() { Name = "archive" }, Cancellation);
        foreach (var name in new[] { "files", "commits" })
        {
            var table = (await Account.Glue.GetTableAsync("ds", name, Cancellation))!.Definition;
            await Account.Glue.CreateTableAsync("archive", table, Cancellation);
            await Account.Glue.DeleteTableAsync("ds", name, Cancellation);
        }

        Assert.Empty(await Open().FindOrphansAsync("ds", Cancellation));
        await LoadAsync();
        Assert.DoesNotContain(
            await Open().FindOrphansAsync("ds", Cancellation), o => o.Location.Contains("/commits/", StringComparison.Ordinal));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM commits", "archive"));
    }

    [Fact]
    public async Task A_catalog_whose_databases_cannot_be_read_finds_no_dropped_tables()
    {
        await LoadAsync();
        await Account.Glue.DeleteTableAsync("ds", "files", Cancellation);
        var warnings = new List<string>();
        var glue = Steps.Intercept(Account.Glue, (method, call) => method == nameof(IGlueCatalog.GetDatabasesAsync)
            ? throw new GlueException("AccessDeniedException", "glue:GetDatabases is denied.") : call());
        var maintenance = AthenaMaintenance.Open(
            new Machine(Account, glue: glue), Some.Configuration(_folder.Path), warn: warnings.Add);
        Assert.Empty(await maintenance.FindOrphansAsync("ds", Cancellation));
        Assert.Contains("glue:GetDatabases is denied", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_a_dropped_table_whose_name_begins_like_the_marker_are_found()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("initial", """{"id":1}"""), Cancellation);
        await Account.Glue.DeleteTableAsync("ds", "initial", Cancellation);
        var found = await Open().FindOrphansAsync("ds", Cancellation);
        Assert.Equal(await KeysAsync("ds/initial/"), found.Select(o => o.Location["s3://lake/".Length..]));
        Assert.NotEmpty(await KeysAsync("ds/init"));
    }

    private async Task<List<string>> KeysAsync(params string[] prefixes)
    {
        var keys = new List<string>();
        foreach (var prefix in prefixes) keys.AddRange(await Machine.KeysAsync(Account, prefix));
        return keys;
    }

    private AthenaMaintenance Open() => AthenaMaintenance.Open(Account, Some.Configuration(_folder.Path));

    private Task<LoadInfo> LoadAsync() => Some.Pipeline(Account).RunAsync(
        [
            Some.Resource("files", """{"id":1}"""),
            Some.Resource("commits", new ResourceHints { TableFormat = TableFormat.Iceberg }, """{"id":1}"""),
        ],
        Cancellation);
}
