using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Deletion;

/// <summary>Rows are deleted with their nested rows, and what still holds them is named.</summary>
public sealed class RowDeletionTests : AccountTests
{
    private const string Ann = "email = 'ann@example.org'";

    [Fact]
    public async Task Rows_go_with_their_nested_rows_of_all_levels()
    {
        await LoadAsync();
        await using var maintenance = Open(Account);
        var found = await maintenance.FindRowsAsync("ds", "users", Ann, Cancellation);
        Assert.Equal([("users", 1L), ("users__orders", 2), ("users__orders__lines", 3)], found.Tables.Select(t => (t.Table, t.Rows)));
        Assert.Equal("3", await CountAsync("users__orders"));

        var deleted = await maintenance.DeleteRowsAsync(found, cancellationToken: Cancellation);
        Assert.Equal(6, deleted.Rows);
        Assert.All(deleted.Tables, t => Assert.Single(t.Snapshots));
        foreach (var table in found.Tables) Assert.Equal("1", await CountAsync(table.Table));
        Assert.Equal("bob@example.org", await Some.ValueAsync(Account, "SELECT email FROM users"));
    }

    [Fact]
    public async Task A_purge_leaves_no_file_with_the_rows()
    {
        await LoadAsync();
        await using var maintenance = Open(Account);
        var found = await maintenance.FindRowsAsync("ds", "users", Ann, Cancellation);
        var before = (await DataFilesAsync()).ToHashSet();
        var deleted = await maintenance.DeleteRowsAsync(found, purges: true, Cancellation);
        Assert.All(deleted.Tables, t => Assert.Empty(t.Snapshots));
        var after = await DataFilesAsync();
        Assert.Equal(3, after.Count);
        Assert.DoesNotContain(after, before.Contains);
        Assert.Empty(await maintenance.FindOrphansAsync("ds", Cancellation));
    }

    [Fact]
    public async Task A_deletion_that_ended_after_the_root_table_goes_on_when_it_is_repeated()
    {
        await LoadAsync();
        var commits = 0;
        var glue = Steps.Intercept(Account.Glue, (method, _, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && ++commits > 1 ? throw new GlueException("Denied", "No.") : call());
        await using (var failing = Open(new Machine(Account, glue: glue)))
        {
            var found = await failing.FindRowsAsync("ds", "users", Ann, Cancellation);
            await Assert.ThrowsAnyAsync<DltException>(() => failing.DeleteRowsAsync(found, cancellationToken: Cancellation));
        }

        Assert.Equal(("1", "3"), (await CountAsync("users"), await CountAsync("users__orders")));
        await using var maintenance = Open(Account);
        var rest = await maintenance.FindRowsAsync("ds", "users", Ann, Cancellation);
        Assert.Equal([0L, 2, 3], rest.Tables.Select(t => t.Rows));
        await maintenance.DeleteRowsAsync(rest, cancellationToken: Cancellation);
        Assert.Equal(("1", "1"), (await CountAsync("users__orders"), await CountAsync("users__orders__lines")));
    }

    [Fact]
    public async Task Nothing_is_deleted_while_a_load_into_the_table_is_not_complete()
    {
        await LoadAsync();
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name.StartsWith(
                "users", StringComparison.Ordinal) ? throw new GlueException("Denied", "No.") : call());
        await Assert.ThrowsAnyAsync<DltException>(() => new Machine(Account, glue: glue).RunAsync(
            Some.Resource("users", Iceberg, """{"id":3,"email":"ann@example.org"}""")));
        await using var maintenance = Open(Account);
        var found = await maintenance.FindRowsAsync("ds", "users", Ann, Cancellation);
        var load = Assert.Single(found.PendingLoads);
        var error = await Assert.ThrowsAsync<DltException>(() => maintenance.DeleteRowsAsync(found, cancellationToken: Cancellation));
        Assert.Contains($"Load {load} writes into 'users'", error.Message, StringComparison.Ordinal);
        Assert.Equal("3", await CountAsync("users__orders"));
    }

    [Theory]
    [InlineData("users__orders", Ann, "'users__orders' is a nested table of 'users'")]
    [InlineData("user", Ann, "Its tables are 'clicks', 'users'.")]
    [InlineData("users", "mail = 'x'", "There is no column 'mail'.")]
    [InlineData("users", "email = ", "'email = ' does not select rows of table 'users'")]
    [InlineData("clicks", "id = 1", "'clicks' is an external table")]
    public async Task What_cannot_be_deleted_is_refused_with_the_reason(string table, string where, string message)
    {
        await LoadAsync();
        await new Machine(Account).RunAsync(Some.Resource("clicks", """{"id":1}"""));
        await using var maintenance = Open(Account);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => maintenance.FindRowsAsync("ds", table, where, Cancellation));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was deleted.", error.Message, StringComparison.Ordinal);
    }

    private AthenaMaintenance Open(LakeAccount account) => AthenaMaintenance.Open(account, Some.Configuration(Account.Folder));

    private Task<string?> CountAsync(string table) => Some.ValueAsync(Account, $"SELECT count(*) FROM {table}");

    private async Task<List<string>> DataFilesAsync() =>
        (await Machine.KeysAsync(Account, "ds/users")).FindAll(k => k.EndsWith(".parquet", StringComparison.Ordinal));

    private Task<LoadInfo> LoadAsync() => new Machine(Account).RunAsync(Some.Resource(
        "users", new ResourceHints { TableFormat = TableFormat.Iceberg },
        """{"id":1,"email":"ann@example.org","orders":[{"n":1,"lines":[{"x":1},{"x":2}]},{"n":2,"lines":[{"x":3}]}]}""",
        """{"id":2,"email":"bob@example.org","orders":[{"n":3,"lines":[{"x":4}]}]}"""));
}
