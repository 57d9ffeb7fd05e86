using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>A run that is stopped from outside reports pending packages and exits with the right code.</summary>
public sealed class StoppedRunTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("extract", "Nothing of pipeline 'pipe' is pending")]
    [InlineData("load", "Pending packages of pipeline 'pipe': ")]
    public async Task A_run_that_is_stopped_reports_pending_packages(string step, string start)
    {
        using var stop = new CancellationTokenSource();
        var client = new FakeClient
        {
            On = call =>
            {
                if (step == "load" && call == "publish") stop.Cancel();
                stop.Token.ThrowIfCancellationRequested();
            },
        };
        var pipeline = Pipeline.Create("pipe", new FakeDestination(() => client), "ds", new()
        {
            Configuration = Some.Configuration(_folder.Path),
            PipelinesFolder = _folder.File("p"),
            Warn = _ => { },
        });
        var resource = Resource.Create("items", (_, _) => ItemsAsync(step == "extract" ? stop : null));
        var error = await Assert.ThrowsAsync<PipelineStoppedException>(() => pipeline.RunAsync(resource, stop.Token));
        Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
        Assert.Equal(step == "load" ? 1 : 0, error.PendingLoadIds.Length);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task A_load_that_is_signalled_while_a_service_does_not_answer_ends_at_once_and_names_the_pipeline(string signal, int code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "There are no signals here.");
        var pid = _folder.File("pid");
        await File.WriteAllTextAsync(_folder.File("x.jsonl"), """{"id":1}""", TestContext.Current.CancellationToken);
        var held = new TaskCompletionSource();
        await using var server = new LoopbackServer(async (_, number) =>
        {
            if (number == 1) await Tool.RunAsync("kill", ["-" + signal, (await File.ReadAllTextAsync(pid)).Trim()]);
            await held.Task;   // never answers
        });
        var environment = new Dictionary<string, string?>
        {
            ["DLT_DATA_DIR"] = _folder.File("data"),
            ["DESTINATION__FILESYSTEM__BUCKET_URL"] = "s3://lake",
            ["DESTINATION__ATHENA__QUERY_RESULT_BUCKET"] = "s3://results",
        };
        foreach (var block in new[] { "ATHENA", "FILESYSTEM" })
        {
            environment[$"DESTINATION__{block}__CREDENTIALS__AWS_ACCESS_KEY_ID"] = "test-key";
            environment[$"DESTINATION__{block}__CREDENTIALS__AWS_SECRET_ACCESS_KEY"] = "test-secret";
            environment[$"DESTINATION__{block}__CREDENTIALS__REGION_NAME"] = "eu-central-1";
            environment[$"DESTINATION__{block}__CREDENTIALS__ENDPOINT_URL"] = server.Url;
        }

        var dlt = Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll");
        // Jobs in the background of a shell ignore INT, and so do all processes that they start.
        var handled = OperatingSystem.IsLinux() ? $"env --default-signal={signal}" : "";
        var command = $"echo $$ > '{pid}'; exec {handled} dotnet exec '{dlt}' load x.jsonl --dataset ds --table t --quiet";
        var result = await Tool.RunAsync("sh", ["-c", command], _folder.Path, environment);
        held.SetResult();

        Assert.Equal(code, result.ExitCode);
        Assert.StartsWith("Stopped. Nothing of pipeline 'load_ds' is pending", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_end_when_it_is_asked_to_is_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "There are no signals here.");
        using var stuck = new ManualResetEventSlim();
        var code = await DltProgram.RunAsync(
            [],
            _ =>
            {
                Tool.RunAsync("kill", ["-TERM",
                    Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]).Wait(CancellationToken.None);
                stuck.Wait(CancellationToken.None);   // ignores the token
                return Task.CompletedTask;
            },
            new NoWaits(),
            []);
        stuck.Set();
        Assert.Equal(143, code);
    }

    private static async IAsyncEnumerable<object?> ItemsAsync(CancellationTokenSource? stop)
    {
        await Task.Yield();
        yield return new { id = 1 };
        if (stop is not null) await stop.CancelAsync();
    }
}
