using System.Text.RegularExpressions;
using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>The subcommands of <c>dlt pipeline NAME</c>.</summary>
public sealed class PipelineCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalAthena Account => new(_folder.File(".dlt-local"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_last_run_is_shown_as_text_and_as_json()
    {
        var info = await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        var text = await RunAsync("trace");
        Assert.StartsWith("Run started at ", text, StringComparison.Ordinal);
        Assert.Contains("Step run COMPLETED in", text, StringComparison.Ordinal);
        var id = info.Packages.Single().LoadId;
        var json = JsonParser.Parse(await RunAsync("trace", "--load-id", id, "-o", "json"));
        Assert.Equal("pipe", json["pipeline_name"]!.AsString());
    }

    [Fact]
    public async Task Info_shows_state_schemas_and_packages()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1,"tags":["x"]}"""), Cancellation);
        (string, string)[] scrubs =
        [
            (Regex.Escape(_folder.Path), "<folder>"),
            (Verified.LoadId, "<load id>"),
            (@"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\S*", "<time>"),
            ("initial_cwd: .*", "initial_cwd: <cwd>"),
            ("last_run_context: .*", "last_run_context: <context>"),
        ];
        Verified.Matches(await RunAsync("info"), "info", scrubs);
    }

    [Fact]
    public async Task A_schema_is_printed_as_yaml_and_as_json()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        Assert.StartsWith("version: ", await RunAsync("schema"), StringComparison.Ordinal);
        var json = JsonParser.Parse(await RunAsync("schema", "pipe", "--format", "json"));
        Assert.Equal("bigint", json["tables"]!["items"]!["columns"]!["a"]!["data_type"]!.AsString());
        Assert.Contains("It has pipe.", (await DltCommand.RunAsync(_folder.Path, "pipeline", "pipe", "schema", "none", "--local")).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_is_shown_with_jobs_rows_and_changes()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        var loaded = await RunAsync("load-package");
        Assert.Contains(" of schema pipe is LOADED, completed on ", loaded, StringComparison.Ordinal);
        Assert.Contains("- items: 1 row(s)", loaded, StringComparison.Ordinal);
        Assert.Contains("Schema: new tables items (1 column)", loaded, StringComparison.Ordinal);
        Assert.Matches(@"Job: items\.[^.]+\.parquet, table: items in completed_jobs\. File type: parquet, size: [\d.]+[BK]\.", loaded);

        await ExtractAsync();
        Assert.Contains("is EXTRACTED and NOT YET LOADED to the destination", await RunAsync("load-package"), StringComparison.Ordinal);
        Assert.Equal("No failed jobs found\n", await RunAsync("failed-jobs"));
    }

    [Fact]
    public async Task Rows_of_a_load_are_counted_at_the_destination()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1,"tags":["x"]}""", """{"a":2}"""), Cancellation);
        await Some.Pipeline(Account).RunAsync(Some.Resource("others", """{"a":1}"""), Cancellation);
        var id = new PipelineWorkspace(Account.PipelinesFolder!).Find("pipe")!.Packages()[0].LoadId;
        var text = await RunAsync("load-package", id, "row-counts");
        Assert.StartsWith($"Load package {id} is completed: _dlt_loads has it.\n- items: 2 row(s)\n", text, StringComparison.Ordinal);
        Assert.EndsWith("Total: 2 row(s)\n", text, StringComparison.Ordinal);
        var newest = JsonParser.Parse(await RunAsync("load-package", "row-counts", "-o", "json"));
        Assert.Equal("""{"items":0,"others":1}""", JsonText.Write(newest["rows"]!));
        Assert.True(newest["completed"]!.AsBool());

        await ExtractAsync();
        var pending = JsonParser.Parse(await RunAsync("load-package", "row-counts", "-o", "json"));
        Assert.Equal(("False", "0"), (pending["completed"]!.AsBool().ToString(), pending["total"]!.ToString()));
    }

    [Fact]
    public async Task Rows_of_a_dataset_that_does_not_exist_yet_are_none()
    {
        await ExtractAsync();
        Directory.CreateDirectory(_folder.File(".dlt-local", "s3", "lake"));
        Assert.Contains("is NOT completed", await RunAsync("load-package", "row-counts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_with_files_at_the_destination_names_the_command_that_counts_its_rows()
    {
        var folder = _folder.File("runs");
        var destination = new FakeDestination(() => new()
        {
            On = call =>
            {
                if (call == "publish") throw new DltException("The catalog refuses it.") { IsTransient = false };
            },
        });
        await Assert.ThrowsAnyAsync<DltException>(() => Pipeline.Create("pipe", destination, "ds", new()
        {
            Configuration = Some.Configuration(_folder.Path),
            PipelinesFolder = folder,
            Warn = _ => { },
        }).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation));
        var id = new PipelineWorkspace(folder).Find("pipe")!.Packages().Single().LoadId;
        foreach (var command in new[] { "info", "load-package", "abort-packages" })
        {
            var shown = (await DltCommand.RunAsync(_folder.Path, "pipeline", "pipe", command, "--pipelines-dir", folder)).Succeeded();
            Assert.Contains($"dlt pipeline pipe load-package {id} row-counts --pipelines-dir ", shown, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(
            Path.Combine(folder, "pipe", "load", "normalized", id, "schema.json"), "{\"na", Cancellation);
        (await DltCommand.RunAsync(_folder.Path, "pipeline", "pipe", "info", "--pipelines-dir", folder)).Succeeded();
    }

    [Fact]
    public async Task Jobs_of_a_package_are_found_by_patterns()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1,"tags":["x"]}"""), Cancellation);
        foreach (var pattern in new[] { "items", "items.*", "it?ms.??????????.0.parquet" })
        {
            var found = await RunAsync("load-package", "job", pattern);
            Assert.Matches(@"^Job: items\.[^.]+\.parquet, table: items in completed_jobs\.[^\n]+\n$", found);
        }

        var json = JsonParser.Parse(await RunAsync("load-package", "job", "items__*", "-o", "json"));
        Assert.Equal("items__tags", Assert.Single(json["jobs"]!.Items)["table"]!.AsString());
    }

    [Theory]
    [InlineData("has no job 'none'", "load-package", "job", "none")]
    [InlineData("takes one pattern", "load-package", "job")]
    [InlineData("takes no further word", "load-package", "info", "x")]
    [InlineData("fail-job is not supported", "load-package", "fail-job", "items")]
    [InlineData("'row-count' is not an action", "load-package", "1", "row-count")]
    [InlineData("has no package 1 ", "load-package", "1", "row-counts")]
    public async Task Actions_that_are_impossible_are_refused(string reason, params string[] command)
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        var refused = await DltCommand.RunAsync(_folder.Path, ["pipeline", "pipe", .. command, "--local"]);
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("info"), InlineData("trace"), InlineData("schema"), InlineData("load-package"), InlineData("failed-jobs")]
    [InlineData("retry"), InlineData("sync"), InlineData("abort-packages"), InlineData("drop-pending-packages")]
    [InlineData("drop", "--drop-all"), InlineData]
    public async Task An_unknown_pipeline_is_dlts_exit_code(params string[] command)
    {
        Directory.CreateDirectory(_folder.File(".dlt-local", "s3"));
        var unknown = await DltCommand.RunAsync(_folder.Path, ["pipeline", "nobody", .. command, "--local"]);
        Assert.Equal((254, ""), (unknown.ExitCode, unknown.Output));
        Assert.Contains("dlt pipeline nobody sync --dataset DATASET --local", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_failed_is_shown_with_its_error()
    {
        var destination = new FakeDestination(() => new()
        {
            On = call =>
            {
                if (call == "stage") throw new DltException("The bucket refuses it.") { IsTransient = false };
            },
        });
        await Assert.ThrowsAnyAsync<DltException>(() => Pipeline.Create("pipe", destination, "ds", new()
        {
            Configuration = Some.Configuration(_folder.Path),
            PipelinesFolder = _folder.File("runs"),
            Warn = _ => { },
        }).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation));
        var shown = (await DltCommand.RunAsync(
            _folder.Path, "pipeline", "pipe", "failed-jobs", "--pipelines-dir", _folder.File("runs"))).Succeeded();
        Assert.Contains("\tAttempt 1 failed (terminal): ", shown, StringComparison.Ordinal);
        Assert.Contains("The bucket refuses it.", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pending_packages_are_loaded_without_the_program()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        Assert.Equal("No pending packages found\n", await RunAsync("retry"));
        await ExtractAsync();
        Assert.Contains("1 load package(s) were loaded", await RunAsync("retry", "--quiet"), StringComparison.Ordinal);
        Assert.Equal("2", await Some.ValueAsync(Account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task State_comes_back_from_the_destination()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        Directory.Delete(Path.Combine(Account.PipelinesFolder, "pipe"), recursive: true);
        var unknown = await DltCommand.RunAsync(_folder.Path, "pipeline", "pipe", "sync", "--local");
        Assert.Contains("sync --dataset DATASET --local", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("were replaced by those of dataset ds", await RunAsync("sync", "--dataset", "ds"), StringComparison.Ordinal);
        Assert.Contains("items with 1 table(s)", await RunAsync("info"), StringComparison.Ordinal);
        Assert.Contains("were replaced by those of dataset ds", await RunAsync("sync", "--yes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_synchronisation_that_restores_nothing_fails()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        var nothing = await DltCommand.RunAsync(_folder.Path, "pipeline", "never", "sync", "--dataset", "ds", "--local");
        Assert.Equal((1, ""), (nothing.ExitCode, nothing.Output));
        Assert.Contains("Dataset 'ds' has no state of pipeline 'never'. Nothing was changed.", nothing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_torn_state_is_replaced_by_a_synchronisation()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        var state = Path.Combine(Account.PipelinesFolder, "pipe", "state.json");
        await File.WriteAllTextAsync(state, "{\"_state", Cancellation);
        var torn = await DltCommand.RunAsync(_folder.Path, "pipeline", "pipe", "sync", "--local");
        Assert.Equal(1, torn.ExitCode);
        Assert.Contains("sync --dataset DATASET", torn.Error, StringComparison.Ordinal);
        Assert.Contains("were replaced by those of dataset ds", await RunAsync("sync", "--dataset", "ds", "-y"), StringComparison.Ordinal);
        Assert.Contains("dataset_name: ds", await RunAsync("info"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_run_that_failed_is_listed_and_shown()
    {
        static IEnumerable<JsonValue> Read() => throw new DltException("There are no more pages.");
        var items = Resource.Create("items", Generate(Read));
        await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Account).RunAsync(items, Cancellation));
        var list = (await DltCommand.RunAsync(_folder.Path, "pipeline", "--local")).Succeeded();
        Assert.Matches(@"pipe +\| \(no state yet\) +\| never +\| +0", list);
        var info = await RunAsync("info");
        Assert.Contains("There is no state yet: no run of the pipeline has extracted its data.", info, StringComparison.Ordinal);
        Assert.Contains("Has no load packages", info, StringComparison.Ordinal);
        Assert.Contains(
            "The last run that ended has FAILED. Its steps are shown by: dlt pipeline pipe trace --local", info, StringComparison.Ordinal);
        Assert.Contains("There are no more pages.", await RunAsync("trace"), StringComparison.Ordinal);
        var sync = await DltCommand.RunAsync(_folder.Path, "pipeline", "pipe", "sync", "--local");
        Assert.Equal(1, sync.ExitCode);
        Assert.Contains("Name it: dlt pipeline pipe sync --dataset DATASET --local", sync.Error, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] arguments) =>
        (await DltCommand.RunAsync(_folder.Path, ["pipeline", "pipe", .. arguments, "--local"])).Succeeded().ReplaceLineEndings("\n");

    private static async IAsyncEnumerable<JsonValue> Generate(Func<IEnumerable<JsonValue>> read)
    {
        await Task.CompletedTask;
        foreach (var item in read()) yield return item;
    }

    private async Task ExtractAsync()
    {
        await using var run = await Some.Pipeline(Account).BeginAsync(Cancellation);
        await run.ExtractAsync(new Source("pipe", Some.Resource("items", """{"a":2}""")), Cancellation);
    }
}
