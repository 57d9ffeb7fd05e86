using Dlt.Aws;
using Dlt.Internal;
using Dlt.Tests.Support;
using Dlt.Tests.Support.Services;

namespace Dlt.Tests.Aws.Doctor;

/// <summary>Whether a catalog obeys the versions of tables, which keep the commits of two runs apart.</summary>
public sealed class VersionCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_catalog_that_refuses_an_update_of_an_older_version_passes_and_keeps_no_table()
    {
        var account = await DatabaseAsync();
        await using var server = new AccountServer(account);
        var found = await RunAsync(server.Url);
        Assert.Equal((CheckState.Ok, "table versions"), (found.State, found.Name));
        Assert.Contains("CreateTable", server.Calls);
        Assert.Empty(await account.Glue.GetTablesAsync("shop", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_catalog_that_ignores_versions_fails_and_keeps_no_table()
    {
        var account = await DatabaseAsync();
        await using var server = new AccountServer(account);
        await using var ignoring = new AwsRecorder(
            server.Url, (call, _) => call.Headers["X-Amz-Target"] == "AWSGlue.UpdateTable" ? (200, "{}") : null);
        var found = await RunAsync(ignoring.Url);
        Assert.Equal(CheckState.Failed, found.State);
        Assert.Contains("two runs at once can lose commits", found.Message, StringComparison.Ordinal);
        Assert.Empty(await account.Glue.GetTablesAsync("shop", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_trial_table_that_stays_is_named_with_the_command_that_deletes_it()
    {
        await using var server = new AccountServer(await DatabaseAsync());
        await using var keeping = new AwsRecorder(server.Url, (call, _) => call.Headers["X-Amz-Target"] == "AWSGlue.DeleteTable"
            ? (400, """{"__type":"AccessDeniedException","Message":"no"}""") : null);
        var found = await RunAsync(keeping.Url);
        Assert.Equal(CheckState.Failed, found.State);
        Assert.Matches("aws glue delete-table --database-name shop --name _dlt_doctor_[0-9a-f]{32}", found.Message);
    }

    [Theory, InlineData(null), InlineData("absent")]
    public async Task Without_a_database_nothing_is_made(string? database)
    {
        await using var server = new AccountServer(Some.Account(_folder));
        var found = await RunAsync(server.Url, database);
        Assert.Equal(CheckState.Ok, found.State);
        Assert.StartsWith("not checked", found.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CreateTable", server.Calls);
    }

    private async Task<LocalAthena> DatabaseAsync()
    {
        var account = Some.Account(_folder);
        await account.Glue.CreateDatabaseAsync(new() { Name = "shop" }, Cancellation);
        return account;
    }

    private static async Task<CheckResult> RunAsync(string url, string? database = "shop")
    {
        var options = new AwsDoctorOptions
        {
            Account = new() { Credentials = Moto.Credentials(url), BucketUrl = "s3://lake" },
            Database = database,
        };
        await using var context = new DoctorContext(options, RetryWaits.Silent);
        return await new VersionCheck().RunAsync(context, Cancellation);
    }
}
