using System.Collections.Concurrent;
using System.Globalization;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Bookkeeping;

/// <summary>Old states and versions go (<c>max_state_files</c>, <c>max_version_rows</c>), and a new machine finds what it needs.</summary>
public sealed class BookkeepingLimitsTests : IDisposable
{
    private static readonly (string, string) Iceberg = ("DESTINATION__ATHENA__FORCE_ICEBERG", "true");

    private readonly TempFolder _folder = new();
    private int _id;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalAthena Account => Some.Account(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_newest_states_stay_and_a_new_machine_goes_on_from_the_last(bool isIceberg)
    {
        await RunAsync("other", 2, States(2, isIceberg));
        await RunAsync("pipe", 6, States(3, isIceberg));
        Assert.Equal("3", await StatesOfAsync("pipe"));
        Assert.Equal("2", await StatesOfAsync("other"));
        var last = await Some.ValueAsync(Account, "SELECT max(load_id) FROM _dlt_loads WHERE schema_name = 'pipe'");
        Assert.Equal(last, await Some.ValueAsync(Account, "SELECT max(_dlt_load_id) FROM _dlt_pipeline_state"));

        var fresh = new Machine(Account, _folder.File("fresh")).Pipeline(settings: States(3, isIceberg));
        Assert.True((await fresh.RunAsync(Cursor("pipe", _id), Cancellation)).RestoredFromDestination);
        Assert.Equal("6", await Some.ValueAsync(Account, "SELECT count(*) FROM pipe"));   // the cursor knew the row
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task States_of_a_pipeline_with_a_schema_of_the_same_name_stay(bool isIceberg)
    {
        for (var run = 0; run < 4; run++)
        {
            foreach (var pipeline in new[] { "one", "two" })
            {
                await new Machine(Account).Pipeline(pipeline, settings: States(2, isIceberg))
                    .RunAsync(new Source("shared", Cursor(pipeline, ++_id)), Cancellation);
            }
        }

        Assert.Equal(("2", "2"), (await StatesOfAsync("one"), await StatesOfAsync("two")));
    }

    [Theory, InlineData(0), InlineData(-1)]
    public async Task Without_a_limit_all_states_stay(int limit)
    {
        await RunAsync("pipe", 4, States(limit));
        Assert.Equal("4", await StatesOfAsync("pipe"));
    }

    [Fact]
    public async Task States_of_loads_that_are_not_complete_stay()
    {
        await RunAsync("pipe", 2, States(2));
        var states = await Machine.KeysAsync(Account, "ds/_dlt_pipeline_state/");
        var state = states.Last(k => k.EndsWith(".parquet", StringComparison.Ordinal));
        var content = await Account.Objects.GetAsync(new("lake", state), cancellationToken: Cancellation);
        const string pending = "ds/_dlt_pipeline_state/1600000000.5.0123456789.parquet";
        await Account.Objects.PutAsync(new("lake", pending), content, cancellationToken: Cancellation);
        await RunAsync("pipe", 3, States(2));
        var left = await Machine.KeysAsync(Account, "ds/_dlt_pipeline_state/");
        Assert.Contains(pending, left);
        Assert.Equal(3, left.Count(k => k.EndsWith(".parquet", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_load_within_the_limit_lists_nothing_and_one_beyond_it_reads_and_removes_one_file()
    {
        var calls = new ConcurrentQueue<string>();
        var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
        {
            var key = given.OfType<ObjectLocation>().FirstOrDefault()?.Key ?? given.OfType<IReadOnlyCollection<string>>().FirstOrDefault()
                ?.First() ?? given.OfType<string>().LastOrDefault() ?? "";
            if (key.Contains("_dlt_pipeline_state", StringComparison.Ordinal)) calls.Enqueue(method);
            return call();
        });
        for (var run = 0; run < 7; run++)
        {
            calls.Clear();
            await new Machine(Account, objects: objects).RunAsync(Cursor("pipe", ++_id), settings: States(5));
            string[] beyond = run < 5 ? [] : ["ListAsync", "GetAsync", "DeleteAsync"];
            Assert.Equal(beyond, calls.SkipWhile(c => c != "UploadAsync").Skip(1));
        }
    }

    [Theory]
    [InlineData(typeof(UnauthorizedAccessException), "The login lacks the permission s3:DeleteObject on s3://lake/ds/*.")]
    [InlineData(typeof(IOException), null)]
    public async Task A_login_that_may_not_delete_states_gets_one_warning_that_names_it_and_its_load_is_complete(Type error, string? reason)
    {
        var warnings = new List<string>();
        var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
        {
            var isState = given.OfType<IReadOnlyCollection<string>>().Any(keys => keys.First().Contains("_dlt_pipeline_state"));
            return method == "DeleteAsync" && isState ? throw (Exception)Activator.CreateInstance(error, reason)! : call();
        });
        var pipeline = new Machine(Account, objects: objects).Pipeline(warnings: warnings, settings: States(1));
        for (var run = 0; run < 3; run++) await pipeline.RunAsync(Cursor("pipe", ++_id), Cancellation);
        Assert.Equal("3", await StatesOfAsync("pipe"));
        Assert.Equal("3", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_loads"));
        string[] expected = reason is null ? [] : ["The load is complete, but states beyond max_state_files stay: " + reason];
        Assert.Equal(expected, warnings.Distinct());
    }

    [Fact]
    public async Task States_that_Python_dlt_named_go_too()
    {
        await RunAsync("other", 2, States(0));
        await RunAsync("pipe", 5, States(0));
        foreach (var key in (await Machine.KeysAsync(Account, "ds/_dlt_pipeline_state/")).Where(k => !k.EndsWith('/')).Index())
        {
            var content = await Account.Objects.GetAsync(new("lake", key.Item), cancellationToken: Cancellation);
            var named = Path.GetFileName(key.Item).Split('.');   // the id of the file is the part before the ending
            named[^2] = $"00000000{key.Index:00}";
            var folder = key.Item[..(key.Item.LastIndexOf('/') + 1)];
            await Account.Objects.PutAsync(new("lake", folder + string.Join('.', named)), content, cancellationToken: Cancellation);
            await Account.Objects.DeleteAsync("lake", [key.Item], Cancellation);
        }

        await RunAsync("pipe", 1, States(2));
        Assert.Equal(("2", "2"), (await StatesOfAsync("pipe"), await StatesOfAsync("other")));
    }

    [Fact]
    public async Task An_iceberg_table_of_states_has_few_files()
    {
        await RunAsync("pipe", 22, States(100, isIceberg: true));
        Assert.Equal("22", await StatesOfAsync("pipe"));
        Assert.InRange(await FilesAsync("_dlt_pipeline_state"), 1, 11);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Versions_beyond_the_limit_go_unless_a_kept_state_needs_them(bool isIceberg)
    {
        (string, string)[] settings = [.. States(2, isIceberg), ("DESTINATION__ATHENA__MAX_VERSION_ROWS", "1")];
        for (var run = 1; run <= 5; run++)
        {
            var item = Enumerable.Range(0, run).Select(c => $"\"c{c}\":1").Append($"\"id\":{run}");
            await new Machine(Account).RunAsync(
                Some.Resource("pipe", new ResourceHints { Incremental = new("id") }, $"{{{string.Join(',', item)}}}"), settings: settings);
        }

        Assert.Equal("2", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_version"));
        Assert.Equal("0", await Some.ValueAsync(Account, """
            SELECT count(*) FROM _dlt_pipeline_state s JOIN _dlt_loads l ON l.load_id = s._dlt_load_id
            LEFT JOIN _dlt_version v ON v.version_hash = l.schema_version_hash WHERE v.version_hash IS NULL
            """));
        var fresh = new Machine(Account, _folder.File("fresh")).Pipeline(settings: settings);
        await fresh.RunAsync(Some.Resource("pipe", """{"c4":2,"id":9}"""), Cancellation);
        Assert.Equal("6", await Some.ValueAsync(Account, "SELECT count(*) FROM pipe"));
    }

    [Fact]
    public async Task Without_the_setting_all_versions_stay()
    {
        for (var run = 1; run <= 3; run++) await new Machine(Account).RunAsync(Some.Resource("t", $$"""{"c{{run}}":1}"""));
        Assert.Equal("3", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_version"));
    }

    private static (string, string)[] States(int limit, bool isIceberg = false)
    {
        var text = limit.ToString(CultureInfo.InvariantCulture);
        (string, string) setting = ("DESTINATION__FILESYSTEM__MAX_STATE_FILES", text);
        return isIceberg ? [setting, Iceberg] : [setting];
    }

    private static Resource Cursor(string table, int id) =>
        Some.Resource(table, new ResourceHints { Incremental = new("id") }, $$"""{"id":{{id}}}""");

    private async Task RunAsync(string pipeline, int runs, (string, string)[] settings)
    {
        for (var run = 0; run < runs; run++) await new Machine(Account).RunAsync(Cursor(pipeline, ++_id), pipeline, settings: settings);
    }

    private Task<string?> StatesOfAsync(string pipeline) =>
        Some.ValueAsync(Account, $"SELECT count(*) FROM _dlt_pipeline_state WHERE pipeline_name = '{pipeline}'");

    private async Task<int> FilesAsync(string table)
    {
        var catalog = Athena.IcebergCatalog(Account);
        var opened = await catalog.LoadTableAsync(new("ds", table), Cancellation);
        return int.Parse(opened.Metadata.CurrentSnapshot!.Summary["total-data-files"], CultureInfo.InvariantCulture);
    }
}
