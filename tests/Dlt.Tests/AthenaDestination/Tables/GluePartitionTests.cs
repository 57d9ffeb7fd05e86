using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>External tables whose partitions Glue lists (<c>hive_partitions = "glue"</c>).</summary>
public sealed class GluePartitionTests : AccountTests
{
    private static readonly (string, string) Setting = ("DESTINATION__ATHENA__HIVE_PARTITIONS", "glue");

    private static readonly ResourceHints ByCountry = new() { Partitions = [Partition.Identity("country")] };

    [Fact]
    public async Task Rows_are_found_by_the_partitions_that_the_catalog_lists()
    {
        var hints = ByCountry with { Partitions = [Partition.Identity("country"), Partition.Day("at")] };
        await RunAsync(
            hints, """{"id":1,"country":"de","at":"2024-05-06T00:00:00Z"}""", """{"id":2,"country":"fr","at":"2024-05-07T01:00:00Z"}""");
        await RunAsync(hints, """{"id":3,"country":"de","at":"2024-05-06T09:00:00Z"}""");
        var table = await TableAsync();
        Assert.DoesNotContain(table.Definition.Parameters!.Keys, k => k.StartsWith("projection", StringComparison.Ordinal));
        var partitions = await PartitionsAsync();
        Assert.Equal(["de|2024-05-06", "fr|2024-05-07"], partitions.Select(p => string.Join('|', p.Values)));
        Assert.Equal("s3://lake/ds/orders/country=de/at_day=2024-05-06/", partitions[0].StorageDescriptor!.Location);
        Assert.Equal(table.Columns, partitions[0].StorageDescriptor!.Columns);
        Assert.Equal(
            [["1", "de", "2024-05-06"], ["2", "fr", "2024-05-07"], ["3", "de", "2024-05-06"]],
            (await Some.QueryAsync(Account, "SELECT id, country, at_day FROM orders ORDER BY id")).Rows);
    }

    [Fact]
    public async Task A_file_in_a_folder_without_a_partition_is_not_read()
    {
        await RunAsync(ByCountry, """{"id":1,"country":"de"}""");
        var key = (await Machine.KeysAsync(Account, "ds/orders/country=de/")).Single();
        var file = await Account.Objects.GetAsync(new("lake", key), cancellationToken: Cancellation);
        var other = key.Replace("country=de", "country=at", StringComparison.Ordinal);
        await Account.Objects.PutAsync(new("lake", other), file, cancellationToken: Cancellation);
        Assert.Equal("de", await Machine.ValuesAsync(Account, "SELECT country FROM orders"));
    }

    [Fact]
    public async Task Any_value_has_a_partition_and_rows_without_one_are_in_the_default_partition()
    {
        string[] values = ["a/b", "c=d", "100%", "x y", " blank ", "a,b", "é:?*", "{}[]^", "__", "#\"'"];
        var items = values.Select((v, i) => JsonText.Write(JsonValue.Object(
            ("id", JsonValue.Integer(i)), ("country", JsonValue.String(v)))));
        await RunAsync(ByCountry, [.. items, """{"id":100,"country":""}""", """{"id":101}"""]);
        Assert.Equal(
            [.. values, null, null], (await Some.QueryAsync(Account, "SELECT country FROM orders ORDER BY id")).Rows.Select(r => r[0]));
        Assert.Equal("100,101", await Machine.ValuesAsync(Account, "SELECT id FROM orders WHERE country IS NULL ORDER BY id"));
        Assert.Equal("0", await Machine.ValuesAsync(Account, "SELECT id FROM orders WHERE country = 'a/b'"));
        Assert.Contains("__HIVE_DEFAULT_PARTITION__", (await PartitionsAsync()).Select(p => p.Values[0]));
    }

    [Fact]
    public async Task Dates_at_the_ends_of_time_have_partitions()
    {
        var hints = new ResourceHints { Partitions = [Partition.Identity("day"), Partition.Year("day")], Columns = [Column.Date("day")] };
        await RunAsync(hints, """{"id":1,"day":"0001-01-01"}""", """{"id":2,"day":"9999-12-31"}""", """{"id":3}""");
        Assert.Equal(
            [["0001-01-01", "1"], ["9999-12-31", "9999"], [null, null]],
            (await Some.QueryAsync(Account, "SELECT day, day_year FROM orders ORDER BY id")).Rows);
    }

    [Fact]
    public async Task A_value_that_is_too_long_for_glue_is_refused_before_anything_is_uploaded()
    {
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => RunAsync(ByCountry, $$"""{"id":1,"country":"{{new string('x', 1025)}}"}"""));
        Assert.Contains("'orders.country' has the value 'xxx", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Machine.KeysAsync(Account, "ds/orders/"));
    }

    [Fact]
    public async Task Partitions_get_the_columns_that_the_table_gets()
    {
        await RunAsync(ByCountry, """{"id":1,"country":"de"}""", """{"id":2,"country":"fr"}""");
        await RunAsync(ByCountry, """{"id":3,"country":"de","note":"x"}""");
        var table = await TableAsync();
        Assert.Contains("note", table.Columns.Select(c => c.Name));
        Assert.All(await PartitionsAsync(), p => Assert.Equal(table.Columns, p.StorageDescriptor!.Columns));
    }

    [Fact]
    public async Task A_partition_with_older_columns_is_brought_up_and_keeps_what_else_it_says()
    {
        await RunAsync(ByCountry, """{"id":1,"country":"de"}""");
        var old = Assert.Single(await PartitionsAsync());
        var changed = GlueJson.ReadPartition(GlueJson.Write(old with
        {
            StorageDescriptor = old.StorageDescriptor! with { Columns = [old.StorageDescriptor.Columns[0]] },
            Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("numRows", "1"),
        }).With("Later", JsonValue.String("kept")));
        Assert.Empty(await Account.Glue.UpdatePartitionsAsync("ds", "orders", [changed], Cancellation));
        await RunAsync(ByCountry, """{"id":2,"country":"de"}""");
        var partition = Assert.Single(await PartitionsAsync());
        Assert.Equal((await TableAsync()).Columns, partition.StorageDescriptor!.Columns);
        Assert.Equal("1", partition.Parameters!["numRows"]);
        Assert.Equal("kept", GlueJson.Write(partition)["Later"]!.AsString());
    }

    [Theory, InlineData("delete-after"), InlineData("truncate-and-insert")]
    public async Task A_replace_removes_the_partitions_that_it_leaves_empty(string replace)
    {
        var hints = ByCountry with { WriteDisposition = WriteDisposition.Replace };
        (string, string) setting = ("DESTINATION__ATHENA__HIVE_REPLACE", replace);
        await RunAsync(hints, [.. Enumerable.Range(0, 130).Select(i => $$"""{"id":{{i}},"country":"c{{i}}"}""")]);
        Assert.Equal(130, (await PartitionsAsync()).Count);
        await new Machine(Account).RunAsync(
            Some.Resource("orders", hints, """{"id":1,"country":"c7"}""", """{"id":2,"country":"new"}"""), settings: [Setting, setting]);
        Assert.Equal(["c7", "new"], (await PartitionsAsync()).Select(p => p.Values[0]));
        Assert.Equal("c7,new", await Machine.ValuesAsync(Account, "SELECT country FROM orders ORDER BY id"));
    }

    [Theory, InlineData(RefreshMode.DropData), InlineData(RefreshMode.DropResources)]
    public async Task A_refresh_leaves_the_partitions_of_the_new_rows(RefreshMode refresh)
    {
        await RunAsync(ByCountry, """{"id":1,"country":"de"}""", """{"id":2,"country":"fr"}""");
        await new Machine(Account).RunAsync(
            Some.Resource("orders", ByCountry, """{"id":3,"country":"fr"}"""), refresh: refresh, settings: Setting);
        Assert.Equal("fr", Assert.Single(await PartitionsAsync()).Values[0]);
        Assert.Equal("3", await Machine.ValuesAsync(Account, "SELECT id FROM orders"));
    }

    [Fact]
    public async Task A_load_that_adds_files_while_another_replaces_the_table_keeps_its_partition()
    {
        await RunAsync(ByCountry, """{"id":1,"country":"de"}""");
        var isDone = 0;
        var glue = Steps.Intercept(Account.Glue, (method, call) =>
        {
            if (method == nameof(IGlueCatalog.DeletePartitionsAsync) && Interlocked.Exchange(ref isDone, 1) == 0)
            {
                new Machine(Account, Folder.File("other")).RunAsync(
                    Some.Resource("orders", ByCountry, """{"id":5,"country":"de"}"""), "other", settings: Setting).GetAwaiter().GetResult();
            }

            return call();
        });
        var replace = ByCountry with { WriteDisposition = WriteDisposition.Replace };
        await new Machine(Account, glue: glue).RunAsync(Some.Resource("orders", replace, """{"id":2,"country":"fr"}"""), settings: Setting);
        Assert.Equal(1, isDone);
        Assert.Equal("2,5", await Machine.ValuesAsync(Account, "SELECT id FROM orders ORDER BY id"));
    }

    [Theory, InlineData(WriteDisposition.Append), InlineData(WriteDisposition.Replace)]
    public async Task A_run_that_ended_at_any_call_of_glue_is_completed_by_the_next(WriteDisposition disposition)
    {
        var hints = ByCountry with { WriteDisposition = disposition };
        for (var end = 1; ; end++)
        {
            using var folder = new TempFolder();
            var account = Some.Account(folder);
            await new Machine(account).RunAsync(
                Some.Resource("orders", hints, """{"id":1,"country":"de"}""", """{"id":2,"country":"at"}"""), settings: Setting);
            var steps = new Steps { End = end, IsLastDone = end % 2 == 0 };
            var rows = Some.Resource("orders", hints, """{"id":3,"country":"de","note":"x"}""", """{"id":4,"country":"fr","note":"y"}""");
            var ended = await Record.ExceptionAsync(
                () => new Machine(account, glue: steps.Watch(account.Glue)).RunAsync(rows, settings: Setting));
            await new Machine(account).Pipeline(settings: Setting).LoadPendingAsync(Cancellation);
            if (ended is not null && await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_loads") == "1")
                await new Machine(account).RunAsync(rows, settings: Setting);
            var isReplace = disposition == WriteDisposition.Replace;
            Assert.Equal(isReplace ? "3,4" : "1,2,3,4", await Machine.ValuesAsync(account, "SELECT id FROM orders ORDER BY id"));
            var columns = (await account.Glue.GetTableAsync("ds", "orders", Cancellation))!.Columns;
            var partitions = await account.Glue.GetPartitionsAsync("ds", "orders", Cancellation).ToListAsync(Cancellation);
            Assert.Equal(isReplace ? ["de", "fr"] : ["at", "de", "fr"], partitions.Select(p => p.Values[0]));
            Assert.All(partitions, p => Assert.Equal(columns, p.StorageDescriptor!.Columns));
            if (ended is null) break;
        }
    }

    [Fact]
    public async Task A_partition_in_another_folder_is_refused_before_anything_is_uploaded()
    {
        await RunAsync(ByCountry, """{"id":1,"country":"de"}""");
        var partition = Assert.Single(await PartitionsAsync());
        var moved = partition with { StorageDescriptor = partition.StorageDescriptor! with { Location = "s3://lake/elsewhere/" } };
        await Account.Glue.UpdatePartitionsAsync("ds", "orders", [moved], Cancellation);
        var before = await Machine.KeysAsync(Account, "ds/orders/");
        var error = await Assert.ThrowsAsync<SchemaException>(() => RunAsync(ByCountry, """{"id":2,"country":"de"}"""));
        Assert.Contains("Partition (de) of table 'ds.orders' reads from s3://lake/elsewhere/", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Machine.KeysAsync(Account, "ds/orders/"));
    }

    [Fact]
    public async Task A_partition_that_glue_refuses_keeps_the_load_pending()
    {
        var isBroken = true;
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            isBroken && method == nameof(IGlueCatalog.CreatePartitionsAsync)
                ? Task.FromResult<IReadOnlyList<GluePartitionError>>([new(["de"], "ResourceNumberLimitExceededException", "Too many.")])
                : call());
        var rows = Some.Resource("orders", ByCountry, """{"id":1,"country":"de"}""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => new Machine(Account, glue: glue).RunAsync(rows, settings: Setting));
        Assert.Contains("Glue refused partition (de) of table 'ds.orders'", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, Machine.Pending(Account));
        isBroken = false;
        await new Machine(Account, glue: glue).Pipeline(settings: Setting).LoadPendingAsync(Cancellation);
        Assert.Equal("1", await Machine.ValuesAsync(Account, "SELECT id FROM orders"));
    }

    [Fact]
    public async Task A_partition_that_others_remove_each_time_keeps_the_load_pending_instead_of_hiding_its_rows()
    {
        await RunAsync(ByCountry, """{"id":1,"country":"de"}""");
        var isContended = true;
        var glue = Steps.Intercept(Account.Glue, (method, call) => !isContended ? call() : method switch
        {
            nameof(IGlueCatalog.CreatePartitionsAsync) =>
                Task.FromResult<IReadOnlyList<GluePartitionError>>([new(["fr"], "AlreadyExistsException", "It exists.")]),
            nameof(IGlueCatalog.FindPartitionsAsync) => Task.FromResult<IReadOnlyList<GluePartition>>([]),
            _ => call(),
        });
        await RefusedAsync(glue, "Partitions of table 'ds.orders' were removed by other runs while this one added them, such as (fr), 20");
        isContended = false;
        await new Machine(Account, glue: glue).Pipeline(settings: Setting).LoadPendingAsync(Cancellation);
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT id FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task Partitions_of_a_table_that_others_change_each_time_keep_the_load_pending()
    {
        await RunAsync(ByCountry, """{"id":1,"country":"de"}""");
        var isAdded = false;
        var glue = Steps.Intercept(Account.Glue, (method, call) =>
        {
            isAdded |= method == nameof(IGlueCatalog.CreatePartitionsAsync);
            if (isAdded && method == nameof(IGlueCatalog.GetTableAsync))
                WidenAsync().GetAwaiter().GetResult();
            return call();
        });
        await RefusedAsync(glue, "Partitions of table 'ds.orders' were added while other runs changed the columns of the table, 20 times.");
        await new Machine(Account).Pipeline(settings: Setting).LoadPendingAsync(Cancellation);
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT id FROM orders ORDER BY id"));
    }

    /// <summary>Gives the table one more column, as another run does.</summary>
    private async Task WidenAsync()
    {
        var table = (await TableAsync()).Definition;
        var columns = table.StorageDescriptor!.Columns;
        var wider = table.StorageDescriptor with { Columns = columns.Add(new($"c{columns.Length}", "bigint")) };
        await Account.Glue.UpdateTableAsync("ds", table with { StorageDescriptor = wider }, cancellationToken: Cancellation);
    }

    private async Task RefusedAsync(IGlueCatalog glue, string reason)
    {
        var rows = Some.Resource("orders", ByCountry, """{"id":2,"country":"fr"}""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => new Machine(Account, glue: glue).RunAsync(rows, settings: Setting));
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_loads"));
        Assert.Equal(1, Machine.Pending(Account));
    }

    private async Task RunAsync(ResourceHints hints, params string[] items) =>
        await new Machine(Account).RunAsync(Some.Resource("orders", hints, items), settings: Setting);

    private async Task<GlueTable> TableAsync() => (await Account.Glue.GetTableAsync("ds", "orders", Cancellation))!;

    private async Task<List<GluePartition>> PartitionsAsync() =>
        await Account.Glue.GetPartitionsAsync("ds", "orders", Cancellation).ToListAsync(Cancellation);
}
