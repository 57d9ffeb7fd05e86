using Dlt.Json;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>Commands that remove something show it first, and do it when somebody says yes.</summary>
public sealed class RemovingCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalAthena Account => new(_folder.File(".dlt-local"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_drop_is_shown_and_done_only_with_yes()
    {
        await LoadAsync();
        var preview = await DltCommand.RunAsync(_folder.Path, "pipeline", "pipe", "drop", "items", "--local");
        Assert.Contains("Table(s) to drop:\n  items__tags\n  items\n", preview.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("Repeat with --yes.", preview.Error, StringComparison.Ordinal);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM items"));

        var done = JsonParser.Parse(await RunAsync("pipeline", "pipe", "drop", "--drop-all", "--yes", "-o", "json"));
        Assert.Equal(("True", "items__tags"), (done["dropped"]!.AsBool().ToString(), done["tables_with_data"]!.Items[0].AsString()));
        Assert.Null(await Account.Glue.GetTableAsync("ds", "items", Cancellation));
        Assert.Contains("There is nothing to drop.", await RunAsync("pipeline", "pipe", "drop", "--drop-all"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drop_needs_no_working_folder()
    {
        await LoadAsync();
        Directory.Delete(Path.Combine(Account.PipelinesFolder, "pipe"), recursive: true);
        var unknown = await DltCommand.RunAsync(_folder.Path, "pipeline", "pipe", "drop", "items", "--local");
        Assert.Equal(254, unknown.ExitCode);
        await RunAsync("pipeline", "pipe", "drop", "items", "--dataset-name", "ds", "--yes");
        Assert.Null(await Account.Glue.GetTableAsync("ds", "items", Cancellation));
    }

    [Fact]
    public async Task Pending_packages_are_shown_and_given_up_only_with_yes()
    {
        await LoadAsync();
        await using (var run = await Some.Pipeline(Account).BeginAsync(Cancellation))
            await run.ExtractAsync(new Source("pipe", Some.Resource("items", """{"a":2}""")), Cancellation);
        Assert.Matches(@"Package [\d.]+ \(extracted\): \d job\(s\), 0 uploaded, 0 with failures\.",
            await RunAsync("pipeline", "pipe", "abort-packages"));
        var done = JsonParser.Parse(await RunAsync("pipeline", "pipe", "abort-packages", "-y", "-o", "json"));
        Assert.Equal("none", done["aborted"]!.Items.Single()["objects"]!.AsString());
    }

    [Fact]
    public async Task A_package_is_given_up_with_the_later_ones_and_the_earlier_ones_stay()
    {
        await LoadAsync();
        var ids = new List<string>();
        for (var n = 2; n <= 4; n++)
        {
            var run = await Some.Pipeline(Account).BeginAsync(Cancellation);
            await using (run) await run.ExtractAsync(new Source("pipe", Some.Resource("items", $$"""{"a":{{n}}}""")), Cancellation);
            ids.Add(Packages().Last(p => p.IsPending).LoadId);
        }

        string[] abort = ["pipeline", "pipe", "load-package", ids[1], "abort"];
        var preview = await RunAsync(abort);
        Assert.DoesNotContain(ids[0], preview, StringComparison.Ordinal);
        Assert.Equal(3, Packages().Count(p => p.IsPending));
        var done = JsonParser.Parse(await RunAsync([.. abort, "--yes", "-o", "json"]));
        Assert.Equal(ids[1..], done["aborted"]!.Items.Select(p => p["load_id"]!.AsString()));
        await RunAsync("pipeline", "pipe", "retry", "-q");
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT a FROM items ORDER BY a"));
        var loaded = await DltCommand.RunAsync(_folder.Path, "pipeline", "pipe", "load-package", ids[0], "abort", "--yes", "--local");
        Assert.Contains($"Package {ids[0]} does not wait to be loaded", loaded.Error, StringComparison.Ordinal);
        Assert.Equal(1, loaded.ExitCode);
    }

    [Fact]
    public async Task A_dataset_is_shown_and_dropped_only_with_yes()
    {
        await LoadAsync();
        Assert.Contains("\titems (hive)", await RunAsync("dataset", "drop", "ds"), StringComparison.Ordinal);
        Assert.NotEmpty(await Machine.KeysAsync(Account, "ds/"));
        Assert.Contains("Dropped dataset ds.", await RunAsync("dataset", "drop", "ds", "--yes"), StringComparison.Ordinal);
        Assert.Empty(await Machine.KeysAsync(Account, "ds/"));
        foreach (var output in new[] { "text", "json" })
        {
            var gone = await DltCommand.RunAsync(_folder.Path, "dataset", "drop", "ds", "--yes", "--local", "-o", output);
            Assert.Equal((1, ""), (gone.ExitCode, gone.Output));
            Assert.Contains("There is no dataset 'ds'. Nothing was dropped.", gone.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Orphans_are_listed_and_removed_only_with_yes()
    {
        await LoadAsync();
        await Account.Objects.PutAsync(new("lake", "ds/_dlt_loads/data/left.parquet"), "x"u8.ToArray(), cancellationToken: Cancellation);
        var listed = await RunAsync("maintain", "orphans", "ds");
        Assert.Contains("ds/_dlt_loads/data/left.parquet (unreferenced, 1B, ", listed, StringComparison.Ordinal);
        Assert.Contains("stays: it is young", listed, StringComparison.Ordinal);
        var removed = JsonParser.Parse(await RunAsync("maintain", "orphans", "ds", "--older-than", "0", "--yes", "-o", "json"));
        Assert.True(removed["orphans"]!.Items.Single()["removed"]!.AsBool());
        Assert.Contains("Found 0 object(s)", await RunAsync("maintain", "orphans", "ds"), StringComparison.Ordinal);

        var misspelt = await DltCommand.RunAsync(_folder.Path, "maintain", "orphans", "sd", "--local");
        Assert.Equal(1, misspelt.ExitCode);
        Assert.Contains("There is no dataset 'sd'", misspelt.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_of_a_pipeline_prints_json()
    {
        await LoadAsync();
        var list = JsonParser.Parse(await RunAsync("pipeline", "-l", "-o", "json"));
        Assert.Equal("pipe", list["pipelines"]!.Items[0]["pipeline"]!.AsString());
        Assert.Equal("ds", (await JsonAsync("info"))["dataset"]!.AsString());
        Assert.Equal("1", (await JsonAsync("load-package"))["rows"]!["items"]!.ToString());
        Assert.Empty((await JsonAsync("failed-jobs"))["failed_jobs"]!.Items);
        Assert.Empty((await JsonAsync("retry"))["packages"]!.Items);
        Assert.Equal("pipe", (await JsonAsync("schema"))["name"]!.AsString());
        Assert.Equal("pipe", (await JsonAsync("trace"))["pipeline_name"]!.AsString());
        Assert.False((await JsonAsync("sync"))["replaced"]!.AsBool());
        Assert.True((await JsonAsync("sync", "--yes"))["replaced"]!.AsBool());
    }

    private IReadOnlyList<StoredPackage> Packages() => new PipelineWorkspace(Account.PipelinesFolder!).Find("pipe")!.Packages();

    private Task<LoadInfo> LoadAsync() =>
        Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1,"tags":["x"]}"""), Cancellation);

    private async Task<JsonValue> JsonAsync(params string[] command) =>
        JsonParser.Parse(await RunAsync(["pipeline", "pipe", .. command, "-o", "json"]));

    private async Task<string> RunAsync(params string[] arguments) =>
        (await DltCommand.RunAsync(_folder.Path, [.. arguments, "--local"])).Succeeded().ReplaceLineEndings("\n");
}
