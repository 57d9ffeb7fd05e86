using Dlt.Tests.Support;

namespace Dlt.Tests.Terminal.Programs;

/// <summary>The arguments of a pipeline program: a misspelt --local must not load into AWS.</summary>
public sealed class ProgramArgumentsTests : IDisposable
{
    private static readonly ProgramOption[] Own = [new("--since <day>", "Where to begin."), new("--full", "Load everything."),
        new("<month>", "The month.")];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--locl", "--local")]
    [InlineData("--Local", "--local")]
    [InlineData("-local", "--local")]
    [InlineData("--quit", "--quiet")]
    [InlineData("--local=x", "--local")]
    [InlineData("local", "")]
    [InlineData("--everything", "")]
    public async Task An_unknown_argument_is_refused_before_anything_is_run(string argument, string nearest)
    {
        var hasRun = false;
        Assert.Equal(DltProgram.Failed, await DltProgram.RunAsync([argument], _ => Task.FromResult(hasRun = true)));
        Assert.False(hasRun);
        var error = Assert.Throws<DltException>(() => new ProgramArguments([]).Check([argument]));
        Assert.Contains($"'{argument}'", error.Message, StringComparison.Ordinal);
        if (nearest.Length > 0) Assert.Contains($"The nearest one is '{nearest}'.", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("--log-level", "LOUD"), InlineData("--log-level=info"), InlineData("--log-level")]
    public async Task A_level_of_the_log_that_is_not_known_is_refused_before_anything_is_run(params string[] args)
    {
        var hasRun = false;
        Assert.Equal(DltProgram.Failed, await DltProgram.RunAsync(args, _ => Task.FromResult(hasRun = true)));
        Assert.False(hasRun);
    }

    [Theory, InlineData, InlineData("--debug")]
    public async Task A_program_that_fails_exits_with_1_whether_the_whole_error_is_shown_or_not(params string[] args) =>
        Assert.Equal(DltProgram.Failed, await DltProgram.RunAsync(args, _ => throw new DltException("no")));

    [Theory]
    [InlineData]
    [InlineData("--local", "-q", "--debug")]
    [InlineData("--since", "2024-01-01", "--full", "2024-05")]
    [InlineData("--since=2024-01-01", "--local")]
    [InlineData("--since", "--local")]
    public async Task Standard_arguments_and_those_of_the_program_are_let_through(params string[] args)
    {
        var hasRun = false;
        Assert.Equal(0, await DltProgram.RunAsync(args, _ => Task.FromResult(hasRun = true), Own));
        Assert.True(hasRun);
    }

    [Theory]
    [InlineData("'--since' lacks its value", "--since")]
    [InlineData("'2024-06'", "2024-05", "2024-06")]
    public void Values_are_counted(string said, params string[] args) =>
        Assert.Contains(said, Assert.Throws<DltException>(() => new ProgramArguments(Own).Check(args)).Message, StringComparison.Ordinal);

    [Fact]
    public void Help_lists_commands_and_options()
    {
        var help = new ProgramArguments(Own).Help();
        string[] parts =
        [
            "[<month>] [options]", "--since <day>            Where to begin.", "--full", "--offline <folder>", "--local", "--quiet",
            "--debug", "--log-level <level>", "--interval-start <time>", "--help", ".dlt/secrets.toml",
        ];
        foreach (var part in parts) Assert.Contains(part, help, StringComparison.Ordinal);
    }

    [Theory, InlineData("--help"), InlineData("-h")]
    public async Task Help_runs_nothing(string argument)
    {
        var hasRun = false;
        Assert.Equal(0, await DltProgram.RunAsync(["--locl", argument], _ => Task.FromResult(hasRun = true)));
        Assert.False(hasRun);
    }

    [Theory, InlineData("--locl"), InlineData("--lcoal"), InlineData("-local"), InlineData("--LOCAL"), InlineData("--loca")]
    public void A_misspelt_local_does_not_stand_for_AWS_where_a_program_reads_its_arguments_itself(string argument) =>
        Assert.Contains("The nearest one is '--local'", Assert.Throws<DltException>(() =>
            LocalAthena.From([argument], Some.Configuration(_folder.Path))).Message, StringComparison.Ordinal);

    [Theory, InlineData("--locale"), InlineData("--lock"), InlineData("--load"), InlineData("local.csv")]
    public void Other_arguments_are_left_to_the_program(string argument)
    {
        Assert.Null(LocalAthena.From([argument], Some.Configuration(_folder.Path)));
        Assert.NotNull(LocalAthena.From([argument, "--local"], Some.Configuration(_folder.Path)));
    }
}
