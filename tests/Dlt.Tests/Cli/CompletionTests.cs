using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

public sealed class CompletionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("bash"), InlineData("zsh"), InlineData("fish"), InlineData("pwsh")]
    public async Task Every_shell_has_a_script_that_asks_the_command_and_says_how_to_load_it(string shell)
    {
        var script = (await DltCommand.RunAsync(_folder.Path, "completion", shell)).Succeeded();
        Assert.Contains("[suggest:", script, StringComparison.Ordinal);
        Assert.Contains($"dlt completion {shell}", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shell_that_is_not_known_is_an_error()
    {
        var result = await DltCommand.RunAsync(_folder.Path, "completion", "tcsh");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("pwsh", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dlt lo", "load")]
    [InlineData("dlt load --da", "--dataset")]
    [InlineData("dlt load x --nested ", "columns", "json", "tables")]
    [InlineData("dlt iceberg s", "show", "snapshots")]
    [InlineData("dlt load --format pa", "parquet")]
    [InlineData("dlt load my")]   // bash completes files itself when there are no words
    public async Task Bash_completes_what_is_typed(string typed, params string[] expected)
    {
        Assert.SkipUnless(Tool.Exists("bash"), "There is no bash here: its completion was NOT tried.");
        var words = typed.Split(' ');
        var tool = _folder.File("dlt");
        await File.WriteAllTextAsync(
            tool, $"#!/bin/sh\nexec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll")}' \"$@\"\n",
            TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var list = string.Join(' ', words.Select(w => $"'{w}'"));
        var script = $"""
            export PATH="{_folder.Path}:$PATH"
            eval "$(dlt completion bash)"
            COMP_WORDS=({list}); COMP_CWORD={words.Length - 1}; COMP_LINE='{typed}'; COMP_POINT={typed.Length}
            _dlt_complete
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            complete -p dlt
            """;
        var lines = (await Tool.RunAsync("bash", ["-c", script], _folder.Path)).Succeeded()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, lines[..^1].Order(StringComparer.Ordinal));
        Assert.Contains("_dlt_complete", lines[^1], StringComparison.Ordinal);
    }
}
