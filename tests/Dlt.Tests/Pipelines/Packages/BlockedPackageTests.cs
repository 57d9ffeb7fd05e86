using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Cli;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Packages;

/// <summary>A package that can never be loaded does not stop other loads, or the error has the whole command that removes it.</summary>
public sealed class BlockedPackageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("malformed", "{\"a\":1}\n{\"a\":}\n", "line 2")]
    [InlineData("cut", "{\"a\":1}\n{\"a\":\"x", "line 2")]
    [InlineData("two keys", "{\"userId\":1,\"user_id\":2}\n", "different values")]
    [InlineData("csv", "a,b\n1,2\n1,\"2\n", "bad.csv")]
    public async Task A_file_that_cannot_be_loaded_does_not_stop_the_next_file(string kind, string content, string why)
    {
        var name = kind == "csv" ? "bad.csv" : "bad.jsonl";
        _folder.Write(name, content);
        _folder.Write("good.jsonl", "{\"a\":1}\n");
        var refused = await RunAsync("load", name, "--dataset", "ds", "--table", "bad");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(why, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("resource", refused.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Folder("load_ds").Pending);
        var good = (await RunAsync("load", "good.jsonl", "--dataset", "ds", "--table", "good")).Succeeded();
        Assert.Contains("1 load package(s) were loaded", good, StringComparison.Ordinal);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM good"));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_loads"));
    }

    [Theory, InlineData("hive"), InlineData("iceberg")]
    public async Task A_package_whose_column_another_machine_has_changed_names_the_command_that_removes_it(string format)
    {
        var account = Some.Account(_folder);
        Resource Rows(string row) => Some.Resource("items", new ResourceHints { TableFormat = Some.Format(format) }, row);
        await using (var run = await Some.Pipeline(account).BeginAsync(Cancellation))
        {
            await run.ExtractAsync(new Source("pipe", Rows("""{"a":1}""")), Cancellation);
            run.Normalize(Cancellation);
        }

        await new Machine(account, _folder.File("b")).RunAsync(Rows("""{"a":"x"}"""));
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => Some.Pipeline(account).RunAsync(Rows("""{"a":2}"""), Cancellation));
        Assert.Contains("dlt pipeline pipe abort-packages", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_of_files_goes_on_too_since_the_files_still_hold_the_rows()
    {
        var bad = _folder.Write("bad.jsonl", "{\"a\":}\n");
        var account = Some.Account(_folder);
        var error = await Assert.ThrowsAsync<JsonFormatException>(() =>
            Some.Pipeline(account).RunAsync(Resource.FromFile("items", bad), Cancellation));
        Assert.Contains("Its package was given up", error.Message, StringComparison.Ordinal);
        File.WriteAllText(bad, "{\"a\":5}\n");
        var info = await Some.Pipeline(account).RunAsync(Resource.FromFile("items", bad), Cancellation);
        Assert.Single(info.Packages);
        Assert.Equal("5", await Some.ValueAsync(account, "SELECT a FROM items"));
    }

    [Fact]
    public async Task An_unloadable_package_of_a_killed_run_does_not_stop_the_next_run()
    {
        var bad = _folder.Write("bad.jsonl", "{\"a\":}\n");
        var account = Some.Account(_folder);
        await using (var run = await Some.Pipeline(account).BeginAsync(Cancellation))
            await run.ExtractAsync(new Source("pipe", Resource.FromFile("bad", bad)), Cancellation);
        var warnings = new List<string>();
        var info = await Some.Pipeline(account, warnings: warnings).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        Assert.Contains(warnings, w => w.Contains("bad.jsonl", StringComparison.Ordinal)
            && w.Contains("given up", StringComparison.Ordinal) && !w.Contains("run again", StringComparison.Ordinal));
        Assert.Single(info.Packages);
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT a FROM items"));
    }

    [Theory, Scenario("X-29")]
    [InlineData("my shop", "dlt pipeline \"my shop\" abort-packages --local")]
    [InlineData("shop", "dlt pipeline shop abort-packages --local")]
    public async Task A_package_with_the_only_copy_of_its_rows_stays_and_the_error_has_the_command_that_works(string name, string command)
    {
        Task<LoadInfo> Run(params string[] items) => Some.Pipeline(Account, name)
            .RunAsync(Some.Resource("items", new() { Columns = [Column.Text("id", nullable: false)] }, items), Cancellation);
        var error = await Assert.ThrowsAsync<SchemaException>(() => Run("""{"a":1}"""));
        Assert.Contains(command, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<name>", error.Message, StringComparison.Ordinal);
        Assert.Contains(Folder(name).Pending.Single().LoadId + " stays pending", error.Message, StringComparison.Ordinal);
        for (var run = 0; run < 2; run++)
        {
            var again = await Assert.ThrowsAnyAsync<DltException>(() => Run("""{"id":"w"}"""));
            Assert.Contains(command, again.Message, StringComparison.Ordinal);
            Assert.Single(Folder(name).Pending);
        }

        var words = command.Split('"') is [_, var quoted, _] ? ["pipeline", quoted, "abort-packages", "--local"] : command.Split(' ')[1..];
        var aborted = await DltCommand.RunAsync(_folder.Path, [.. words, "--yes"]);
        Assert.Contains("Aborted package", aborted.Succeeded(), StringComparison.Ordinal);
        Assert.Empty(await Machine.KeysAsync(Account, "ds/items/"));
        await Run("""{"id":"x"}""");
        Assert.Equal("x", await Some.ValueAsync(Account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task Both_words_of_dlt_give_packages_up()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        foreach (var word in new[] { "abort-packages", "drop-pending-packages" })
        {
            await using (var run = await Some.Pipeline(Account).BeginAsync(Cancellation))
                await run.ExtractAsync(new Source("pipe", Some.Resource("items", """{"a":2}""")), Cancellation);
            Assert.Contains("Aborted package", (await RunAsync("pipeline", "pipe", word, "--yes")).Succeeded(), StringComparison.Ordinal);
            Assert.Contains(
                "No pending packages found", (await RunAsync("pipeline", "pipe", word, "--yes")).Succeeded(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("shop", true, null, "dlt pipeline shop abort-packages --local")]
    [InlineData("shop", false, null, "dlt pipeline shop abort-packages")]
    [InlineData("Sales EU", false, null, "dlt pipeline \"Sales EU\" abort-packages")]
    [InlineData("a$b", false, null, "dlt pipeline 'a$b' abort-packages")]
    [InlineData("it's \"x\"", false, null, "dlt pipeline 'it'\\''s \"x\"' abort-packages")]
    [InlineData("shop", true, "/data/my runs", "dlt pipeline shop abort-packages --pipelines-dir \"/data/my runs\"")]
    public void The_command_can_be_pasted(string name, bool isLocal, string? folder, string expected) =>
        Assert.Equal(expected, new AbortCommand(name) { IsLocal = isLocal, PipelinesFolder = folder }.ToString());

    [Fact]
    public async Task A_pipeline_with_folders_of_its_own_is_found_by_the_command_of_the_error()
    {
        var folder = _folder.File("runs");
        var options = new PipelineOptions { Configuration = Some.Configuration(_folder.Path), PipelinesFolder = folder, Warn = _ => { } };
        var hints = new ResourceHints { Columns = [Column.Text("id", nullable: false)] };
        var error = await Assert.ThrowsAsync<SchemaException>(
            () => Pipeline.Create("shop", Athena.Destination(Account), "ds", options)
                .RunAsync(Some.Resource("items", hints, """{"a":1}"""), Cancellation));
        Assert.Contains($"dlt pipeline shop abort-packages --pipelines-dir {folder}", error.Message, StringComparison.Ordinal);
        (await DltCommand.RunAsync(_folder.Path, "pipeline", "shop", "abort-packages", "--yes", "--pipelines-dir", folder))
            .Succeeded();
        Assert.Empty(new WorkingFolder(Path.Combine(folder, "shop")).Pending);
    }

    private LocalAthena Account => new(_folder.File(".dlt-local"));

    private WorkingFolder Folder(string pipeline) => new(Path.Combine(Account.PipelinesFolder, pipeline));

    private Task<ToolResult> RunAsync(params string[] arguments) => DltCommand.RunAsync(_folder.Path, [.. arguments, "--local"]);
}
