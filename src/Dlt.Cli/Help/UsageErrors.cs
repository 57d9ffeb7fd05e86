using System.CommandLine;
using System.CommandLine.Invocation;

namespace Dlt.Cli.Help;

/// <summary>Prints errors of a command line in few lines: the errors, names that may have been meant, and how to get help.</summary>
internal static class UsageErrors
{
    /// <summary>Runs a command, or prints the errors of its command line. Returns the exit code.</summary>
    public static async Task<int> InvokeAsync(ParseResult parse, InvocationConfiguration configuration)
    {
        if (parse.Action is not ParseErrorAction errors) return await parse.InvokeAsync(configuration);
        errors.ShowHelp = false;
        var code = await parse.InvokeAsync(configuration);
        if (parse.CommandResult.Command.Name == "query" && parse.UnmatchedTokens.Any(word => !word.StartsWith('-')))
            await configuration.Error.WriteLineAsync("A statement is one word of the command line: put it into quotes, \"SELECT 1\".");
        await configuration.Error.WriteLineAsync($"Help: {PathOf(parse.CommandResult.Command)} --help");
        return code;
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "dlt";
}
