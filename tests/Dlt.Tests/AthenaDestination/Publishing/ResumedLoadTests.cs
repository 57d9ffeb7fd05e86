using Dlt.Destinations.Publishing;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Naming;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>Another process resumes a load: under other settings, or after other loads became complete.</summary>
public sealed class ResumedLoadTests : IDisposable
{
    private const string NoIds = "{table_name}/rows.{ext}";

    private static readonly DateTimeOffset Began = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{table_name}/{load_id}.{file_id}.{ext}", "{table_name}/{file_id}.{ext}")]
    [InlineData("{table_name}/{file_id}.{ext}", "{table_name}/{load_id}/{file_id}.{ext}")]
    [InlineData("{table_name}/{load_id}.{file_id}.{ext}", "{table_name}/{YYYY}/{load_id}.{file_id}.{ext}")]
    [InlineData(NoIds, "{table_name}/{load_id}.{file_id}.{ext}")]
    public async Task A_package_that_waited_while_the_layout_changed_is_loaded_once(string before, string after)
    {
        var account = Some.Account(_folder);
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(account, objects: NoRow(account)).RunAsync(Some.Resource("items", """{"id":1}"""), settings: Layout(before)));
        await new Machine(account).Pipeline(settings: Layout(after)).LoadPendingAsync(Cancellation);
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Theory]
    [InlineData("EXTRA_PLACEHOLDERS", """{"part":"a"}""", """{"part":"b"}""")]
    [InlineData("CURRENT_DATETIME", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")]
    public async Task A_package_that_waited_while_a_placeholder_changed_is_loaded_once(string setting, string before, string after)
    {
        var account = Some.Account(_folder);
        var layout = setting == "CURRENT_DATETIME" ? "{table_name}/{YYYY}/{file_id}.{ext}" : "{table_name}/{part}/{file_id}.{ext}";
        (string, string)[] With(string value) => [.. Layout(layout), ($"DESTINATION__FILESYSTEM__{setting}", value)];
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(account, objects: NoRow(account)).RunAsync(Some.Resource("items", """{"id":1}"""), settings: With(before)));
        await new Machine(account).Pipeline(settings: With(after)).LoadPendingAsync(Cancellation);
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task A_package_that_never_uploaded_keeps_foreign_rows_under_a_key_that_it_gave_up()
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("items", """{"id":1}"""), settings: Layout(NoIds));
        var dying = Steps.Intercept(
            account.Objects, (method, call) => method == nameof(IObjectStore.UploadAsync) ? throw new DltException("no") : call());
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(account, objects: dying).RunAsync(Some.Resource("items", """{"id":2}"""), settings: Layout(NoIds)));
        await new Machine(account).Pipeline(settings: Layout("{table_name}/{load_id}.{file_id}.{ext}")).LoadPendingAsync(Cancellation);
        Assert.Equal("1,2", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
    }

    [Theory, InlineData(null, "1,2"), InlineData(RefreshMode.DropResources, "1,2"), InlineData(RefreshMode.DropData, "1,2")]
    public async Task An_append_that_was_under_way_when_a_load_that_removes_rows_began_and_died_keeps_its_rows(
        RefreshMode? refresh, string rows)
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("items", """{"id":0}"""));
        var append = _folder.File("append");
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(account, append, objects: NoRow(account)).RunAsync(Some.Resource("items", """{"id":1}"""), "append"));
        var isDead = false;
        var objects = Steps.Intercept(
            account.Objects,
            (method, given, call) =>
            {
                if (isDead) throw new DltException("The power is gone.");
                isDead = method == nameof(IObjectStore.PutAsync) && given[0] is ObjectLocation at
                    && at.Key.Contains("/_dlt_publish/", StringComparison.Ordinal);
                return call();
            });
        var hints = new ResourceHints { WriteDisposition = refresh is null ? WriteDisposition.Replace : WriteDisposition.Append };
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(account, objects: objects).RunAsync(Some.Resource("items", hints, """{"id":2}"""), refresh: refresh));
        Assert.Equal(1, Machine.Pending(account));
        await new Machine(account, append).Pipeline("append").LoadPendingAsync(Cancellation);
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal(rows, await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
    }

    [Fact]
    public async Task A_load_of_Python_that_became_complete_after_a_replace_keeps_its_rows_in_the_sweep_of_the_next_process()
    {
        var objects = new SortedDictionary<string, (byte[] Content, DateTimeOffset Time)>(StringComparer.Ordinal);
        var now = Began;
        var store = new SteppedStore(null, 0, objects, () => now = now.AddSeconds(1));
        HashSet<string> complete = ["1699999000.0"];
        LoadRegistry Publisher() =>
            new(store, new("lake", "ds"), new(FileLayout.Default), _ => Task.FromResult<IReadOnlySet<string>>(complete.ToHashSet()));
        var table = new TableSchema("items");
        var schema = new Schema("s", NamingConvention.Create("snake_case", 255));
        LoadPlan Plan(string loadId, WriteMode mode) =>
            new() { LoadId = loadId, Schema = schema, Prepared = [table], Chains = [new(table, mode, [new(table, [])])] };
        foreach (var file in new[] { "1699999000.0.old", "1699999990.0.python" })
            await store.PutAsync(new("lake", $"ds/items/{file}.parquet"), new byte[1], default, Cancellation);
        var replace = Plan("1700000000.0", WriteMode.Replace);
        await (await Publisher().BeginAsync(replace, new(_ => true, PartitionedJobs.None), Cancellation))
            .ReplaceAsync("items", Cancellation);
        await Publisher().BeginAsync(Plan("1700000009.0", WriteMode.Append), new(_ => true, PartitionedJobs.None), Cancellation);
        complete.UnionWith(["1700000000.0", "1699999990.0"]);
        await (await Publisher().ResumeAsync("1700000000.0", Cancellation))!.SweepAsync(Cancellation);
        Assert.Equal(
            ["ds/items/1699999990.0.python.parquet"], objects.Keys.Where(k => k.StartsWith("ds/items/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_files_of_an_iceberg_table_stay_when_a_replace_is_settled_after_the_setting_that_made_it_one_is_gone()
    {
        var account = Some.Account(_folder);
        (string, string)[] forced = [("DESTINATION__ATHENA__FORCE_ICEBERG", "true")];
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":1}"""), settings: forced);
        var loaded = await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":2}"""), settings: forced);
        Unsettle(account, loaded.Packages[0].LoadId);
        await new Machine(account, _folder.File("other")).RunAsync(Some.Resource("others", """{"id":1}"""), "other");
        var files = await Machine.KeysAsync(account, "ds/items/");
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal(files, await Machine.KeysAsync(account, "ds/items/"));
        Assert.Equal(0, Machine.Pending(account));
    }

    [Fact]
    public async Task Settling_that_failed_is_repeated_with_what_the_process_knows_of_the_load()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":1}"""));
        var reads = new List<string>();
        var isCommitted = false;
        var hasFailed = false;
        var objects = Steps.Intercept(account.Objects, (method, given, call) =>
        {
            var key = given.OfType<ObjectLocation>().FirstOrDefault()?.Key ?? "";
            if (isCommitted && method == nameof(IObjectStore.GetAsync)) reads.Add(key);
            if (isCommitted && !hasFailed && method == nameof(IObjectStore.ListAsync))
            {
                hasFailed = true;
                throw new DltException("The line is broken.") { IsTransient = true };
            }

            isCommitted |= key.Contains("/_dlt_loads/data/", StringComparison.Ordinal) && method == nameof(IObjectStore.UploadAsync);
            return call();
        });
        await new Machine(account, objects: objects).RunAsync(Some.Resource("items", hints, """{"id":2}"""));
        Assert.True(hasFailed);
        Assert.DoesNotContain(reads, key => key.Contains("/_dlt_publish/", StringComparison.Ordinal));
    }

    [Fact]
    public void An_object_of_an_earlier_version_does_not_imply_that_no_other_load_was_running()
    {
        var own = new PublishObject { LoadId = "1700000000.0", SchemaName = "s", Tables = [new("items", "replace", [])] };
        var listed = new Dictionary<string, DateTimeOffset>
        { ["1699999990.0"] = Began.AddSeconds(-5), ["1699000000.0"] = Began.AddDays(-3) };
        string[] complete = ["1699999990.0", "1699000000.0", "1600000000.0"];
        Assert.Equal(["1600000000.0", "1699000000.0"], new LoadStart(own, Began, listed).CompleteBefore(complete).Order());
        Assert.Equal(3, new LoadStart(own with { UnderWay = [] }, Began, listed).CompleteBefore(complete).Count);
    }

    [Fact]
    public async Task A_job_file_that_a_power_cut_left_in_two_folders_is_loaded_once()
    {
        var account = Some.Account(_folder);
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(account, objects: NoRow(account)).RunAsync(Some.Resource("items", """{"id":1}""")));
        var package = Directory.GetDirectories(Path.Combine(account.PipelinesFolder!, "pipe", "load", "normalized")).Single();
        foreach (var file in Directory.GetFiles(Path.Combine(package, "completed_jobs")))
            foreach (var folder in new[] { "new_jobs", "started_jobs" })
                File.Copy(file, Path.Combine(package, folder, Path.GetFileName(file)));
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
        Assert.Equal(0, Machine.Pending(account));
    }

    [Fact]
    public async Task Rows_of_a_commit_that_is_found_done_are_counted_in_the_table()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { TableFormat = TableFormat.Iceberg };
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(account, objects: NoRow(account)).RunAsync(Some.Resource("items", hints, """{"id":1}""")));
        var package = Directory.GetDirectories(Path.Combine(account.PipelinesFolder!, "pipe", "load", "normalized")).Single();
        await File.WriteAllTextAsync(
            Directory.GetFiles(Path.Combine(package, "completed_jobs"), "items.*").Single(), "no parquet", Cancellation);
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
        Assert.Equal(0, Machine.Pending(account));
    }

    [Theory, Scenario("X-20"), InlineData(WriteDisposition.Append), InlineData(WriteDisposition.Replace)]
    public async Task A_file_that_is_not_whole_in_the_store_is_an_error_that_names_both_counts(WriteDisposition disposition)
    {
        var account = Some.Account(_folder);
        var objects = Steps.Intercept(
            account.Objects,
            (method, given, call) =>
                method == nameof(IObjectStore.UploadAsync) && given[0] is ObjectLocation at
                && at.Key.Contains("/items/", StringComparison.Ordinal)
                ? account.Objects.PutAsync(at, "PAR1"u8.ToArray(), default, Cancellation) : call());
        var hints = new ResourceHints { WriteDisposition = disposition };
        var error = await Assert.ThrowsAsync<RowCountException>(
            () => new Machine(account, objects: objects).RunAsync(Some.Resource("items", hints, """{"id":1}""", """{"id":2}""")));
        Assert.Equal(("items", 2L, 0L), (error.Table, error.Normalized, error.Committed));
        Assert.Equal(1, Machine.Pending(account));
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal("1,2", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
    }

    private static (string, string)[] Layout(string layout) => [("DESTINATION__FILESYSTEM__LAYOUT", layout)];

    /// <summary>Puts the package of a complete load back, as if its process had ended before it settled the load.</summary>
    private static void Unsettle(LocalAthena account, string loadId)
    {
        var folder = Path.Combine(account.PipelinesFolder!, "pipe", "load");
        File.Delete(Path.Combine(folder, "loaded", loadId, "package_completed.json"));
        Directory.Move(Path.Combine(folder, "loaded", loadId), Path.Combine(folder, "normalized", loadId));
    }

    /// <summary>A store that refuses the row that makes a load complete.</summary>
    private static IObjectStore NoRow(LocalAthena account)
    {
        return Steps.Intercept(
            account.Objects,
            (method, given, call) =>
                given.OfType<ObjectLocation>().FirstOrDefault()?.Key is { } key
                && key.Contains("/_dlt_loads/data/", StringComparison.Ordinal)
                && method is nameof(IObjectStore.PutAsync) or nameof(IObjectStore.UploadAsync)
                    ? throw new DltException("The power is gone.")
                    : call());
    }
}
