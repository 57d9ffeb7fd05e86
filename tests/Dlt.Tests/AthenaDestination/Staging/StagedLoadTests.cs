using System.Globalization;
using Dlt.Destinations;
using Dlt.Destinations.Publishing;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Staging;

/// <summary>Data files of Iceberg tables between their upload and the commit that names them.</summary>
public sealed class StagedLoadTests : IDisposable
{
    private static readonly ResourceHints Iceberg = new() { TableFormat = TableFormat.Iceberg };

    private static readonly ResourceHints Buckets = Iceberg with
    {
        Additional = [new("x-athena-partition", JsonParser.Parse("""{"id":"bucket(4, {column_name})"}"""))],
    };

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Jobs_of_iceberg_tables_are_staged_at_the_same_time()
    {
        var account = Some.Account(_folder);
        var both = new TaskCompletionSource();
        var begun = 0;
        async Task<ObjectInfo> MeetAsync(Func<object?> call)
        {
            if (Interlocked.Increment(ref begun) == 2) both.SetResult();
            await both.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);   // without parallel uploads the first would wait for ever
            return await (Task<ObjectInfo>)call()!;
        }

        var objects = Steps.Intercept(account.Objects, (method, given, call) => IsData(method, given) ? MeetAsync(call) : call());
        await new Machine(account, objects: objects).RunAsync(Some.Resource("items", Iceberg, """{"id":1,"tags":["x"]}"""));
        Assert.Equal([["1", "x"]], (await Some.QueryAsync(account, "SELECT id, value FROM items, items__tags")).Rows);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_load_that_stopped_before_its_commit_stages_nothing_again(bool hasPartitions)
    {
        var account = Some.Account(_folder);
        await StopBeforeCommitAsync(account, hasPartitions ? Buckets : Iceberg);
        var uploads = new List<string>();
        await new Machine(account, objects: Listed(account, uploads)).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Empty(uploads);
        await AssertLoadedAsync(account);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Temporary_files_are_in_the_package_and_go_with_the_next_run(bool hasPartitions)
    {
        var account = Some.Account(_folder);
        var files = new List<string>();
        var objects = Steps.Intercept(account.Objects, (method, given, call) =>
        {
            if (IsData(method, given) && given[1] is string file) lock (files) files.Add(file);
            return call();
        });
        var stopped = Steps.Intercept(account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == "items"
                ? throw new GlueException("AccessDeniedException", "no") : call());
        await Assert.ThrowsAnyAsync<DltException>(() => new Machine(account, glue: stopped, objects: objects)
            .RunAsync(Some.Resource("items", hasPartitions ? Buckets : Iceberg, Items)));
        var temporary = Path.Combine(Package(account), ".staging");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.StartsWith(temporary, file, StringComparison.Ordinal));
        Directory.CreateDirectory(temporary);
        File.WriteAllText(Path.Combine(temporary, "dlt-left.parquet"), "left by a killed process");
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        await AssertLoadedAsync(account);
        Assert.Empty(Directory.GetFiles(account.PipelinesFolder!, "dlt-left.parquet", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Staging_repeats_where_its_receipt_is_torn()
    {
        var account = Some.Account(_folder);
        await StopBeforeCommitAsync(account, Buckets);
        foreach (var receipt in Directory.GetFiles(Path.Combine(Package(account), ".receipts")))
            File.WriteAllBytes(receipt, new byte[new FileInfo(receipt).Length]);
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        await AssertLoadedAsync(account);
    }

    [Fact, Scenario("X-20")]
    public async Task Staging_repeats_where_staged_files_are_gone()
    {
        var account = Some.Account(_folder);
        await StopBeforeCommitAsync(account, Buckets);
        var staged = await Machine.KeysAsync(account, "ds/items/data/");
        await account.Objects.DeleteAsync("lake", [staged[0]], Cancellation);
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        await AssertLoadedAsync(account);
    }

    [Fact]
    public async Task A_table_with_a_new_partition_spec_gets_its_rows_in_the_new_partitions()
    {
        var account = Some.Account(_folder);
        await StopBeforeCommitAsync(account, Iceberg);
        var table = await TableAsync(account);
        await table.NewTransaction().UpdateSpec(s => s.AddField("id", Transform.Bucket(2))).CommitAsync(Cancellation);
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal("8", await Machine.ValuesAsync(account, "SELECT count(DISTINCT id) FROM items"));
        var files = (await TableAsync(account)).Metadata;
        Assert.Equal("2", files.CurrentSnapshot!.Summary["total-data-files"]);
    }

    [Fact]
    public async Task A_job_that_stopped_between_two_partitions_leaves_no_files_that_nothing_names()
    {
        var account = Some.Account(_folder);
        var uploads = 0;
        var objects = Steps.Intercept(account.Objects, (method, given, call) =>
            IsData(method, given) && Interlocked.Increment(ref uploads) == 3
                ? throw new DltException("no") { IsTransient = false } : call());
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(account, objects: objects).RunAsync(Some.Resource("items", Buckets, Items)));
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        await AssertLoadedAsync(account);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Files_that_a_load_staged_and_never_published_go_with_its_publish_object(bool hasPartitions)
    {
        var account = Some.Account(_folder);
        await StopBeforeCommitAsync(account, hasPartitions ? Buckets : Iceberg);
        await ForgetAndRunAnotherAsync(account);
        Assert.Empty(await Machine.KeysAsync(account, "ds/items/data/"));
    }

    [Fact]
    public async Task Files_that_a_load_published_stay_though_it_was_given_up_before_it_was_complete()
    {
        var account = Some.Account(_folder);
        await StopAtAsync(account, Buckets, "_dlt_loads");
        await ForgetAndRunAnotherAsync(account);
        await AssertLoadedAsync(account);
    }

    [Fact]
    public async Task Files_that_a_table_refers_to_stay_though_no_record_of_their_load_is_left()
    {
        var account = Some.Account(_folder);
        await StopAtAsync(account, Buckets, "_dlt_loads");
        var table = await TableAsync(account);
        await table.NewTransaction().UpdateProperties(new Dictionary<string, string>(), ["dlt.load-steps"]).CommitAsync(Cancellation);
        await new Machine(account, _folder.File("more")).RunAsync(Some.Resource("items", Buckets, """{"id":8}"""), "more");
        await (await TableAsync(account)).ExpireSnapshotsAsync(TimeProvider.System.GetUtcNow(), 1, Cancellation);
        await ForgetAndRunAnotherAsync(account);
        Assert.Equal("0,1,2,3,4,5,6,7,8", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_load_that_resumes_while_another_gives_it_up_loses_no_row(bool isMarked)
    {
        var account = Some.Account(_folder);
        await StopBeforeCommitAsync(account, Buckets);
        var loadId = Path.GetFileName(Package(account));
        MakeOld(account, await Machine.KeysAsync(account, "ds/_dlt_publish/"));
        Exception? refused = null;
        var hasResumed = false;
        var objects = Steps.Intercept(account.Objects, (method, given, call) =>
        {
            var isNow = isMarked ? method == nameof(IObjectStore.DeleteAsync)
                : method == nameof(IObjectStore.PutAsync) && ((ObjectLocation)given[0]!).Key.Contains(loadId, StringComparison.Ordinal);
            if (!hasResumed && isNow)
            {
                hasResumed = true;
                refused = Record.Exception(() => new Machine(account).Pipeline().LoadPendingAsync(Cancellation).GetAwaiter().GetResult());
            }

            return call();
        });
        await new Machine(account, _folder.File("other"), objects: objects).RunAsync(Some.Resource("others", """{"id":1}"""), "other");
        Assert.True(hasResumed);
        if (isMarked)
        {
            Assert.Contains("another load gave it up", Assert.IsType<LoadException>(refused).Message, StringComparison.Ordinal);
            await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        }

        Assert.Equal("0,1,2,3,4,5,6,7", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
        Assert.Equal(0, Machine.Pending(account));
    }

    [Fact]
    public void A_publish_object_names_the_staged_files_of_a_load()
    {
        var content = new PublishObject
        {
            LoadId = "1.5",
            SchemaName = "s",
            Tables = [new("items", "append", []) { Files = ["1.5.abc", "1.5.def"] }],
        };
        var read = PublishObject.Read(content.Write(), "s3://lake/x");
        Assert.Equal(["1.5.abc", "1.5.def"], read.Of("items")!.Files.Order());
    }

    private static string[] Items =>
        [.. Enumerable.Range(0, 8).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{i}}}"""))];

    private static bool IsData(string method, object?[] given) => method == nameof(IObjectStore.UploadAsync)
        && given[0] is ObjectLocation at && at.Key.StartsWith("ds/items", StringComparison.Ordinal);

    private static IObjectStore Listed(LocalAthena account, List<string> uploads) =>
        Steps.Intercept(account.Objects, (method, given, call) =>
        {
            if (IsData(method, given)) lock (uploads) uploads.Add(((ObjectLocation)given[0]!).Key);
            return call();
        });

    private static Task StopBeforeCommitAsync(LocalAthena account, ResourceHints hints) => StopAtAsync(account, hints, "items");

    /// <summary>Runs a load whose commit to a table is refused.</summary>
    private static async Task StopAtAsync(LocalAthena account, ResourceHints hints, string table)
    {
        var glue = Steps.Intercept(account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == table
                ? throw new GlueException("AccessDeniedException", "no") : call());
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(account, glue: glue).RunAsync(Some.Resource("items", hints, Items)));
        Assert.Equal(1, Machine.Pending(account));
    }

    /// <summary>Drops the pending package; a month later another pipeline loads.</summary>
    private async Task ForgetAndRunAnotherAsync(LocalAthena account)
    {
        Directory.Delete(Package(account), recursive: true);
        MakeOld(account, await Machine.KeysAsync(account, "ds/_dlt_publish/"));
        await new Machine(account, _folder.File("other")).RunAsync(Some.Resource("others", """{"id":1}"""), "other");
    }

    private static void MakeOld(LocalAthena account, IEnumerable<string> keys)
    {
        foreach (var file in keys.Select(key => ((FolderObjectStore)account.Objects).PathOf(new("lake", key))))
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - TimeSpan.FromDays(31));
    }

    private static string Package(LocalAthena account) =>
        Assert.Single(Directory.GetDirectories(Path.Combine(account.PipelinesFolder!, "pipe", "load", "normalized")));

    /// <summary>Asserts that every row exists once, and that the folder has the files of the table only.</summary>
    private static async Task AssertLoadedAsync(LocalAthena account)
    {
        Assert.Equal("0,1,2,3,4,5,6,7", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
        var summary = (await TableAsync(account)).Metadata.CurrentSnapshot!.Summary;
        var keys = await Machine.KeysAsync(account, "ds/items/data/");
        Assert.Equal(summary["total-data-files"], keys.Count.ToString(CultureInfo.InvariantCulture));
    }

    private static Task<Table> TableAsync(LocalAthena account) =>
        Athena.IcebergCatalog(account).LoadTableAsync(new("ds", "items"), Cancellation);
}
