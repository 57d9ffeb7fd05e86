using System.Collections.Concurrent;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;
using Dlt.Tests.Support.Services;

namespace Dlt.Tests.AthenaDestination.Previews;

/// <summary>A plan says what the next run does, with the statements of the run, and touches nothing.</summary>
public sealed class PlanTests : AccountTests
{
    private static readonly (string, string) ByAthena = ("DESTINATION__ATHENA__DDL", "athena");

    [Fact]
    public async Task A_plan_on_an_account_that_does_not_exist_shows_the_first_load_and_makes_no_folder()
    {
        var plan = await Some.Pipeline(Account).PlanAsync(
            Some.Resource("orders", """{"id":1,"at":"2024-05-01T10:00:00Z","lines":[{"sku":"a"}]}""", """{"id":2,"price":1.5}"""),
            cancellationToken: Cancellation);
        Assert.False(Directory.Exists(Account.Folder));
        Verified.Matches(plan.ToString(), "first", [(@"[0-9.]+ (B|KiB)\b", "<size>")]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_plan_has_the_statements_that_the_run_then_sends(bool isIceberg)
    {
        var hints = isIceberg ? Iceberg : new();
        await Compare(Some.Resource("items", hints, """{"id":1,"lines":[{"a":1}]}"""));
        await Compare(Some.Resource("items", hints, """{"id":2,"city":"Ulm","size":1.5,"lines":[{"a":1,"b":2}]}"""));
        await Compare(Some.Resource("items", hints, """{"id":3}"""));
        await Compare(Some.Resource("items", hints, """{"id":4}"""), RefreshMode.DropResources);

        async Task Compare(Resource resource, RefreshMode? refresh = null)
        {
            var sent = new ConcurrentQueue<string>();
            var machine = new Machine(Account, athena: Steps.Intercept(Account.Athena, (method, given, call) =>
            {
                if (method == nameof(IAthena.StartAsync)) sent.Enqueue(((AthenaQuery)given[0]!).Sql);
                return call();
            }));
            var plan = await machine.Pipeline(refresh: refresh, settings: ByAthena).PlanAsync(resource, cancellationToken: Cancellation);
            Assert.Null(plan.Stop);
            Assert.Empty(sent);
            await machine.RunAsync(resource, refresh: refresh, settings: ByAthena);
            Assert.Equal(sent.Order(StringComparer.Ordinal), plan.Statements.Where(s => s.IsQuery).Select(s => s.Sql)
                .Order(StringComparer.Ordinal));
            Assert.Equal(sent.Count, plan.TableQueries);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_plan_of_new_columns_and_of_another_type_names_them(bool isIceberg)
    {
        var hints = isIceberg ? Iceberg : new();
        await Some.Pipeline(Account).RunAsync(Some.Resource("orders", hints, """{"id":1,"amount":5}"""), Cancellation);
        var before = Untouched.Of(Folder.Path);
        var plan = await Some.Pipeline(Account).PlanAsync(
            Some.Resource("orders", hints, """{"id":2,"amount":"free","coupon":"x"}"""), cancellationToken: Cancellation);
        var table = Assert.Single(plan.Tables);
        Assert.Equal((false, "append", 1), (table.IsNew, table.Mode, table.Rows));
        Assert.Equal([new("amount__v_text", "string"), new("coupon", "string")], table.NewColumns.OrderBy(c => c.Name));
        Assert.Equal([new VariantColumn("orders", "amount__v_text", 1)], plan.Changes.Variants);
        Assert.Equal(before, Untouched.Of(Folder.Path));
        Verified.Matches(plan.ToString(), isIceberg ? "widened_iceberg" : "widened", [(@"[0-9.]+ (B|KiB)\b", "<size>")]);
    }

    [Fact]
    public async Task A_plan_writes_nothing_to_the_account_and_asks_for_no_lease()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("orders", """{"id":1}"""), Cancellation);
        var writes = new ConcurrentQueue<string>();
        var machine = Untouched.Watch(Account, writes);
        var plan = await machine.Pipeline(refresh: RefreshMode.DropData).PlanAsync(
            [Some.Resource("orders", """{"id":2,"x":1}"""), Some.Resource("more", Iceberg, """{"id":1}""")],
            cancellationToken: Cancellation);
        Assert.Equal(2, plan.Tables.Length);
        Assert.Empty(writes);
    }

    [Fact]
    public async Task A_plan_over_the_clients_of_aws_makes_no_call_that_writes()
    {
        var account = Account;
        await Some.Pipeline(account).RunAsync(Some.Resource("orders", Iceberg, """{"id":1}"""), Cancellation);
        await using var server = new AccountServer(account);
        var login = server.LoginOf();
        var destination = Dlt.Athena.Destination(options: new() { Credentials = login, StorageCredentials = login });
        var pipeline = Pipeline.Create("pipe", destination, "ds", new()
        {
            Configuration = Some.Configuration(Folder.Path, server.Settings),
            PipelinesFolder = Folder.File("elsewhere"),
        });
        var plan = await pipeline.PlanAsync(Some.Resource("orders", Iceberg, """{"id":2,"city":"Ulm"}"""), cancellationToken: Cancellation);
        Assert.Null(plan.Stop);
        Assert.True(plan.IsRestored);   // from the destination, without a folder of its own
        Assert.Equal([new("city", "string")], Assert.Single(plan.Tables).NewColumns);
        Assert.NotEmpty(server.Calls);
        Assert.All(server.Calls, c => Assert.Matches("^(Get|Head|List|Batch?Get)", c));
        Assert.False(Directory.Exists(Folder.File("elsewhere")));
    }

    [Fact]
    public async Task A_merge_is_planned_with_its_strategy_and_keys()
    {
        var hints = Iceberg with { WriteDisposition = WriteDisposition.Merge, PrimaryKey = ["id"] };
        var plan = await Some.Pipeline(Account).PlanAsync(Some.Resource("orders", hints, """{"id":1}"""), cancellationToken: Cancellation);
        var table = Assert.Single(plan.Tables);
        Assert.Equal((true, "delete-insert", 0), (table.IsMerge, table.Mode, plan.MergeQueries));
        Assert.Equal(["id"], table.PrimaryKey);
        Assert.Contains("merge delete-insert by primary key id", plan.ToString(), StringComparison.Ordinal);
        Assert.Contains("Queries: none, so they cost nothing.", plan.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merges_by_athena_are_counted_and_their_cost_is_not_known()
    {
        await using var server = new AccountServer(NewAccount());
        var login = server.LoginOf();
        var options = new AthenaOptions { Credentials = login, StorageCredentials = login, MergeEngine = "athena" };
        var pipeline = Pipeline.Create("pipe", Dlt.Athena.Destination(options: options), "ds", new()
        {
            Configuration = Some.Configuration(Folder.Path, server.Settings),
            PipelinesFolder = Folder.File("pipelines"),
        });
        var hints = Iceberg with { WriteDisposition = WriteDisposition.Merge, PrimaryKey = ["id"] };
        var plan = await pipeline.PlanAsync(Some.Resource("orders", hints, """{"id":1}"""), cancellationToken: Cancellation);
        Assert.Null(plan.Stop);
        Assert.True(plan.MergeQueries > 0);
        Assert.Contains(
            $"{plan.MergeQueries} that merge; the bytes that they scan, and so their cost, are not known before they run", plan.ToString(),
            StringComparison.Ordinal);
        Assert.Contains(plan.Statements, s => s.Database == "ds_staging" && s.Table == "orders");
    }

    [Fact]
    public async Task A_refresh_is_planned_with_the_tables_that_go()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("orders", """{"id":1,"lines":[{"a":1}]}"""), Cancellation);
        var next = Some.Resource("orders", """{"id":2}""");
        var plan = await Some.Pipeline(Account, refresh: RefreshMode.DropResources).PlanAsync(next, cancellationToken: Cancellation);
        Assert.Equal(["orders", "orders__lines"], plan.Dropped.Order());
        var drops = plan.Statements.Where(s => s.Kind == PlannedStatementKind.DropTable);
        Assert.Equal(["orders", "orders__lines"], drops.Select(s => s.Table));
        plan = await Some.Pipeline(Account, refresh: RefreshMode.DropData).PlanAsync(next, cancellationToken: Cancellation);
        Assert.Equal(["orders", "orders__lines"], plan.Emptied.Order());
        Assert.Empty(plan.Dropped);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT id FROM orders"));
    }

    [Fact]
    public async Task A_table_that_the_destination_refuses_stops_the_plan_with_the_error_of_the_run()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("orders", """{"id":1}"""), Cancellation);
        var refused = Some.Resource("orders", Iceberg, """{"id":2}""");
        var plan = await Some.Pipeline(Account).PlanAsync(refused, cancellationToken: Cancellation);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Account).RunAsync(refused, Cancellation));
        Assert.Equal("extract", plan.Stop?.Step);
        Assert.Equal(error.Message, plan.Stop?.Reason);
        Assert.Empty(plan.Statements);
    }

    [Fact]
    public async Task Packages_that_wait_are_planned_first_and_stay_as_they_are()
    {
        var account = Account;
        var glue = Steps.Intercept(account.Glue, (method, call) =>
            method == nameof(IGlueCatalog.CreateTableAsync) ? throw new DltException("no tables today") : call());
        await Assert.ThrowsAnyAsync<DltException>(() => new Machine(account, glue: glue).RunAsync(Some.Resource("first", """{"id":1}""")));
        var before = Untouched.Of(Folder.Path);
        var plan = await Some.Pipeline(account).PlanAsync(Some.Resource("second", """{"id":2}"""), cancellationToken: Cancellation);
        Assert.Equal(before, Untouched.Of(Folder.Path));
        var pending = Assert.Single(plan.Pending);
        Assert.Equal(("first", 1L), pending.RowCounts.Select(r => (r.Key, r.Value)).Single());
        string[] created = ["first", "second"];
        Assert.Equal(created, plan.Statements.Where(s => s.Table is { } t && !t.StartsWith('_')).Select(s => s.Table));
        Assert.Contains($"- package {pending.LoadId}: first 1 row", plan.ToString(), StringComparison.Ordinal);
    }

    private LocalAthena NewAccount()
    {
        var account = Account;
        _ = account.Objects;   // makes its buckets
        return account;
    }
}
