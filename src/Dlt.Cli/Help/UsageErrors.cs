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
        var code = IsUnquoted(parse) ? 1 : await parse.InvokeAsync(configuration);
        if (IsUnquoted(parse))
            await configuration.Error.WriteLineAsync("A statement is one word of the command line: put it into quotes, \"SELECT 1\".");
        await configuration.Error.WriteLineAsync($"Help: {PathOf(parse.CommandResult.Command)} --help");
        return code;
    }

    /// <summary>True if all that is wrong are further words after a statement.</summary>
    private static bool IsUnquoted(ParseResult parse) => parse.CommandResult.Command.Name == "query"
        && parse.UnmatchedTokens.Count == parse.Errors.Count && parse.UnmatchedTokens.All(word => !word.StartsWith('-'));

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "dlt";
}
