using System.CommandLine;
using System.CommandLine.Parsing;
using Dlt.Internal;

namespace Dlt.Cli.Help;

/// <summary>Repeats the command line with a change, ready to paste.</summary>
internal static class CommandText
{
    /// <summary>The command line with another word in place of the first occurrence of an argument.</summary>
    public static string Replace(ParseResult parse, string word, string other)
    {
        var isReplaced = false;
        var words = new List<string> { "dlt" };
        foreach (var token in parse.Tokens)
        {
            var isMatch = !isReplaced && token.Type == TokenType.Argument && token.Value == word;
            isReplaced |= isMatch;
            words.Add(ShellWord.Quote(isMatch ? other : token.Value));
        }

        return string.Join(' ', words);
    }
}
