using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>Dropping a table in a refresh deletes the files of that table only.</summary>
public sealed class DroppedTableTests : IDisposable
{
    private static readonly ResourceHints Iceberg = new() { TableFormat = TableFormat.Iceberg };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("{table_name}"), InlineData("shared/{table_name}"), InlineData("{table_name}/x")]
    public async Task A_refresh_of_one_dataset_leaves_the_tables_of_another_that_shares_the_folder(string layout)
    {
        var account = Some.Account(_folder);
        (string, string)[] settings = [("DESTINATION__ATHENA__TABLE_LOCATION_LAYOUT", layout)];
        await RunAsync("others", 7, null);
        await RunAsync("ds", 1, null);
        var first = await Machine.KeysAsync(account, "");
        await RunAsync("ds", 2, RefreshMode.DropResources);
        Assert.Equal("7", await Some.ValueAsync(account, "SELECT id FROM items", "others"));
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT id FROM items"));
        var files = (await Machine.KeysAsync(account, ""))
            .Where(k => k.Contains("/data/", StringComparison.Ordinal) && k.EndsWith(".parquet", StringComparison.Ordinal)
            && !k.Contains("_dlt_", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, files.Count);
        Assert.Single(files.Intersect(first));

        async Task RunAsync(string dataset, int id, RefreshMode? refresh) =>
            await Dlt.Pipeline.Create($"into_{dataset}", Dlt.Athena.Destination(new Machine(account)), dataset, new()
            {
                Configuration = Some.Configuration(account.Folder, settings),
                Refresh = refresh,
                Warn = _ => { },
            }).RunAsync(Some.Resource("items", Iceberg, $$"""{"id":{{id}}}"""), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_refresh_that_empties_an_iceberg_table_commits_the_new_rows_at_the_first_try()
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("items", Iceberg, """{"id":1}"""));
        var commits = 0;
        var glue = Steps.Intercept(
            account.Glue,
            (method, given, call) =>
            {
                if (method == nameof(Dlt.Lake.IGlueCatalog.UpdateTableAsync)
                    && given.OfType<Dlt.Lake.GlueTableInput>().First().Name == "items") commits++;
                return call();
            });
        await new Machine(account, glue: glue).RunAsync(Some.Resource("items", Iceberg, """{"id":2}"""), refresh: RefreshMode.DropData);
        Assert.Equal(2, commits);
        Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }
}
