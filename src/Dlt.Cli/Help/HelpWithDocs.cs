using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Dlt.Cli.Help;

/// <summary>Prints the help of a command; for <c>dlt</c> itself also the folder of the documentation.</summary>
/// <param name="help">Prints the help.</param>
internal sealed class HelpWithDocs(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Folder of the documentation in the package of the command; null if it was built without.</summary>
    public static string? Folder
    {
        get
        {
            var folder = Path.Combine(AppContext.BaseDirectory, "docs");
            return Directory.Exists(folder) ? folder : null;
        }
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not RootCommand || Folder is not { } folder) return code;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Documentation:");
        output.WriteLine($"  {folder}   (commands.md: every command and option with an example)");
        output.WriteLine();
        return code;
    }
}
