using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Maintenance;

/// <summary>Old versions of table definitions go, and the current one never does.</summary>
public sealed class TableVersionTests : AccountTests
{
    [Fact]
    public async Task The_newest_old_versions_stay_and_the_table_too()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        var table = (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!;
        for (var i = 0; i < 5; i++) await Account.Glue.UpdateTableAsync("ds", table.Definition, cancellationToken: Cancellation);
        await using var maintenance = AthenaMaintenance.Open(Account, Some.Configuration(Folder.Path));
        var plan = await maintenance.DeleteVersionsAsync("ds", ["items"], keep: 2, dryRun: true, cancellationToken: Cancellation);
        Assert.Equal([new("items", 5, 3)], plan);
        Assert.Equal(6, (await VersionsAsync()).Count);
        Assert.Equal(plan, await maintenance.DeleteVersionsAsync("ds", ["items"], keep: 2, cancellationToken: Cancellation));
        Assert.Equal(["5", "4", "3"], await VersionsAsync());
        Assert.Contains(new("items", 2, 2), await maintenance.DeleteVersionsAsync("ds", keep: 0, cancellationToken: Cancellation));
        Assert.Equal(["5"], await VersionsAsync());
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task A_table_that_is_created_again_meanwhile_keeps_its_current_version()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        var table = (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition;
        for (var i = 0; i < 3; i++) await Account.Glue.UpdateTableAsync("ds", table, cancellationToken: Cancellation);
        var deleted = new List<string>();
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            if (method == nameof(IGlueCatalog.GetTableVersionIdsAsync)) RecreateAsync().GetAwaiter().GetResult();
            if (method == nameof(IGlueCatalog.DeleteTableVersionsAsync)) deleted.AddRange((IReadOnlyCollection<string>)given[2]!);
            return call();
        });
        await using var maintenance = AthenaMaintenance.Open(
            new Publishing.Machine(Account, glue: glue), Some.Configuration(Folder.Path));
        await maintenance.DeleteVersionsAsync("ds", ["items"], keep: 0, cancellationToken: Cancellation);
        Assert.Equal(["0"], deleted);
        Assert.Equal(["1"], await VersionsAsync());

        async Task RecreateAsync()
        {
            await Account.Glue.DeleteTableAsync("ds", "items", Cancellation);
            await Account.Glue.CreateTableAsync("ds", table, Cancellation);
            await Account.Glue.UpdateTableAsync("ds", table, cancellationToken: Cancellation);
        }
    }

    private async Task<List<string>> VersionsAsync() =>
        await Account.Glue.GetTableVersionIdsAsync("ds", "items", Cancellation).ToListAsync(Cancellation);
}
