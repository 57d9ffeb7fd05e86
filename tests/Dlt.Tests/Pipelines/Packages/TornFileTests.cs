using Dlt.Packages;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Packages;

/// <summary>Torn files after a power cut, from a version that did not flush.</summary>
public sealed class TornFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("state.json", "", true)]
    [InlineData("state.json", "{\"_state_version\": 1, \"_sta", true)]
    [InlineData("state.json", "{\"_state_version\": x", true)]
    [InlineData("state.json", "\0\0\0\0", false)]
    [InlineData("schemas/pipe.schema.json", "", false)]
    [InlineData("schemas/pipe.schema.json", "{", true)]
    public async Task A_torn_file_of_the_working_folder_is_named_with_its_remedies(string name, string content, bool isSynced)
    {
        var account = Some.Account(_folder);
        var pipeline = Some.Pipeline(account);
        await pipeline.RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        var file = Path.Combine(pipeline.WorkingFolder, name);
        await File.WriteAllTextAsync(file, content, Cancellation);
        var items = Some.Resource("items", """{"id":2}""");
        var error = await Assert.ThrowsAsync<DltException>(() => Some.Pipeline(account).RunAsync(items, Cancellation));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains("power cut", error.Message, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[^.] The file is torn", error.Message);   // sentences end with a full stop
        Assert.Contains("with: dlt pipeline pipe sync --dataset ds --local", error.Message, StringComparison.Ordinal);
        Assert.Contains($"delete the folder {pipeline.WorkingFolder} and run again", error.Message, StringComparison.Ordinal);
        if (isSynced) Assert.True(await Some.Pipeline(account).SyncAsync(Cancellation));
        else Directory.Delete(pipeline.WorkingFolder, recursive: true);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"id":2}"""), Cancellation);
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory, InlineData(PackageFolders.SchemaFile), InlineData(PackageFolders.State), InlineData("../../../state.json")]
    public async Task A_torn_file_next_to_a_pending_package_is_named_with_the_command_that_drops_the_package(string name)
    {
        var account = Some.Account(_folder);
        var pipeline = Some.Pipeline(account);
        await pipeline.RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        await using (var run = await pipeline.BeginAsync(Cancellation))
        {
            await run.ExtractAsync(new Source("pipe", Some.Resource("items", """{"id":2}""")), Cancellation);
        }

        var folder = new WorkingFolder(pipeline.WorkingFolder);
        var file = Path.GetFullPath(WorkingFolder.Packages(folder.Extracted).Single().PathOf(name));
        await File.WriteAllTextAsync(file, "", Cancellation);
        var items = Some.Resource("items", """{"id":3}""");
        var error = await Assert.ThrowsAsync<DltException>(() => Some.Pipeline(account).RunAsync(items, Cancellation));
        Assert.Contains($"{file} is empty", error.Message, StringComparison.Ordinal);
        Assert.Contains("dlt pipeline pipe abort-packages --local", error.Message, StringComparison.Ordinal);
        folder.DropPending();   // the command
        await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"id":3}"""), Cancellation);
        Assert.Equal("1,3", await Some.ValueAsync(account, "SELECT string_agg(id, ',' ORDER BY id) FROM items"));
    }

    [Fact]
    public void A_lock_file_that_cannot_be_opened_is_not_reported_as_another_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links take a permission there.");
        var folder = Directory.CreateDirectory(_folder.File("pipe")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, ".lock"), Path.Combine(folder, ".lock"));   // a link to itself
        var error = Assert.Throws<DltException>(() => FolderLock.Take(folder, "pipe"));
        Assert.DoesNotContain("another process", error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder, ".lock"), error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public void A_second_process_gets_the_error_that_the_pipeline_is_running()
    {
        using var held = FolderLock.Take(_folder.File("pipe"), "pipe");
        var error = Assert.Throws<DltException>(() => FolderLock.Take(_folder.File("pipe"), "pipe"));
        Assert.Contains("another process", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task A_run_that_waits_begins_when_the_other_process_ends()
    {
        var account = Some.Account(_folder);
        var waiting = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var pipeline = Pipeline.Create("pipe", Athena.Destination(account), "ds", new()
        {
            Configuration = Some.Configuration(account.Folder),
            WaitForLease = true,
            Warn = text => waiting.TrySetResult(text),
        });
        Task<LoadInfo> run;
        using (FolderLock.Take(pipeline.WorkingFolder, "pipe"))
        {
            run = pipeline.RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
            var warning = await waiting.Task.WaitAsync(Cancellation);
            Assert.Equal($"Pipeline 'pipe' is running in another process, which holds {pipeline.WorkingFolder}. This run waits until it "
                + "ends.", warning);
            Assert.False(run.IsCompleted);
        }

        await run;
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task A_run_that_waits_for_another_process_can_be_stopped()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var held = FolderLock.Take(_folder.File("pipe"), "pipe");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FolderLock.TakeAsync(
            _folder.File("pipe"), "pipe", waits: true, TimeProvider.System, _ => stop.Cancel(), stop.Token));
    }
}
