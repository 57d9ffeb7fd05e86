using System.Globalization;
using System.Text;
using Dlt.Lake;

namespace Dlt.Local;

/// <summary>Reads the tokens of a statement: words, names in backquotes, texts in single quotes, numbers and signs.</summary>
/// <param name="sql">The statement.</param>
internal sealed class DdlCursor(string sql)
{
    private int _at;

    /// <summary>True when only blanks are left.</summary>
    public bool IsAtEnd => Next() == '\0';

    /// <summary>The next character that is not a blank; U+0000 at the end.</summary>
    private char Next()
    {
        while (_at < sql.Length && char.IsWhiteSpace(sql[_at])) _at++;
        return _at < sql.Length ? sql[_at] : '\0';
    }

    /// <summary>Skips words if they are the next ones.</summary>
    /// <returns>True if they were.</returns>
    public bool Take(params ReadOnlySpan<string> words)
    {
        var start = _at;
        foreach (var word in words)
        {
            if (Word().Equals(word, StringComparison.OrdinalIgnoreCase)) continue;
            _at = start;
            return false;
        }

        return true;
    }

    /// <summary>Skips a sign if it is the next one.</summary>
    /// <returns>True if it was.</returns>
    public bool Take(char sign)
    {
        if (Next() != sign) return false;
        _at++;
        return true;
    }

    /// <summary>Skips words that must follow.</summary>
    /// <exception cref="AthenaQueryException">Something else follows.</exception>
    public void Expect(params ReadOnlySpan<string> words)
    {
        if (!Take(words)) throw Wrong(string.Join(' ', words!));
    }

    /// <summary>Skips a sign that must follow.</summary>
    /// <exception cref="AthenaQueryException">Something else follows.</exception>
    public void Expect(char sign)
    {
        if (!Take(sign)) throw Wrong($"'{sign}'");
    }

    /// <summary>Reads names in backquotes with points between them, if a name is next; none otherwise.</summary>
    public IReadOnlyList<string> TakeNames()
    {
        var names = new List<string>();
        if (Next() != '`') return names;
        do names.Add(Name()); while (Take('.'));
        return names;
    }

    /// <summary>Reads a name in backquotes, in lower case.</summary>
    /// <exception cref="AthenaQueryException">Something else follows.</exception>
    public string Name() => Quoted('`', "a name in backquotes").ToLowerInvariant();

    /// <summary>Reads a text in single quotes.</summary>
    /// <exception cref="AthenaQueryException">Something else follows.</exception>
    public string Text() => Quoted('\'', "a text in single quotes");

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="AthenaQueryException">Something else follows, or a number beyond 2,147,483,647.</exception>
    public int Number()
    {
        Next();
        var start = _at;
        while (_at < sql.Length && char.IsAsciiDigit(sql[_at])) _at++;
        return int.TryParse(sql.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong("a number");
    }

    /// <summary>Reads the type of a column: everything up to the comma or the parenthesis that ends it.</summary>
    public string Type()
    {
        Next();
        var start = _at;
        for (var depth = 0; _at < sql.Length; _at++)
        {
            if (sql[_at] is '(' or '<') depth++;
            else if (depth == 0 && sql[_at] is ',' or ')') break;
            else if (sql[_at] is ')' or '>') depth--;
        }

        return sql[start.._at].Trim();
    }

    /// <summary>The error for a statement with something else than what must follow.</summary>
    public AthenaQueryException Wrong(string expected)
    {
        var before = sql.AsSpan(0, _at);
        var line = before.Count('\n') + 1;
        var column = before.Length - before.LastIndexOf('\n');
        return new("SYNTAX_ERROR", $"Expected {expected}. Nothing was run.", line, column);
    }

    private string Word()
    {
        Next();
        var start = _at;
        while (_at < sql.Length && (char.IsAsciiLetterOrDigit(sql[_at]) || sql[_at] == '_')) _at++;
        return sql[start.._at];
    }

    /// <summary>Reads the text between two quotes. A backslash keeps the character after it.</summary>
    private string Quoted(char quote, string expected)
    {
        if (!Take(quote)) throw Wrong(expected);
        var text = new StringBuilder();
        for (; _at < sql.Length; _at++)
        {
            if (sql[_at] == quote)
            {
                _at++;
                return text.ToString();
            }

            if (sql[_at] == '\\' && _at + 1 < sql.Length) _at++;
            text.Append(sql[_at]);
        }

        throw Wrong($"a closing {quote}");
    }
}
