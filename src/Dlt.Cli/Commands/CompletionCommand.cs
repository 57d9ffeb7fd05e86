using System.CommandLine;
using System.Reflection;

namespace Dlt.Cli.Commands;

/// <summary>
/// <c>dlt completion SHELL</c>: prints a script for a shell that completes commands, options and their values. The script asks the command
/// for them with the directive <c>[suggest]</c>.
/// </summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh (PowerShell).", HelpName = "shell" };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command(
            "completion", "Print a script that completes this command in a shell; its first lines say how to load it.") { shell };
        command.SetAction(parse => Console.Out.Write(Script(parse.GetValue(shell)!)));
        return command;
    }

    internal static string Script(string shell)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("completion/" + shell)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
