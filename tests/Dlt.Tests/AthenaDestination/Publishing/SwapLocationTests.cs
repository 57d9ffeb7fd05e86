using System.Collections.Concurrent;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>External tables that are replaced with <c>hive_replace = "swap-location"</c>.</summary>
public sealed class SwapLocationTests : AccountTests
{
    private const string Name = "DESTINATION__ATHENA__HIVE_REPLACE";
    private const string Root = "s3://lake/ds/items/";

    private static readonly (string, string) Swap = (Name, "swap-location");
    private static readonly ResourceHints Replace = new() { WriteDisposition = WriteDisposition.Replace };

    [Theory, Scenario("X-08"), InlineData(false), InlineData(true)]
    public async Task A_reader_finds_the_old_rows_or_the_new_ones(bool isPartitioned)
    {
        var hints = isPartitioned ? Replace with { Partitions = [Partition.Identity("country")] } : Replace;
        static string[] Rows(int id) => [.. new[] { "de", "fr", "it" }.Select(c => $$"""{"id":{{id}},"country":"{{c}}","tags":["x"]}""")];
        await RunAsync(Some.Resource("items", hints, Rows(1)));
        List<string> items = [], tags = [];
        var isReading = false;
        T Watched<T>(T service) where T : class => Steps.Intercept(service, (_, call) =>
        {
            lock (items)
            {
                Look();
                var answer = call();
                if (answer is Task done) done.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
                Look();
                return answer;
            }
        });
        void Look()
        {
            if (isReading) return;
            isReading = true;
            items.Add(ValuesAsync("SELECT id FROM items ORDER BY id").GetAwaiter().GetResult());
            tags.Add(ValuesAsync("SELECT count(*) FROM items__tags").GetAwaiter().GetResult());
            isReading = false;
        }

        for (var id = 2; id < 4; id++)
        {
            var machine = new Machine(Account, glue: Watched(Account.Glue), objects: Watched(Account.Objects));
            await machine.RunAsync(Some.Resource("items", hints, Rows(id)), settings: Swap);
        }

        Assert.Equal(["1,1,1", "2,2,2", "3,3,3"], items.Distinct());
        Assert.Equal(["3"], tags.Distinct());
        Assert.Equal(isPartitioned ? 3 : 1, await FilesAsync("ds/items/"));
        var table = await Account.Glue.GetTableAsync("ds", "items", Cancellation);
        Assert.Matches(@"^s3://lake/ds/items/_dlt_swap/[0-9.]+/$", table!.Location);
    }

    [Fact]
    public async Task Nested_tables_are_swapped_before_their_root()
    {
        static string Item(int id) => $$"""{"id":{{id}},"tags":[{"n":{{id}}}]}""";
        await RunAsync(Some.Resource("items", Replace, Item(1)), Swap);
        var order = new List<string>();
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            if (method == nameof(IGlueCatalog.UpdateTableAsync)) order.Add(given.OfType<GlueTableInput>().First().Name);
            return call();
        });
        await new Machine(Account, glue: glue).RunAsync(Some.Resource("items", Replace, Item(2)), settings: Swap);
        Assert.Equal(["items__tags", "items"], order.Where(t => t.StartsWith("items", StringComparison.Ordinal)));
        Assert.Equal("2", await ValuesAsync("SELECT t.n FROM items JOIN items__tags t ON t._dlt_parent_id = items._dlt_id"));
    }

    [Fact]
    public async Task A_replace_without_rows_leaves_an_empty_table()
    {
        await RunAsync(Some.Resource("items", Replace, """{"id":1,"tags":["x"]}"""), Swap);
        await RunAsync(Some.Resource("items", Replace), Swap);
        Assert.Equal("0", await ValuesAsync("SELECT (SELECT count(*) FROM items) + (SELECT count(*) FROM items__tags)"));
        await RunAsync(Some.Resource("items", """{"id":2}"""));
        Assert.Equal("2", await ValuesAsync("SELECT id FROM items"));
    }

    [Fact]
    public async Task Later_loads_follow_the_location_whatever_the_setting_is()
    {
        await RunAsync(Some.Resource("items", """{"id":1}"""));
        await RunAsync(Some.Resource("items", Replace, """{"id":2}"""), Swap);
        var first = await LocationAsync();
        await RunAsync(Some.Resource("items", """{"id":3,"more":"x"}"""));
        Assert.Equal("2,3", await ValuesAsync("SELECT id FROM items ORDER BY id"));
        foreach (var setting in new[] { "delete-after", "truncate-and-insert" })
        {
            await RunAsync(Some.Resource("items", Replace, """{"id":4}"""), (Name, setting));
            await RunAsync(Some.Resource("items", """{"id":5}"""), (Name, setting));
            Assert.Equal("4,5", await ValuesAsync("SELECT id FROM items ORDER BY id"));
            Assert.Equal(first, await LocationAsync());
        }

        await RunAsync(Some.Resource("items", Replace, """{"id":6}"""), Swap);
        Assert.Equal("6", await ValuesAsync("SELECT id FROM items"));
        Assert.NotEqual(first, await LocationAsync());
        Assert.Equal(1, await FilesAsync("ds/items/"));
    }

    [Theory, InlineData(RefreshMode.DropData), InlineData(RefreshMode.DropResources), InlineData(RefreshMode.DropSources)]
    public async Task A_refresh_of_a_swapped_table_leaves_the_new_rows(RefreshMode refresh)
    {
        await RunAsync(Some.Resource("items", Replace, """{"id":1}"""), Swap);
        await new Machine(Account).RunAsync(Some.Resource("items", """{"id":2}"""), refresh: refresh);
        Assert.Equal("2", await ValuesAsync("SELECT id FROM items"));
        Assert.Equal(1, await FilesAsync("ds/items/"));
        Assert.Equal(refresh == RefreshMode.DropData, await LocationAsync() != Root);
    }

    [Fact]
    public async Task The_location_is_changed_by_glue_also_where_athena_makes_the_tables()
    {
        var sent = new ConcurrentQueue<string>();
        var athena = Steps.Intercept(Account.Athena, (method, given, call) =>
        {
            if (method == nameof(IAthena.StartAsync)) sent.Enqueue(((AthenaQuery)given[0]!).Sql);
            return call();
        });
        (string, string)[] settings = [Swap, ("DESTINATION__ATHENA__DDL", "athena")];
        await new Machine(Account, athena: athena).RunAsync(Some.Resource("items", Replace, """{"id":1}"""), settings: settings);
        sent.Clear();
        await new Machine(Account, athena: athena).RunAsync(Some.Resource("items", Replace, """{"id":2,"b":1}"""), settings: settings);
        Assert.StartsWith("ALTER TABLE `awsdatacatalog`.`ds`.`items` ADD COLUMNS", Assert.Single(sent), StringComparison.Ordinal);
        Assert.Equal("2", await ValuesAsync("SELECT id FROM items"));
    }

    [Theory, InlineData("s3://lake/elsewhere/"), InlineData("s3://lake/ds/others/_dlt_swap/1.5/"), InlineData(Root + "deeper/")]
    public async Task A_location_of_others_is_refused(string location)
    {
        await RunAsync(Some.Resource("items", Replace, """{"id":1}"""), Swap);
        var table = (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition;
        var moved = table with { StorageDescriptor = table.StorageDescriptor! with { Location = location } };
        await Account.Glue.UpdateTableAsync("ds", moved, cancellationToken: Cancellation);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(Some.Resource("items", Replace, """{"id":2}"""), Swap));
        Assert.Contains($"reads from {location}, but under the current settings its files would be written to {Root}", error.Message,
            StringComparison.Ordinal);
        Assert.Equal(location, await LocationAsync());
    }

    [Fact]
    public async Task A_layout_without_load_ids_is_refused()
    {
        (string, string)[] settings = [Swap, ("DESTINATION__FILESYSTEM__LAYOUT", "{table_name}/{file_id}.{ext}")];
        var error = await Assert.ThrowsAnyAsync<ConfigurationException>(
            () => new Machine(Account).RunAsync(Some.Resource("items", Replace, """{"id":1}"""), settings: settings));
        Assert.Contains("has no {load_id}", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Machine.KeysAsync(Account, "ds/"));
    }

    [Fact]
    public async Task A_table_whose_partitions_glue_lists_deletes_afterwards_and_says_so()
    {
        var hints = Replace with { Partitions = [Partition.Identity("country")] };
        var warnings = new List<string>();
        (string, string)[] settings = [Swap, ("DESTINATION__ATHENA__HIVE_PARTITIONS", "glue")];
        foreach (var country in new[] { "de", "fr" })
        {
            var item = $$"""{"country":"{{country}}"}""";
            await new Machine(Account).RunAsync(Some.Resource("items", hints, item), warnings: warnings, settings: settings);
        }

        Assert.Equal("fr", await ValuesAsync("SELECT country FROM items"));
        Assert.Equal(Root, await LocationAsync());
        Assert.Equal(2, warnings.Count(w => w.Contains("Glue lists its partitions, each with its own location", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Orphans_do_not_name_the_files_of_a_swapped_table_and_warn_of_files_that_nobody_reads()
    {
        await RunAsync(Some.Resource("items", Replace, """{"id":1}"""), Swap);
        await RunAsync(Some.Resource("items", """{"id":2}"""));
        Assert.Equal((0, 0), await OrphansAsync());
        // Python dlt does not follow: its load is complete, and its file is in the folder of the table itself.
        var file = (await Machine.KeysAsync(Account, "ds/items/")).Last(k => k.EndsWith(".parquet", StringComparison.Ordinal));
        var content = await Account.Objects.GetAsync(new("lake", file), cancellationToken: Cancellation);
        await Account.Objects.PutAsync(new("lake", "ds/items/" + file.Split('/')[^1]), content, cancellationToken: Cancellation);
        Assert.Equal((0, 1), await OrphansAsync());
        Assert.Equal("1,2", await ValuesAsync("SELECT id FROM items ORDER BY id"));
        await RunAsync(Some.Resource("items", Replace, """{"id":3}"""), Swap);
        Assert.Equal((0, 0), await OrphansAsync());
    }

    [Fact]
    public async Task A_dropped_dataset_leaves_nothing()
    {
        await RunAsync(Some.Resource("items", Replace, """{"id":1}"""), Swap);
        await using var maintenance = AthenaMaintenance.Open(Account, Some.Configuration(Folder.Path));
        var content = await maintenance.FindAsync("ds", Cancellation);
        Assert.All(content.Databases[0].Tables, t => Assert.True(t.IsInFolder));
        await maintenance.DropAsync(content, cancellationToken: Cancellation);
        Assert.Empty(await Machine.KeysAsync(Account, "ds/"));
        await RunAsync(Some.Resource("items", Replace, """{"id":2}"""), Swap);
        Assert.Equal("2", await ValuesAsync("SELECT id FROM items"));
    }

    private async Task<(int Found, int Warnings)> OrphansAsync()
    {
        var warnings = new List<string>();
        await using var maintenance = AthenaMaintenance.Open(Account, Some.Configuration(Folder.Path), warn: warnings.Add);
        var found = await maintenance.FindOrphansAsync("ds", Cancellation);
        return (found.Count, warnings.Count(w => w.Contains("outside of it, which no query finds", StringComparison.Ordinal)));
    }

    private Task<LoadInfo> RunAsync(Resource resource, params (string, string)[] settings) =>
        new Machine(Account).RunAsync(resource, settings: settings);

    private Task<string> ValuesAsync(string sql) => Machine.ValuesAsync(Account, sql);

    private async Task<string> LocationAsync() => (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!.Location;

    private async Task<int> FilesAsync(string folder) =>
        (await Machine.KeysAsync(Account, folder)).Count(k => k.EndsWith(".parquet", StringComparison.Ordinal));
}
