using System.CommandLine;
using Dlt.Cli.Commands.Pipelines;

namespace Dlt.Cli.Commands;

/// <summary>Options and the error handling that several commands share.</summary>
internal static class SharedOptions
{
    private const string LogLevelName = "--log-level";

    public static Option<bool> Local() => new("--local") { Description = "Use the local account in the folder .dlt-local instead of AWS." };

    /// <summary>The name of the destination.</summary>
    public static Option<string?> Destination() => new("--destination")
    {
        Description = "The destination, whose settings are in [destination.NAME]; by default athena, or destination_name of the settings.",
        HelpName = "name",
    };

    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Show no progress." };

    /// <summary>What a load does while another process or machine runs the pipeline.</summary>
    public static Option<bool> Wait() =>
        new("--wait") { Description = "Wait while another process or machine runs the pipeline, instead of failing." };

    /// <summary>The level of the log, for every command.</summary>
    public static Option<string?> LogLevel()
    {
        var option = new Option<string?>(LogLevelName)
        { Description = "Log to standard error: CRITICAL, ERROR, WARNING, INFO or DEBUG.", Recursive = true };
        option.AcceptOnlyFromAmong("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG");
        return option;
    }

    /// <summary>Opens the local account.</summary>
    /// <exception cref="DltException">The folder of the local account does not exist.</exception>
    public static LocalAthena ExistingLocal(DltConfiguration configuration)
    {
        var account = LocalAthena.Open(configuration);
        if (account.Exists) return account;
        throw new DltException($"There is no local account in {account.Folder}. Run a pipeline with --local in this folder first.");
    }

    /// <summary>Runs the body of a command. Ctrl-C stops it; errors become a message and an exit code.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="body">The body of the command.</param>
    /// <param name="arguments">Arguments of pipeline programs that the command has, too.</param>
    public static async Task<int> RunAsync(ParseResult parse, Func<CancellationToken, Task> body, params string[] arguments)
    {
        string[] args = parse.Tokens.Any(t => t.Value == "--debug") ? ["--debug", .. arguments] : arguments;
        if (parse.GetValue<string?>(LogLevelName) is { } level) args = [.. args, LogLevelName, level];
        var isUnknown = false;
        var code = await DltProgram.RunAsync(args, async stop =>
        {
            try
            {
                await body(stop);
            }
            catch (UnknownPipelineException)
            {
                isUnknown = true;
                throw;
            }
        });
        return isUnknown ? UnknownPipelineException.ExitCode : code;
    }
}
