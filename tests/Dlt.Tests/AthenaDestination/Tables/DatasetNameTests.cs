using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Cli;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>Loads and queries find the same database for the name of a dataset.</summary>
public sealed class DatasetNameTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("T-14")]
    [InlineData("Sales EU")]
    [InlineData("sales-eu")]
    [InlineData("Данные")]
    [InlineData("売上")]
    [InlineData("sales.eu")]
    [InlineData("1st")]
    public async Task A_query_finds_the_dataset_under_the_name_that_it_was_loaded_to(string dataset)
    {
        _folder.Write("items.jsonl", "{\"a\":7}\n");
        (await DltCommand.RunAsync(_folder.Path, "load", "items.jsonl", "--dataset", dataset, "--table", "items", "--local", "-q"))
            .Succeeded();
        var rows = (await DltCommand.RunAsync(_folder.Path, "query", dataset, "select a from items", "--local", "-o", "csv")).Succeeded();
        Assert.Equal("a\n7\n", rows);
        var loads = (await DltCommand.RunAsync(_folder.Path, "iceberg", "rows", dataset + "._dlt_loads", "--local", "-o", "json"))
            .Succeeded();
        Assert.Single(loads.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_name_longer_than_max_identifier_length_is_shortened_for_loads_and_queries()
    {
        const string dataset = "all_sales_of_the_company_in_europe";
        _folder.Write(".dlt/config.toml", "[destination.athena]\nmax_identifier_length = 24\n");
        _folder.Write("items.jsonl", "{\"a\":7}\n");
        (await DltCommand.RunAsync(_folder.Path, "load", "items.jsonl", "--dataset", dataset, "--table", "items", "--local", "-q"))
            .Succeeded();
        var databases = await new LocalAthena(_folder.File(".dlt-local")).Glue.GetDatabasesAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal(24, Assert.Single(databases).Name.Length);
        var rows = (await DltCommand.RunAsync(_folder.Path, "query", dataset, "select a from items", "--local", "-o", "csv")).Succeeded();
        Assert.Equal("a\n7\n", rows);
    }

    [Fact]
    public async Task A_foreign_database_is_found_by_its_own_name()
    {
        var account = Some.Account(_folder);
        await account.Glue.CreateDatabaseAsync(new() { Name = "my-db" }, Cancellation);
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT 1", "my-db"));
    }

    [Theory]
    [InlineData("sales-eu", "sales_eu")]
    [InlineData("sales_eu", "Sales EU")]
    public async Task Two_datasets_that_are_one_database_are_both_named(string first, string second)
    {
        var account = Some.Account(_folder);
        static bool IsShared(string warning) => warning.Contains("share the database", StringComparison.Ordinal);
        Assert.DoesNotContain(await WarningsOfAsync(account, first), IsShared);
        Assert.DoesNotContain(await WarningsOfAsync(account, first), IsShared);
        var warning = Assert.Single(await WarningsOfAsync(account, second), IsShared);
        Assert.Contains($"'{first}' and '{second}' share the database 'sales_eu'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_Athenas_own_is_refused()
    {
        var account = Some.Account(_folder);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => WarningsOfAsync(account, "information_schema"));
        Assert.Contains("reserved by Athena", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Machine.KeysAsync(account, ""));
    }

    private static async Task<List<string>> WarningsOfAsync(LocalAthena account, string dataset)
    {
        var warnings = new List<string>();
        var options = new PipelineOptions { Configuration = Some.Configuration(account.Folder), Warn = warnings.Add };
        await Pipeline.Create("of_" + dataset, Athena.Destination(account), dataset, options)
            .RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        return warnings;
    }
}
