using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Tests.Support;
using Dlt.Types;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>A step of a load happens once, is recognised later, and is never mistaken for another step.</summary>
public sealed class LoadIdentityTests : IDisposable
{
    private static readonly ResourceHints Iceberg = new() { TableFormat = TableFormat.Iceberg };

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("iceberg", WriteDisposition.Append), InlineData("iceberg", WriteDisposition.Replace),
        InlineData("hive", WriteDisposition.Append), InlineData("hive", WriteDisposition.Replace)]
    public async Task A_load_that_empties_its_tables_first_has_its_rows_in_them(string format, WriteDisposition disposition)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { TableFormat = Some.Format(format), WriteDisposition = disposition };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":1,"tags":["x"]}"""));
        var items = Some.Resource("items", hints, """{"id":2,"tags":["y"]}""");
        var info = await new Machine(account).RunAsync(items, refresh: RefreshMode.DropData);
        Assert.Equal(
            "2 y 1 2",
                $"{await Machine.ValuesAsync(account, "SELECT id FROM items")} "
                + $"{await Machine.ValuesAsync(account, "SELECT value FROM items__tags")} {info.RowCounts["items"]} "
                + $"{await Machine.ValuesAsync(account, "SELECT count(*) FROM _dlt_loads")}");
    }

    [Fact]
    public async Task A_package_whose_snapshots_expired_while_it_waited_is_committed_once()
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("items", Iceberg, """{"id":1}"""));
        await Assert.ThrowsAnyAsync<DltException>(() => WithoutRow(account).RunAsync(Some.Resource("items", Iceberg, """{"id":2}""")));
        Assert.Equal("1,2", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
        for (var id = 3; id < 5; id++)
        {
            var items = Some.Resource("items", Iceberg, $$"""{"id":{{id}}}""");
            await new Machine(account, _folder.File("other")).RunAsync(items, "other");
        }

        await (await TableAsync(account)).ExpireSnapshotsAsync(TimeProvider.System.GetUtcNow(), 1, Cancellation);
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal("1,2,3,4", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
        Assert.Equal(0, Machine.Pending(account));
    }

    [Fact]
    public async Task The_list_of_steps_in_a_table_stays_as_short_as_there_are_loads_under_way()
    {
        var account = Some.Account(_folder);
        for (var run = 0; run < 4; run++) await new Machine(account).RunAsync(Some.Resource("items", Iceberg, $$"""{"id":{{run}}}"""));
        Assert.Single((await TableAsync(account)).Metadata.Properties["dlt.load-steps"].Split(' '));
    }

    [Fact]
    public async Task A_load_with_a_row_in_the_table_of_loads_is_never_loaded_again()
    {
        var account = Some.Account(_folder);
        var loaded = await new Machine(account).RunAsync(Some.Resource("items", """{"id":1}"""));
        var pipeline = Path.Combine(account.PipelinesFolder!, "pipe");
        var package = Path.Combine(pipeline, "load", "loaded", loaded.Packages[0].LoadId);
        File.Delete(Path.Combine(package, "package_completed.json"));
        Directory.Move(package, Path.Combine(pipeline, "load", "normalized", loaded.Packages[0].LoadId));
        // by a person, on purpose
        foreach (var key in await Machine.KeysAsync(account, "ds/items/")) await account.Objects.DeleteAsync("lake", [key], Cancellation);
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Empty(await Machine.KeysAsync(account, "ds/items/"));
        Assert.Equal(0, Machine.Pending(account));
    }

    [Fact]
    public async Task An_earlier_replace_that_commits_after_a_later_one_keeps_the_later_rows_and_warns()
    {
        var account = Some.Account(_folder);
        var hints = Iceberg with { WriteDisposition = WriteDisposition.Replace };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":0}"""));
        var isDone = false;
        var glue = Steps.Intercept(
            account.Glue,
            (method, given, call) =>
            {
                if (isDone || method != nameof(IGlueCatalog.UpdateTableAsync)
                    || given.OfType<GlueTableInput>().First().Name != "items") return call();
                isDone = true;
                var items = Some.Resource("items", hints, """{"id":2}""");
                new Machine(account, _folder.File("b")).RunAsync(items, "b").GetAwaiter().GetResult();
                return call();
            });
        var warnings = new List<string>();
        await new Machine(account, _folder.File("a"), glue).RunAsync(Some.Resource("items", hints, """{"id":1}"""), "a", warnings);
        Assert.True(isDone);
        Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT id FROM items"));
        Assert.Contains(warnings, w => w.Contains("The rows of the later load stay", StringComparison.Ordinal));
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":3}"""));
        Assert.Equal("3", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task A_package_that_an_earlier_version_left_after_emptying_a_table_is_loaded()
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("items", Iceberg, """{"id":1}"""));
        var items = Some.Resource("items", Iceberg, """{"id":2}""");
        await Assert.ThrowsAnyAsync<DltException>(() => WithoutRow(account, "items").RunAsync(items));

        // That version recorded the load without the step, both in the snapshot that removed rows and in the one that added some.
        var load =
            Path.GetFileName(Directory.GetDirectories(Path.Combine(account.PipelinesFolder!, "pipe", "load", "normalized")).Single());
        var transaction = (await TableAsync(account)).NewTransaction();
        transaction.SummaryProperties["dlt.load-id"] = load;
        await transaction.ReplaceAll([]).CommitAsync(Cancellation);
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Theory, InlineData("iceberg", RefreshMode.DropData), InlineData("iceberg", RefreshMode.DropResources),
        InlineData("hive", RefreshMode.DropData), InlineData("iceberg", RefreshMode.DropSources)]
    public async Task A_table_that_was_declared_and_never_made_needs_no_emptying(string format, RefreshMode mode)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { TableFormat = Some.Format(format) };
        Resource[] Resources() =>
        [
            Some.Resource("t", hints, """{"id":1}"""),
            Resource.Create("u", new object[] { new List<object>() }, hints with { Columns = [new("a", DataType.Bigint)] }),
        ];
        await new Machine(account).Pipeline().RunAsync(Resources(), Cancellation);
        for (var run = 0; run < 2; run++) await new Machine(account).Pipeline(refresh: mode).RunAsync(Resources(), Cancellation);
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM t"));
        Assert.Equal(0, Machine.Pending(account));
    }

    [Theory, InlineData("iceberg"), InlineData("hive")]
    public async Task A_nested_table_that_somebody_dropped_is_made_again_by_the_replace_of_its_root(string format)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace, TableFormat = Some.Format(format) };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":1,"tags":["x"]}"""));
        await account.Glue.DeleteTableAsync("ds", "items__tags", Cancellation);
        for (var run = 2; run < 4; run++) await new Machine(account).RunAsync(Some.Resource("items", hints, $$"""{"id":{{run}}}"""));
        Assert.Equal(
            "3 0", $"{await Machine.ValuesAsync(account, "SELECT id FROM items")} "
            + $"{await Machine.ValuesAsync(account, "SELECT count(*) FROM items__tags")}");
    }

    [Fact]
    public async Task A_refresh_leaves_no_data_of_a_dropped_iceberg_table_wherever_its_folder_is()
    {
        var account = Some.Account(_folder);
        (string, string)[] settings = [("DESTINATION__ATHENA__TABLE_LOCATION_LAYOUT", "{dataset_name}/{table_name}_{location_tag}")];
        await new Machine(account).RunAsync(Some.Resource("items", Iceberg, """{"id":1}"""), settings: settings);
        var items = Some.Resource("items", Iceberg, """{"id":2}""");
        await new Machine(account).RunAsync(items, settings: settings, refresh: RefreshMode.DropResources);
        Assert.Single(await Machine.KeysAsync(account, "ds/items_"), k => k.EndsWith(".parquet", StringComparison.Ordinal));
        Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task Data_of_a_dropped_table_that_shares_its_folder_stays_and_a_warning_names_it()
    {
        var account = Some.Account(_folder);
        (string, string)[] settings = [("DESTINATION__ATHENA__TABLE_LOCATION_LAYOUT", "{dataset_name}/all")];
        await new Machine(account).RunAsync(Some.Resource("others", Iceberg, """{"id":7}"""), settings: settings);
        await new Machine(account).RunAsync(Some.Resource("items", Iceberg, """{"id":1}"""), settings: settings);
        var warnings = new List<string>();
        var items = Some.Resource("items", Iceberg, """{"id":2}""");
        await new Machine(account).RunAsync(items, "pipe", warnings, settings: settings, refresh: RefreshMode.DropResources);
        Assert.Equal(
            "7 2", $"{await Machine.ValuesAsync(account, "SELECT id FROM others")} "
            + $"{await Machine.ValuesAsync(account, "SELECT id FROM items")}");
        Assert.Contains(warnings, w => w.Contains("its data stays in s3://lake/ds/all/", StringComparison.Ordinal));
    }

    /// <summary>A machine that cannot commit to a table: rows are committed to the other tables, and the package stays pending.</summary>
    private static Machine WithoutRow(LocalAthena account, string table = "_dlt_loads")
    {
        return new(account, glue: Steps.Intercept(
            account.Glue,
            (method, given, call) =>
                method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == table
                    ? throw new GlueException("AccessDeniedException", "no") : call()));
    }

    private static Task<Table> TableAsync(LocalAthena account) =>
        Athena.IcebergCatalog(account).LoadTableAsync(new("ds", "items"), Cancellation);
}
