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
        Assert.Contains("sync --dataset DATASET", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("were replaced by those of dataset ds", await RunAsync("sync", "--dataset", "ds"), StringComparison.Ordinal);
        Assert.Contains("items with 1 table(s)", await RunAsync("info"), StringComparison.Ordinal);
        Assert.Contains("were replaced by those of dataset ds", await RunAsync("sync"), StringComparison.Ordinal);
        Assert.Contains("has no state of pipeline", (await DltCommand.RunAsync(
            _folder.Path, "pipeline", "never", "sync", "--dataset", "ds", "--local")).Succeeded(), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] arguments) =>
        (await DltCommand.RunAsync(_folder.Path, ["pipeline", "pipe", .. arguments, "--local"])).Succeeded().ReplaceLineEndings("\n");

    private async Task ExtractAsync()
    {
        await using var run = await Some.Pipeline(Account).BeginAsync(Cancellation);
        await run.ExtractAsync(new Source("pipe", Some.Resource("items", """{"a":2}""")), Cancellation);
    }
}
