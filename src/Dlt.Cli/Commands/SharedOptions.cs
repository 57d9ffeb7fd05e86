using System.CommandLine;
using Dlt.Configuration;

namespace Dlt.Cli.Commands;

/// <summary>Options and the error handling that several commands share.</summary>
internal static class SharedOptions
{
    public static Option<bool> Local() => new("--local") { Description = "Use the local account in the folder .dlt-local instead of AWS." };

    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Show no progress." };

    /// <summary>Opens the local account.</summary>
    /// <exception cref="DltException">The folder of the local account does not exist.</exception>
    public static LocalAthena ExistingLocal(DltConfiguration configuration)
    {
        var account = LocalAthena.Open(configuration);
        if (account.Exists) return account;
        throw new DltException($"There is no local account in {account.Folder}. Run a pipeline with --local in this folder first.");
    }

    /// <summary>Runs the body of a command. Ctrl-C stops it; errors become a message and an exit code.</summary>
    public static Task<int> RunAsync(ParseResult parse, Func<CancellationToken, Task> body)
    {
        string[] args = parse.Tokens.Any(t => t.Value == "--debug") ? ["--debug"] : [];
        return DltProgram.RunAsync(args, body);
    }
}
