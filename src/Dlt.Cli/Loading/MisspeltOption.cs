using System.CommandLine.Parsing;
using Dlt.Internal;

namespace Dlt.Cli.Loading;

/// <summary>Recognizes a word among the files of a command that was meant as an option.</summary>
internal static class MisspeltOption
{
    /// <summary>True if the word begins like an option and no file has that name.</summary>
    public static bool Is(string word) =>
        word is ['-', _, ..] && !GlobPattern.IsPattern(word) && !File.Exists(word) && !Directory.Exists(word);

    /// <summary>The error, with the option that may have been meant.</summary>
    /// <param name="word">The word, possibly with a value after <c>=</c>.</param>
    /// <param name="files">The argument that contains it.</param>
    public static string Describe(string word, ArgumentResult files)
    {
        var name = word.Split('=')[0];
        var error = $"There is no option '{name}', and no file of that name.";
        return name.StartsWith("--", StringComparison.Ordinal) && NearestName.Near(name, Options(files)) is { } nearest
            ? $"{error} Did you mean '{nearest}'?"
            : error;
    }

    private static IEnumerable<string> Options(ArgumentResult files)
    {
        for (var at = files.Parent; at is not null; at = at.Parent)
            if (at is CommandResult { Command: var command })
                foreach (var option in command.Options) yield return option.Name;
    }
}
