using System.CommandLine;
using System.CommandLine.Parsing;

namespace Dlt.Cli.Help;

/// <summary>The command line as it was given, to be pasted again with a change.</summary>
internal static class CommandText
{
    /// <summary>The command line with another word in the place of one.</summary>
    public static string Replace(ParseResult parse, string word, string other)
    {
        var isReplaced = false;
        var words = new List<string> { "dlt" };
        foreach (var token in parse.Tokens)
        {
            var isIt = !isReplaced && token.Type == TokenType.Argument && token.Value == word;
            isReplaced |= isIt;
            words.Add(ShellWord.Quote(isIt ? other : token.Value));
        }

        return string.Join(' ', words);
    }
}
