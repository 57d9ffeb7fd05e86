using Dlt.Destinations.Publishing;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Journal;

/// <summary>What the next run does with the load of a machine that is gone.</summary>
public sealed class LoadRecoveryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LocalAthena _account;

    public LoadRecoveryTests() => _account = Some.Account(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("hive"), InlineData("iceberg"), InlineData("partitions"), InlineData("glue")]
    public async Task A_load_that_was_staged_is_completed_before_the_state_is_read(string format)
    {
        await LoseAsync(format, "_dlt_loads");
        var warnings = new List<string>();
        await new Machine(_account, _folder.File("next")).RunAsync(Items(format, 2), "pipe", warnings);
        Assert.Equal("1,2", await Machine.ValuesAsync(_account, "SELECT id FROM items ORDER BY id"));
        Assert.Equal("2", await Machine.ValuesAsync(_account, "SELECT count(*) FROM _dlt_loads"));
        Assert.Equal("0", await Machine.ValuesAsync(
            _account, "SELECT count(*) FROM items WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads)"));
        Assert.Contains(warnings, w => w.EndsWith("had staged and not completed, was completed.", StringComparison.Ordinal));
        Assert.All(await StatesAsync(), s => Assert.Equal(JournalState.Committed, s));
    }

    [Theory, Scenario("T-70"), InlineData("hive"), InlineData("iceberg"), InlineData("partitions"), InlineData("glue")]
    public async Task A_load_that_was_not_staged_leaves_no_file_and_no_row(string format)
    {
        await LoseAsync(format, nameof(IObjectStore.UploadAsync));
        Assert.NotEmpty(await Machine.KeysAsync(_account, "ds/_dlt_publish/"));
        var warnings = new List<string>();
        await new Machine(_account, _folder.File("next")).RunAsync(Items(format, 2), "pipe", warnings);
        Assert.Equal("2", await Machine.ValuesAsync(_account, "SELECT id FROM items"));
        Assert.Equal("1", await Machine.ValuesAsync(_account, "SELECT count(*) FROM _dlt_loads"));
        Assert.Single(await Machine.KeysAsync(_account, "ds/items/"), k => k.EndsWith(".parquet", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.Contains("was taken back: its files were removed", StringComparison.Ordinal));
    }

    [Theory, InlineData("hive"), InlineData("iceberg"), InlineData("glue")]
    public async Task A_load_whose_abort_was_interrupted_on_a_machine_that_is_gone_leaves_no_row(string format)
    {
        await LoseAsync(format, "_dlt_loads");
        var isMarked = false;
        var objects = Steps.Intercept(_account.Objects, (method, given, call) =>
        {
            if (isMarked) throw new DltException("The power is gone.");
            isMarked = method == nameof(IObjectStore.PutAsync)
                && ((ObjectLocation)given[0]!).Key.Contains("/_dlt_publish/", StringComparison.Ordinal);
            return call();
        });
        var lost = new Machine(_account, _folder.File("lost"), objects: objects).Pipeline();
        await Assert.ThrowsAnyAsync<DltException>(() => lost.AbortPackagesAsync(cancellationToken: Cancellation));
        await ReleaseAsync();
        await new Machine(_account, _folder.File("next")).RunAsync(Items(format, 2));
        Assert.Equal("2", await Machine.ValuesAsync(_account, "SELECT id FROM items"));
        if (format != "glue") return;
        var left = await _account.Glue.GetPartitionsAsync("ds", "items", Cancellation).ToListAsync(Cancellation);
        Assert.Equal("2", Assert.Single(Assert.Single(left).Values));
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task Loads_that_are_committed_together_are_not_completed_when_the_abort_of_some_was_interrupted(int end)
    {
        await new Machine(_account, _folder.File("lost")).RunAsync(Items("iceberg", 1));
        var plain = new Source("plain", Items("iceberg", 2));
        var glue = Steps.Intercept(_account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == "_dlt_loads"
                ? throw new Steps.EndedException() : call());
        var lost = new Machine(_account, _folder.File("lost"), glue: glue);
        await Assert.ThrowsAnyAsync<Exception>(() => lost.Pipeline().RunAsync(plain, Cancellation));
        Assert.Equal(3, (await StatesAsync()).Count);   // the first run, the data of the second one, and its state
        var writes = 0;
        var objects = Steps.Intercept(_account.Objects, (method, given, call) =>
        {
            var isJournal = given[0] is ObjectLocation place && place.Key.Contains("/_dlt_publish/", StringComparison.Ordinal);
            var isWrite = isJournal && method is nameof(IObjectStore.PutAsync) or nameof(IObjectStore.TryDeleteAsync);
            return isWrite && writes++ == end ? throw new Steps.EndedException() : call();
        });
        var aborting = new Machine(_account, _folder.File("lost"), objects: objects).Pipeline();
        await Assert.ThrowsAsync<Steps.EndedException>(() => aborting.AbortPackagesAsync(cancellationToken: Cancellation));
        await new Machine(_account, _folder.File("next")).RunAsync(Items("iceberg", 3));
        Assert.Equal("1,3", await Machine.ValuesAsync(_account, "SELECT id FROM items ORDER BY id"));
        Assert.Equal("2", await Machine.ValuesAsync(_account, "SELECT count(*) FROM _dlt_loads"));
    }

    [Fact]
    public async Task A_table_that_the_lost_load_had_emptied_is_named()
    {
        (string, string) setting = ("DESTINATION__ATHENA__HIVE_REPLACE", "truncate-and-insert");
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await new Machine(_account).RunAsync(Some.Resource("items", replace, """{"id":1}"""), settings: setting);
        var objects = Steps.Intercept(_account.Objects, (method, given, call) =>
            method == nameof(IObjectStore.UploadAsync) ? throw new DltException("The power is gone.") : call());
        await Assert.ThrowsAnyAsync<DltException>(() => new Machine(_account, _folder.File("lost"), objects: objects)
            .RunAsync(Some.Resource("items", replace, """{"id":2}"""), settings: setting));
        var warnings = new List<string>();
        var next = new Machine(_account, _folder.File("next"));
        await next.RunAsync(Some.Resource("more", """{"id":3}"""), "pipe", warnings, settings: setting);
        Assert.Contains(warnings, w => w.Contains("had removed the earlier rows of items first", StringComparison.Ordinal));
    }

    [Theory, InlineData("hive"), InlineData("iceberg"), InlineData("partitions"), InlineData("glue")]
    public async Task A_staged_load_whose_files_are_gone_is_taken_back_and_its_rows_are_loaded_once(string format)
    {
        await LoseAsync(format, "_dlt_loads");
        var files = (await Machine.KeysAsync(_account, "ds/_dlt_pipeline_state/"))
            .Where(k => k.EndsWith(".parquet", StringComparison.Ordinal)).ToList();
        Assert.Single(files);
        await _account.Objects.DeleteAsync("lake", files, Cancellation);
        var warnings = new List<string>();
        var again = Some.Resource("items", Hints(format), """{"id":1}""", """{"id":2}""");
        await new Machine(_account, _folder.File("next")).RunAsync(again, "pipe", warnings);
        Assert.Equal("1,2", await Machine.ValuesAsync(_account, "SELECT id FROM items ORDER BY id"));
        Assert.Equal("1", await Machine.ValuesAsync(_account, "SELECT count(*) FROM _dlt_loads"));
        Assert.Contains(warnings, w => w.Contains("cannot be completed. The files of job _dlt_pipeline_state", StringComparison.Ordinal)
            && w.Contains("It was taken back: its files were removed, and its rows are extracted again.", StringComparison.Ordinal));
        Assert.All(await StatesAsync(), s => Assert.Equal(JournalState.Committed, s));
    }

    [Fact]
    public async Task Loads_of_other_pipelines_are_left_alone()
    {
        await LoseAsync("hive", nameof(IObjectStore.UploadAsync));
        await new Machine(_account, _folder.File("next")).RunAsync(Items("hive", 2), "another");
        Assert.Equal(2, (await StatesAsync()).Count);
        await new Machine(_account, _folder.File("lost")).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal("1,2", await Machine.ValuesAsync(_account, "SELECT id FROM items ORDER BY id"));
    }

    [Fact]
    public async Task Without_a_lease_nobody_knows_whether_a_load_is_dead()
    {
        await LoseAsync("hive", "_dlt_loads");
        await new Machine(_account, _folder.File("next")).RunAsync(
            Items("hive", 2), settings: ("DESTINATION__ATHENA__LEASE", "0"));
        Assert.Equal("1", await Machine.ValuesAsync(_account, "SELECT count(*) FROM _dlt_loads"));
    }

    [Fact]
    public async Task A_process_that_wakes_up_after_its_load_was_taken_back_commits_nothing()
    {
        var isDone = 0;
        var objects = Steps.Intercept(_account.Objects, (method, given, call) =>
        {
            var result = call();
            if (method != nameof(IObjectStore.UploadAsync) || Interlocked.Exchange(ref isDone, 1) == 1) return result;
            ((Task)result!).GetAwaiter().GetResult();
            ReleaseAsync().GetAwaiter().GetResult();   // as if the lease were too old
            new Machine(_account, _folder.File("next")).RunAsync(Items("iceberg", 2)).GetAwaiter().GetResult();
            return result;
        });
        var sleeper = new Machine(_account, _folder.File("lost"), objects: objects);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => sleeper.RunAsync(Items("iceberg", 1)));
        Assert.Contains("has taken load", error.Message, StringComparison.Ordinal);
        Assert.Equal("2", await Machine.ValuesAsync(_account, "SELECT id FROM items"));
        await new Machine(_account, _folder.File("lost")).RunAsync(Items("iceberg", 3));
        Assert.Equal("1,2,3", await Machine.ValuesAsync(_account, "SELECT id FROM items ORDER BY id"));
    }

    [Fact]
    public async Task A_table_that_got_a_column_meanwhile_takes_the_rows_of_a_staged_load()
    {
        await new Machine(_account).RunAsync(Items("iceberg", 0));
        await LoseAsync("iceberg", "_dlt_publish", skip: 1);   // the write that records the load as staged is done, nothing after it
        await new Machine(_account, _folder.File("other")).RunAsync(
            Some.Resource("items", new ResourceHints { TableFormat = TableFormat.Iceberg }, """{"id":5,"more":"x"}"""), "another");
        await new Machine(_account, _folder.File("next")).RunAsync(Items("iceberg", 2));
        Assert.Equal("0,1,2,5", await Machine.ValuesAsync(_account, "SELECT id FROM items ORDER BY id"));
    }

    private static Resource Items(string format, int id) =>
        Some.Resource("items", Hints(format), $$"""{"id":{{id}}}""");

    private static ResourceHints Hints(string format) =>
        format is "partitions" or "glue"
            ? new()
            {
                Partitions = [Partition.Identity("id")],
                Additional = format == "glue" ? [new("x-athena-hive-partitions", JsonValue.String("glue"))] : [],
            }
            : new() { TableFormat = Some.Format(format) };

    /// <summary>A machine that ends after its first upload, or before a write to a folder.</summary>
    private async Task LoseAsync(string format, string at, int skip = 0)
    {
        var isDead = false;
        IObjectStore objects = Steps.Intercept(_account.Objects, (method, given, call) =>
        {
            if (isDead) throw new DltException("The power is gone.");
            var isUpload = method == nameof(IObjectStore.UploadAsync);
            var isPut = (isUpload || method == nameof(IObjectStore.PutAsync)) && given[0] is ObjectLocation place
                && place.Key.Contains($"/{at}/", StringComparison.Ordinal) && (at != "_dlt_loads" || place.Key.Contains("/data/",
                    StringComparison.Ordinal));
            if (at == nameof(IObjectStore.UploadAsync) && isUpload)
            {
                ((Task)call()!).GetAwaiter().GetResult();
                isDead = true;
            }
            else if (isPut && skip-- == 0)
            {
                if (at == "_dlt_publish") ((Task)call()!).GetAwaiter().GetResult();
                isDead = true;
            }

            if (isDead) throw new DltException("The power is gone.");
            return call();
        });
        var glue = Steps.Intercept(_account.Glue, (_, call) => isDead ? throw new DltException("The power is gone.") : call());
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(_account, _folder.File("lost"), glue, objects).RunAsync(Items(format, 1)));
        await ReleaseAsync();
    }

    /// <summary>Makes the lease of the pipeline as old as it is after a while.</summary>
    private async Task ReleaseAsync()
    {
        foreach (var key in await Machine.KeysAsync(_account, "ds/_dlt_lease/"))
        {
            var file = ((FolderObjectStore)_account.Objects).PathOf(new("lake", key));
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - TimeSpan.FromMinutes(2));
        }
    }

    private async Task<List<JournalState?>> StatesAsync()
    {
        var states = new List<JournalState?>();
        foreach (var key in await Machine.KeysAsync(_account, "ds/_dlt_publish/"))
            states.Add(PublishObject.Read(await _account.Objects.GetAsync(new("lake", key), cancellationToken: Cancellation), key).State);
        return states;
    }
}
