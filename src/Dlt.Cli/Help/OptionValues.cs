using System.CommandLine;
using System.CommandLine.Parsing;

namespace Dlt.Cli.Help;

/// <summary>
/// Refuses an option as the value of another one: the parser takes the next word, so <c>--table --local</c> would load into a table
/// <c>--local</c> on AWS.
/// </summary>
internal static class OptionValues
{
    /// <summary>Adds the check to each option of a command and of the commands below it.</summary>
    public static void Check(Command root)
    {
        foreach (var option in All(root).Distinct()) option.Validators.Add(Check);
    }

    private static void Check(OptionResult result)
    {
        foreach (var word in result.Tokens.Select(t => t.Value).Where(w => w.StartsWith('-') && IsOption(w, result)))
            result.AddError($"Option '{result.Option.Name}' needs a value, and '{word}' is an option. Write the value before it.");
    }

    private static bool IsOption(string word, OptionResult result)
    {
        for (var at = result.Parent; at is not null; at = at.Parent)
            if (at is CommandResult { Command: var command } && command.Options.Any(o => o.Name == word || o.Aliases.Contains(word)))
                return true;
        return false;
    }

    private static IEnumerable<Option> All(Command command) => command.Options.Concat(command.Subcommands.SelectMany(All));
}
