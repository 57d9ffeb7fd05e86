using System.CommandLine;
using System.CommandLine.Invocation;

namespace Dlt.Cli.Help;

/// <summary>
/// What is wrong with a command line, in the lines that matter: the errors, names that were perhaps meant, and where the help is.
/// </summary>
internal static class UsageErrors
{
    /// <summary>Exit code of a command line that is wrong.</summary>
    public static async Task<int> InvokeAsync(ParseResult parse, InvocationConfiguration configuration)
    {
        if (parse.Action is not ParseErrorAction errors) return await parse.InvokeAsync(configuration);
        errors.ShowHelp = false;
        var code = await parse.InvokeAsync(configuration);
        await configuration.Error.WriteLineAsync($"Help: {PathOf(parse.CommandResult.Command)} --help");
        return code;
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "dlt";
}
