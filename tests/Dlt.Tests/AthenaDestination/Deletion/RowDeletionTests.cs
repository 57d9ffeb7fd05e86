using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Deletion;

/// <summary>Rows are deleted with their nested rows, and what still holds them is named.</summary>
[Long(53)]
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

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_deletion_that_ended_after_the_root_table_goes_on_when_it_is_repeated(bool purges)
    {
        await LoadAsync();
        var commits = 0;
        var glue = Steps.Intercept(Account.Glue, (method, _, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && ++commits > 1 ? throw new GlueException("Denied", "No.") : call());
        await using (var failing = Open(new Machine(Account, glue: glue)))
        {
            var found = await failing.FindRowsAsync("ds", "users", Ann, Cancellation);
            await Assert.ThrowsAnyAsync<DltException>(() => failing.DeleteRowsAsync(found, purges, Cancellation));
        }

        Assert.Equal(("1", "3"), (await CountAsync("users"), await CountAsync("users__orders")));
        await using var maintenance = Open(Account);
        var rest = await maintenance.FindRowsAsync("ds", "users", Ann, Cancellation);
        Assert.Equal([0L, 2, 3], rest.Tables.Select(t => t.Rows));
        await maintenance.DeleteRowsAsync(rest, purges, Cancellation);
        Assert.Equal(("1", "1"), (await CountAsync("users__orders"), await CountAsync("users__orders__lines")));
    }

    [Fact]
    public async Task Nested_rows_that_came_before_the_first_merge_go_too()
    {
        await LoadAsync();
        await new Machine(Account).RunAsync(Some.Resource(
            "users", Iceberg with { WriteDisposition = WriteDisposition.Merge, PrimaryKey = ["id"] },
            """{"id":9,"email":"zoe@example.org","orders":[{"n":9,"lines":[{"x":9}]}]}"""));
        await using var maintenance = Open(Account);
        var found = await maintenance.FindRowsAsync("ds", "users", Ann, Cancellation);
        Assert.Equal([1L, 2, 3], found.Tables.Select(t => t.Rows));
        await maintenance.DeleteRowsAsync(found, purges: true, Cancellation);
        Assert.Equal(("2", "2"), (await CountAsync("users__orders"), await CountAsync("users__orders__lines")));
    }

    [Fact]
    public async Task A_row_that_was_loaded_again_keeps_its_nested_rows_when_the_deletion_is_repeated()
    {
        var upsert = Iceberg with
        {
            WriteDisposition = WriteDisposition.Merge,
            PrimaryKey = ["id"],
            MergeStrategy = new MergeStrategy.Upsert(),
        };
        const string old = "state = 'old'";
        await using var maintenance = Open(Account);
        await new Machine(Account).RunAsync(Some.Resource("jobs", upsert, """{"id":1,"state":"old","steps":[1]}"""));
        var first = await maintenance.FindRowsAsync("ds", "jobs", old, Cancellation);
        await maintenance.DeleteRowsAsync(first, cancellationToken: Cancellation);
        await new Machine(Account).RunAsync(Some.Resource("jobs", upsert, """{"id":1,"state":"new","steps":[2,3]}"""));
        var found = await maintenance.FindRowsAsync("ds", "jobs", old, Cancellation);
        Assert.Equal(0, found.Rows);
        await maintenance.DeleteRowsAsync(found, cancellationToken: Cancellation);
        Assert.Equal("2", await CountAsync("jobs__steps"));
    }

    [Fact]
    public async Task Nested_tables_that_another_pipeline_loads_lose_their_rows_too()
    {
        await LoadAsync();
        await new Machine(Account).Pipeline("second").RunAsync(
            Some.Resource("users", Iceberg, """{"id":1,"email":"ann@example.org","tags":["a","b"]}"""), Cancellation);
        await using var maintenance = Open(Account);
        var found = await maintenance.FindRowsAsync("ds", "users", Ann, Cancellation);
        await maintenance.DeleteRowsAsync(found, cancellationToken: Cancellation);
        Assert.Equal(("1", "1", "0"), (await CountAsync("users"), await CountAsync("users__orders"), await CountAsync("users__tags")));
    }

    [Fact]
    public async Task Versions_of_a_row_go_with_their_nested_rows_unless_another_version_has_them()
    {
        var versions = Iceberg with { WriteDisposition = WriteDisposition.Merge, MergeStrategy = new MergeStrategy.Scd2() };
        string[] both = ["""{"id":1,"city":"Bonn","orders":[{"n":1}]}""", """{"id":2,"city":"Rome","orders":[{"n":2}]}"""];
        foreach (var items in new[] { both, ["""{"id":1,"city":"Kiel","orders":[{"n":1}]}"""], both })
            await new Machine(Account).RunAsync(Some.Resource("history", versions, items));
        await using var maintenance = Open(Account);
        var ended = await maintenance.FindRowsAsync("ds", "history", "_dlt_valid_to is not null", Cancellation);
        Assert.Equal([3L, 1], ended.Tables.Select(t => t.Rows));
        var second = await maintenance.FindRowsAsync("ds", "history", "id = 2", Cancellation);
        await maintenance.DeleteRowsAsync(second, cancellationToken: Cancellation);
        Assert.Equal("0", await Some.ValueAsync(Account, "SELECT count(*) FROM history__orders WHERE n = 2"));
        Assert.Equal("2", await Some.ValueAsync(Account, "SELECT count(*) FROM history__orders"));
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
        Assert.Contains("give its package up with: dlt pipeline pipe abort-packages.", error.Message, StringComparison.Ordinal);
        Assert.Equal("3", await CountAsync("users__orders"));
    }

    [Fact]
    public async Task Rows_that_come_during_a_deletion_are_deleted_too_and_no_file_is_left()
    {
        await LoadAsync();
        var hasRaced = false;
        var glue = Steps.Intercept(Account.Glue, (method, _, call) =>
        {
            if (method == nameof(IGlueCatalog.UpdateTableAsync) && !hasRaced)
            {
                hasRaced = true;
                var late = Some.Resource("users", Iceberg, """{"id":3,"email":"ann@example.org"}""");
                new Machine(Account).RunAsync(late).GetAwaiter().GetResult();
            }

            return call();
        });
        await using var maintenance = Open(new Machine(Account, glue: glue));
        var found = await maintenance.FindRowsAsync("ds", "users", Ann, Cancellation);
        var deleted = await maintenance.DeleteRowsAsync(found, cancellationToken: Cancellation);
        Assert.Equal([2L, 2, 3], deleted.Tables.Select(t => t.Rows));
        Assert.Equal("bob@example.org", await Some.ValueAsync(Account, "SELECT string_agg(email, ',') FROM users"));
        Assert.Empty(await maintenance.FindOrphansAsync("ds", Cancellation));
    }

    [Theory, InlineData(19, true), InlineData(20, false)]
    public async Task A_deletion_is_planned_20_times_while_others_add_such_rows(int races, bool isDone)
    {
        await LoadAsync();
        var path = (await DataFilesAsync()).First(k => k.StartsWith("ds/users/", StringComparison.Ordinal));
        var table = await UsersAsync();
        var file = (await table.Scan().PlanFilesAsync(Cancellation).ToListAsync(Cancellation)).Single().File;
        var added = 0;
        var glue = Steps.Intercept(Account.Glue, (method, _, call) =>
        {
            if (method == nameof(IGlueCatalog.UpdateTableAsync) && added < races) AddAsync(++added).GetAwaiter().GetResult();
            return call();
        });
        await using var maintenance = Open(new Machine(Account, glue: glue));
        var found = await maintenance.FindRowsAsync("ds", "users", "id = 1", Cancellation);
        var error = await Record.ExceptionAsync(() => maintenance.DeleteRowsAsync(found, cancellationToken: Cancellation));
        Assert.Equal(!isDone, error is IcebergException { Error: IcebergError.Conflict });
        Assert.Equal(isDone ? "0" : "21", await Some.ValueAsync(Account, "SELECT count(*) FROM users WHERE id = 1"));

        async Task AddAsync(int number)
        {
            var copy = new ObjectLocation("lake", path.Replace(".parquet", $"-{number}.parquet", StringComparison.Ordinal));
            await Account.Objects.PutAsync(
                copy, await Account.Objects.GetAsync(new("lake", path), cancellationToken: Cancellation), cancellationToken: Cancellation);
            await (await UsersAsync()).NewTransaction().Append([file with { FilePath = copy.ToString() }]).CommitAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_deletion_that_Glue_refuses_is_tried_once()
    {
        await LoadAsync();
        var commits = 0;
        var glue = Steps.Intercept(Account.Glue, (method, _, call) =>
        {
            if (method != nameof(IGlueCatalog.UpdateTableAsync)) return call();
            commits++;
            throw new GlueException("Denied", "No.");
        });
        await using var maintenance = Open(new Machine(Account, glue: glue));
        var found = await maintenance.FindRowsAsync("ds", "users", Ann, Cancellation);
        await Assert.ThrowsAnyAsync<DltException>(() => maintenance.DeleteRowsAsync(found, cancellationToken: Cancellation));
        Assert.Equal(1, commits);
        Assert.Equal("2", await CountAsync("users"));
    }

    [Theory]
    [InlineData("users__orders", Ann, "'users__orders' is a nested table of 'users'")]
    [InlineData("user", Ann, "Its tables are 'clicks', 'users'.")]
    [InlineData("users", "mail = 'x'", "There is no column 'mail'.")]
    [InlineData("users", "email = ", "'email = ' does not select rows of table 'users'")]
    [InlineData("clicks", "id = 1", "'clicks' is an external table")]
    [InlineData("_dlt_loads", "status = 0", "has a table '_dlt_loads'")]
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

    private async Task<Table> UsersAsync() =>
        await new GlueCatalog(Account.Glue, Account.Objects).LoadTableAsync(new("ds", "users"), Cancellation);

    private Task<string?> CountAsync(string table) => Some.ValueAsync(Account, $"SELECT count(*) FROM {table}");

    private async Task<List<string>> DataFilesAsync() =>
        (await Machine.KeysAsync(Account, "ds/users")).FindAll(k => k.EndsWith(".parquet", StringComparison.Ordinal));

    private Task<LoadInfo> LoadAsync() => new Machine(Account).RunAsync(Some.Resource(
        "users", new ResourceHints { TableFormat = TableFormat.Iceberg },
        """{"id":1,"email":"ann@example.org","orders":[{"n":1,"lines":[{"x":1},{"x":2}]},{"n":2,"lines":[{"x":3}]}]}""",
        """{"id":2,"email":"bob@example.org","orders":[{"n":3,"lines":[{"x":4}]}]}"""));
}
