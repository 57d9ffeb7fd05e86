using System.CommandLine;

namespace Dlt.Cli.Commands;

/// <summary>Asks before something is removed. The answer is no unless somebody says yes.</summary>
internal static class Confirmation
{
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do it without a question." };

    /// <summary>Asks on standard error, so standard output has the result only. Without a terminal the answer is no.</summary>
    /// <param name="question">The question.</param>
    /// <param name="isYes">True: the option that answers was given, and nothing is asked.</param>
    /// <param name="option">The option that answers.</param>
    public static bool Ask(string question, bool isYes, string option = "--yes")
    {
        if (isYes) return true;
        if (Console.IsInputRedirected)
        {
            Console.Error.WriteLine($"Nothing was changed: no terminal can be asked. Repeat with {option}.");
            return false;
        }

        Console.Error.Write($"{question} [y/N] ");
        var answer = Console.ReadLine()?.Trim() ?? "";
        var agrees = answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase);
        if (!agrees) Console.Error.WriteLine("Nothing was changed.");
        return agrees;
    }
}
