namespace Dlt.Configuration;

/// <summary>Finds a list or an inline table of a TOML file that does not end, which parsers report where it cannot go on.</summary>
internal static class TomlBrackets
{
    /// <summary>Returns the first bracket of a value that has no end; null when all have one.</summary>
    /// <param name="text">Text of the file.</param>
    public static OpenBracket? FirstOpen(string text)
    {
        var open = new List<OpenBracket>();
        var (line, lineStart) = (1, 0);
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\n':
                    (line, lineStart) = (line + 1, at + 1);
                    break;
                case '#':
                    at = EndOfLine(text, at) - 1;
                    break;
                case '"' or '\'':
                    var end = EndOfString(text, at);
                    for (; at < end; at++)
                        if (text[at] == '\n') (line, lineStart) = (line + 1, at + 1);
                    break;
                case '[' or '{' when open.Count > 0 || text.AsSpan(lineStart, at - lineStart).Contains('='):
                    open.Add(new(line, at - lineStart + 1, text[at], KeyOf(text[lineStart..at])));
                    break;
                case ']' or '}' when open.Count > 0:
                    open.RemoveAt(open.Count - 1);
                    break;
                case '[':
                    at = EndOfLine(text, at) - 1;   // the name of a table
                    break;
            }
        }

        return open.Count > 0 ? open[0] : null;
    }

    private static string KeyOf(string beginning) => beginning.Split('=')[0].Trim();

    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;

    /// <summary>Position of the last quote of a string; that of the line's end for a string of one line without an end.</summary>
    private static int EndOfString(string text, int at)
    {
        var quote = text[at];
        if (string.CompareOrdinal(text, at, new string(quote, 3), 0, 3) == 0)
            return text.IndexOf(new string(quote, 3), at + 3, StringComparison.Ordinal) is >= 0 and var end ? end + 2 : text.Length - 1;
        for (var next = at + 1; next < text.Length && text[next] != '\n'; next++)
        {
            if (text[next] == quote) return next;
            if (text[next] == '\\' && quote == '"') next++;
        }

        return EndOfLine(text, at) - 1;
    }
}

/// <summary>A bracket of a value that has no end.</summary>
/// <param name="Line">Its line, 1 for the first.</param>
/// <param name="Column">Its column, 1 for the first.</param>
/// <param name="Bracket">The bracket.</param>
/// <param name="Key">Key of the value.</param>
internal sealed record OpenBracket(int Line, int Column, char Bracket, string Key)
{
    /// <summary>What is wrong, without the value.</summary>
    public string Problem => Bracket == '['
        ? $"the list of '{Key}' is not closed: ']' is missing"
        : $"the table of '{Key}' is not closed: '}}' is missing";
}
