using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>Two pipelines that load one table at the same time.</summary>
public sealed class OverlappingLoadTests : IDisposable
{
    private const string NoLoadId = "{table_name}/{file_id}.{ext}";
    private const string NoIds = "{table_name}/rows.{ext}";
    private static readonly (string, string) Layout = ("DESTINATION__FILESYSTEM__LAYOUT", NoLoadId);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hive", nameof(IObjectStore.UploadAsync))]
    [InlineData("hive", "_dlt_publish")]
    [InlineData("hive", "_dlt_loads")]
    [InlineData("iceberg", nameof(IObjectStore.UploadAsync))]
    [InlineData("iceberg", "_dlt_publish")]
    [InlineData("iceberg", "_dlt_loads")]
    public async Task Of_two_replaces_the_rows_of_the_later_load_id_stay_whoever_is_first(string format, string stop)
    {
        foreach (var isEarlierInside in new[] { true, false })
        {
            foreach (var settings in new[] { [], new[] { Layout } })
            {
                using var folder = new TempFolder();
                var account = Some.Account(folder);
                var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace, TableFormat = Some.Format(format) };
                await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":0,"tags":["old"]}"""), settings: settings);
                var (outer, inner) = isEarlierInside ? ("3000000000.0", "2900000000.0") : ("2900000000.0", "3000000000.0");
                var inside = new Machine(account, folder.File("inner"));
                var innerItems = Some.Resource("items", hints, """{"id":2,"tags":["inner"]}""");
                var outerItems = Some.Resource("items", hints, """{"id":1,"tags":["outer"]}""");
                var objects = Once(
                    account.Objects,
                    stop,
                    () => inside.RunAsync(innerItems, "b", loadIds: Ids(inner), settings: settings));
                var outside = new Machine(account, folder.File("outer"), objects: objects);
                await outside.RunAsync(outerItems, "a", loadIds: Ids(outer), settings: settings);
                var seen =
                    $"{await Machine.ValuesAsync(account, "SELECT id FROM items")} "
                    + $"{await Machine.ValuesAsync(account, "SELECT value FROM items__tags")} "
                    + $"{await Machine.ValuesAsync(account, "SELECT count(*) FROM _dlt_loads")}";
                Assert.Equal(isEarlierInside ? "1 outer 3" : "2 inner 3", seen);
            }
        }
    }

    [Theory, InlineData("hive"), InlineData("iceberg")]
    public async Task An_append_that_is_under_way_while_the_table_is_replaced_keeps_its_rows(string format)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { TableFormat = Some.Format(format) };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":0}"""));
        var replacing = new Machine(account, _folder.File("b"));
        var replace = hints with { WriteDisposition = WriteDisposition.Replace };
        var replacement = Some.Resource("items", replace, """{"id":2}""");
        var objects = Once(account.Objects, "_dlt_loads", () => replacing.RunAsync(replacement, "b"));
        await new Machine(account, _folder.File("a"), objects: objects).RunAsync(Some.Resource("items", hints, """{"id":1}"""), "a");
        Assert.Equal("1,2", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
        await replacing.RunAsync(Some.Resource("items", replace, """{"id":3}"""), "b");
        Assert.Equal("3", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task Leftovers_of_a_dead_replace_and_foreign_files_go()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":0}"""));
        var dying =
            new Machine(
                account, _folder.File("lost"),
                    objects: Once(account.Objects, "_dlt_loads", () => throw new DltException("The power is gone.")));
        await Assert.ThrowsAnyAsync<DltException>(() => dying.RunAsync(Some.Resource("items", hints, """{"id":1}"""), "lost"));
        var file = (await Machine.KeysAsync(account, "ds/items/"))[0];
        await account.Objects.PutAsync(
            new("lake", "ds/items/part-00000.parquet"),
                await account.Objects.GetAsync(new("lake", file), cancellationToken: TestContext.Current.CancellationToken),
                    cancellationToken: TestContext.Current.CancellationToken);
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":2}"""));
        Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT id FROM items"));
        Assert.Single(await Machine.KeysAsync(account, "ds/items/"));
    }

    [Fact]
    public async Task A_replace_that_waited_while_a_later_one_was_loaded_gives_way_to_it()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":0}"""));
        var late =
            new Machine(
                account, _folder.File("late"),
                    objects: Once(account.Objects, "_dlt_loads", () => throw new DltException("The power is gone.")));
        await Assert.ThrowsAnyAsync<DltException>(() => late.RunAsync(Some.Resource("items", hints, """{"id":1}"""), "late"));
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":2}"""));
        await new Machine(account, _folder.File("late")).Pipeline("late").LoadPendingAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            "2 3", $"{await Machine.ValuesAsync(account, "SELECT id FROM items")} "
            + $"{await Machine.ValuesAsync(account, "SELECT count(*) FROM _dlt_loads")}");
    }

    [Fact]
    public async Task An_append_whose_files_were_removed_while_it_waited_puts_them_there_again()
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("items", """{"id":0}"""));
        var late =
            new Machine(
                account, _folder.File("late"),
                    objects: Once(account.Objects, "_dlt_loads", () => throw new DltException("The power is gone.")));
        await Assert.ThrowsAnyAsync<DltException>(() => late.RunAsync(Some.Resource("items", """{"id":1}"""), "late"));
        await Age(account, "_dlt_publish", TimeSpan.FromDays(2));
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        await new Machine(account).RunAsync(Some.Resource("items", replace, """{"id":2}"""));
        Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT id FROM items"));
        await new Machine(account, _folder.File("late")).Pipeline("late").LoadPendingAsync(TestContext.Current.CancellationToken);
        Assert.Equal("1,2", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
    }

    [Fact]
    public async Task Two_loads_that_would_write_the_same_keys_do_not_run_at_the_same_time()
    {
        var account = Some.Account(_folder);
        (string, string)[] settings = [("DESTINATION__FILESYSTEM__LAYOUT", NoIds)];
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        var inside = new Machine(account, _folder.File("b"));
        DltException? error = null;
        var innerItems = Some.Resource("items", hints, """{"id":2}""");
        var outerItems = Some.Resource("items", hints, """{"id":1}""");
        var objects = Once(
            account.Objects,
            nameof(IObjectStore.UploadAsync),
            async () => error = await Assert.ThrowsAnyAsync<DltException>(() => inside.RunAsync(innerItems, "b", settings: settings)));
        await new Machine(account, _folder.File("a"), objects: objects).RunAsync(outerItems, "a", settings: settings);
        Assert.Contains("/rows.parquet as well, because the layout", error!.Message, StringComparison.Ordinal);
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
        await inside.Pipeline("b", settings: settings).LoadPendingAsync(TestContext.Current.CancellationToken);
        Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task Publish_objects_of_complete_loads_are_gone_a_day_later()
    {
        var account = Some.Account(_folder);
        for (var run = 0; run < 3; run++) await new Machine(account).RunAsync(Some.Resource("items", $$"""{"id":{{run}}}"""));
        Assert.Equal(3, (await Machine.KeysAsync(account, "ds/_dlt_publish/")).Count);
        await Age(account, "_dlt_publish", TimeSpan.FromDays(2));
        await new Machine(account).RunAsync(Some.Resource("items", """{"id":3}"""));
        Assert.Single(await Machine.KeysAsync(account, "ds/_dlt_publish/"));
    }

    /// <summary>Runs an action before the first call of a method, or before the first call with a key that contains a text.</summary>
    private static IObjectStore Once(IObjectStore objects, string stop, Func<Task> before)
    {
        var isDone = 0;
        return Steps.Intercept(
            objects,
            (method, given, call) =>
            {
                var isData = stop != nameof(IObjectStore.UploadAsync)
                    || (given[0] is ObjectLocation place && place.Key.Contains("/items/", StringComparison.Ordinal));
                var isHere = method == stop
                    || (method is nameof(IObjectStore.PutAsync) or nameof(IObjectStore.UploadAsync) && given[0] is ObjectLocation at
                        && at.Key.Contains($"/{stop}/", StringComparison.Ordinal)
                    && (stop != "_dlt_loads" || at.Key.Contains("/data/", StringComparison.Ordinal)));
                if (!isHere || !isData || Interlocked.Exchange(ref isDone, 1) == 1) return call();
                before().GetAwaiter().GetResult();
                return call();
            });
    }

    private static Func<string> Ids(string id)
    {
        var next = double.Parse(id, System.Globalization.CultureInfo.InvariantCulture);
        return () => Dlt.Packages.LoadId.Format(next++);
    }

    private static async Task Age(LocalAthena account, string folder, TimeSpan by)
    {
        foreach (var key in await Machine.KeysAsync(account, $"ds/{folder}/"))
        {
            var file = ((FolderObjectStore)account.Objects).PathOf(new("lake", key));
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - by);
        }
    }
}
