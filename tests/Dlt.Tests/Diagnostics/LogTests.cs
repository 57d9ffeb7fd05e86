using Dlt.Json;
using Dlt.Logging;
using Dlt.Tests.Cli;
using Dlt.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Dlt.Tests.Diagnostics;

/// <summary>What a run logs, to the program's own log and to standard error.</summary>
public sealed class LogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_logs_its_steps_its_tables_and_its_end()
    {
        using var log = new KeptLog();
        var info = await Pipeline(log).RunAsync(Some.Resource("items", """{"id":1,"empty":null}"""), Cancellation);
        var id = info.Packages.Single().LoadId;
        Assert.Equal([5, 5, 9, 10, 5, 1], log.Entries.Where(e => e.Level == LogLevel.Information).Select(e => e.Id));
        Assert.Contains(log.Entries, e => e.Text == $"Loads {id} are complete");
        Assert.Contains(log.Entries, e => e.Id == 9 && e.Text.Contains("items", StringComparison.Ordinal));
        Assert.StartsWith("Pipeline pipe loaded 2 rows in 1 packages in ", log.Entries[^1].Text, StringComparison.Ordinal);
        var warning = Assert.Single(log.Entries, e => e.Level == LogLevel.Warning);
        Assert.Equal((11, Assert.Single(log.Warnings)), (warning.Id, warning.Text));
    }

    [Fact]
    public async Task A_failed_run_logs_its_error_without_secrets_of_addresses()
    {
        static IEnumerable<JsonValue> Read() => throw new DltException("No answer from https://api.example.com/?token=hush.");
        using var log = new KeptLog();
        await Assert.ThrowsAsync<DltException>(() => Pipeline(log).RunAsync(Resource.Create("items", Generate(Read)), Cancellation));
        var error = Assert.Single(log.Entries, e => e.Level == LogLevel.Error);
        Assert.StartsWith("Pipeline pipe failed: No answer from https://api.example.com/", error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_logs_to_standard_error_and_prints_no_warning_twice()
    {
        File.WriteAllText(_folder.File("a.jsonl"), """{"id":1,"empty":null}""");
        string[] load = ["load", "a.jsonl", "--dataset", "d", "--table", "t", "--local", "-q"];
        var plain = await DltCommand.RunAsync(_folder.Path, load);
        plain.Succeeded();
        Assert.StartsWith("Warning: Columns of table 't' got only nulls", Assert.Single(Lines(plain)), StringComparison.Ordinal);

        var logged = await DltCommand.RunAsync(_folder.Path, [.. load, "--log-level", "INFO"]);
        logged.Succeeded();
        Assert.Single(Lines(logged), l => l.Contains("got only nulls", StringComparison.Ordinal));
        Assert.Contains(Lines(logged), l => l.Contains("|[WARNING]|", StringComparison.Ordinal));
        Assert.All(Lines(logged), l =>
            Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\|\[(INFO|WARNING)\]\|\d+\|\d+\|Dlt\|Dlt\|\w+:\d+\|\S", l));
        Assert.Contains("RunSucceeded:1|", Lines(logged)[^1], StringComparison.Ordinal);

        Assert.Empty(Lines(await DltCommand.RunAsync(_folder.Path, [.. load, "--log-level", "ERROR"])));
        var refused = await DltCommand.RunAsync(_folder.Path, [.. load, "--log-level", "LOUD"]);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("LOUD", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_chooses_level_and_form()
    {
        WriteConfiguration("JSON");
        File.WriteAllText(_folder.File("a.jsonl"), """{"id":1}""");
        var result = await DltCommand.RunAsync(_folder.Path, "load", "a.jsonl", "--dataset", "d", "--table", "t", "--local", "-q");
        result.Succeeded();
        var entries = Lines(result).Select(l => JsonParser.Parse(l)).ToList();
        Assert.All(entries, e => Assert.Equal(
            ["written_at", "written_ts", "msg", "type", "logger", "thread", "level", "module", "line_no"], e.Members.Select(m => m.Key)));
        Assert.Equal("Pipeline load_d begins step run", entries[0]["msg"]!.AsString());
        Assert.Equal(["DEBUG", "INFO"], entries.Select(e => e["level"]!.AsString()).Distinct().Order());
    }

    [Fact]
    public async Task A_failed_run_prints_its_error_once()
    {
        var failed = await FailAsync("--log-level", "INFO");
        Assert.Single(Lines(failed), l => l.Contains("bad.jsonl", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines(failed), l => l.StartsWith("Error:", StringComparison.Ordinal));
        var plain = await FailAsync();
        Assert.StartsWith("Error: ", Assert.Single(Lines(plain)), StringComparison.Ordinal);
        var silent = await FailAsync("--log-level", "CRITICAL");   // the log has no error then
        Assert.StartsWith("Error: ", Assert.Single(Lines(silent)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RunFailed", "load", "bad.jsonl", "--dataset", "d", "--table", "t", "--local")]
    [InlineData("ProgramFailed", "load", "bad.jsonl", "--dataset", "d", "--table", "t", "--local", "--debug")]
    [InlineData("ProgramFailed", "load", "none.jsonl", "--dataset", "d", "--table", "t", "--local")]
    [InlineData("ProgramFailed", "query", "d", "SELECT", "--local")]
    [InlineData("ProgramFailed", "pipeline", "none", "info", "--local", "--log-level", "CRITICAL")]
    public async Task With_a_JSON_log_standard_error_has_only_JSON_even_if_a_command_fails(string last, params string[] command)
    {
        WriteConfiguration("json");
        File.WriteAllText(_folder.File("good.jsonl"), """{"id":1}""");
        string[] load = ["load", "good.jsonl", "--dataset", "d", "--table", "t", "--local"];
        var loaded = await DltCommand.RunAsync(_folder.Path, load);   // without -q, which would stop the display of progress
        loaded.Succeeded();
        Assert.All(Lines(loaded), l => JsonParser.Parse(l));
        WriteBad();
        var failed = await DltCommand.RunAsync(_folder.Path, command);
        Assert.Equal(command[0] == "pipeline" ? 254 : 1, failed.ExitCode);   // -2 for a pipeline that does not exist
        var entry = Lines(failed).Select(l => JsonParser.Parse(l)).Last();
        Assert.Equal(("ERROR", last), (entry["level"]!.AsString(), entry["module"]!.AsString()));
        Assert.NotEmpty(entry["msg"]!.AsString());
    }

    [Fact]
    public async Task A_level_of_one_run_does_not_stay()
    {
        foreach (var args in new string[][] { ["--log-level", "CRITICAL"], [] })
        {
            LogLevel? level = null;
            await DltProgram.RunAsync(args, _ =>
            {
                level = LogSettings.Read(Some.Configuration(_folder.Path), "pipe")?.Level;
                return Task.CompletedTask;
            });
            Assert.Equal(args.Length > 0 ? LogLevel.Critical : null, level);
        }
    }

    [Theory]
    [InlineData("json")]
    [InlineData(" Json ")]
    public void JSON_is_recognised_in_any_case(string format) => Assert.True(LogFormat.Parse(format).IsJson);

    [Theory]
    [InlineData("plain")]
    [InlineData("%(message)s")]
    [InlineData("{asctime} {levelname}")]
    public void A_format_that_shows_no_message_is_refused(string format)
    {
        var error = Assert.Throws<ConfigurationException>(() => LogFormat.Parse(format));
        Assert.Contains($"'{format}', which lacks the field {{message}}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{levelname:8}", "levelname:8")]
    [InlineData("{pathname}", "pathname")]
    [InlineData("{message", "{message")]
    [InlineData("%(message)s {who}", "who")]
    public void A_format_with_a_field_that_is_not_known_is_refused(string format, string field)
    {
        var options = Options(("RUNTIME__LOG_FORMAT", format));
        var error = Assert.Throws<ConfigurationException>(() =>
            Dlt.Pipeline.Create("pipe", Athena.Destination(Some.Account(_folder)), "ds", options));
        Assert.Contains($"'{field}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_that_is_not_known_is_refused()
    {
        var options = Options(("RUNTIME__LOG_LEVEL", "LOUD"));
        var error = Assert.Throws<ConfigurationException>(() =>
            Dlt.Pipeline.Create("pipe", Athena.Destination(Some.Account(_folder)), "ds", options));
        Assert.Contains("LOUD", error.Message, StringComparison.Ordinal);
        Assert.Contains("DEBUG", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_and_doubled_braces_are_written() => Assert.Equal("{ERROR} 40 Dlt Failed:2 no 2024-02-03 04:05:06,007",
        LogFormat.Parse("{{{levelname}}} {levelno} {module} {funcName}:{lineno} {message} {asctime}").Write(
            new(new(2024, 2, 3, 4, 5, 6, 7, TimeSpan.Zero), LogLevel.Error, "Dlt", new(2, "Failed"), "no")));

    private static async IAsyncEnumerable<JsonValue> Generate(Func<IEnumerable<JsonValue>> read)
    {
        await Task.CompletedTask;
        foreach (var item in read()) yield return item;
    }

    private void WriteConfiguration(string format) =>
        _folder.Write(".dlt/config.toml", $"[runtime]\nlog_level = \"DEBUG\"\nlog_format = \"{format}\"\n");

    private void WriteBad() => File.WriteAllText(_folder.File("bad.jsonl"), "{\"id\":1}\n{\"id\":\n");

    private Task<ToolResult> FailAsync(params string[] options)
    {
        WriteBad();
        string[] load = ["load", "bad.jsonl", "--dataset", "d", "--table", "t", "--local", "-q"];
        return DltCommand.RunAsync(_folder.Path, [.. load, .. options]);
    }

    private static string[] Lines(ToolResult result) => result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private PipelineOptions Options(params (string, string)[] settings) =>
        new() { Configuration = Some.Configuration(_folder.Path, settings) };

    private Pipeline Pipeline(KeptLog log) => Dlt.Pipeline.Create("pipe", Athena.Destination(Some.Account(_folder)), "ds",
        Options() with { LoggerFactory = log, Warn = log.Warnings.Add });
}

/// <summary>A log that keeps its entries.</summary>
internal sealed class KeptLog : ILoggerFactory, ILogger
{
    public List<(int Id, LogLevel Level, string Text)> Entries { get; } = [];

    public List<string> Warnings { get; } = [];

    public ILogger CreateLogger(string categoryName)
    {
        Assert.Equal("Dlt", categoryName);
        return this;
    }

    public void AddProvider(ILoggerProvider provider) => throw new InvalidOperationException("Nothing adds providers.");

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Entries) Entries.Add((eventId.Id, logLevel, formatter(state, exception)));
    }

    public void Dispose()
    {
    }
}
