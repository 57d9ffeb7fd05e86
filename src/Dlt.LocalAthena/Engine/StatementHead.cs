using System.Collections.Frozen;

namespace Dlt.Local;

/// <summary>Reads the first words of a statement, past blanks and comments, to find out what kind of statement it is.</summary>
/// <param name="sql">The statement.</param>
internal sealed class StatementHead(string sql)
{
    private const int MaxNamed = 6;

    /// <summary>Words that end the name of a statement, such as <c>CREATE OR REPLACE VIEW</c>.</summary>
    private static readonly FrozenSet<string> Objects = new[]
    {
        "TABLE", "VIEW", "DATABASE", "SCHEMA", "FUNCTION", "MACRO", "TYPE", "INDEX", "SEQUENCE", "SECRET", "ROLE",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Statements that are named together with the kind of their object.</summary>
    private static readonly FrozenSet<string> Verbs = new[] { "CREATE", "ALTER", "DROP", "COMMENT", "TRUNCATE" }
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Statements of Athena and of DuckDB that write, or change the session (docs/spec/aws-apis.md 5.1).</summary>
    private static readonly FrozenSet<string> Refused = new[]
    {
        "ALTER", "ANALYZE", "ATTACH", "BEGIN", "CALL", "CHECKPOINT", "COMMENT", "COMMIT", "COPY", "CREATE", "DEALLOCATE", "DELETE",
        "DENY", "DETACH", "DROP", "EXECUTE", "EXPORT", "FORCE", "GRANT",
        "IMPORT", "INSERT", "INSTALL", "LOAD", "LOCK", "MERGE", "MSCK", "OPTIMIZE", "PIVOT", "PRAGMA", "PREPARE", "REFRESH",
        "RESET", "REVOKE", "ROLLBACK", "SET", "START", "TRUNCATE", "UNLOAD", "UNPIVOT",
        "UPDATE", "USE", "VACUUM",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private int _at;

    /// <summary>Position of the next word.</summary>
    public int Start
    {
        get
        {
            SkipBlanks();
            return _at;
        }
    }

    /// <summary>True when only blanks, comments and semicolons are left.</summary>
    public bool IsEmpty
    {
        get
        {
            while (Start < sql.Length && sql[_at] == ';') _at++;
            return _at >= sql.Length;
        }
    }

    /// <summary>True when the first word begins a statement that the local Athena does not run.</summary>
    public bool IsRefused => Refused.Contains(Peek());

    /// <summary>The next word in upper case; empty if there is none.</summary>
    public string Peek()
    {
        var end = Start;
        while (end < sql.Length && (char.IsAsciiLetter(sql[end]) || sql[end] == '_')) end++;
        return sql[_at..end].ToUpperInvariant();
    }

    /// <summary>Skips a word if it is the next one.</summary>
    public bool Take(string word)
    {
        if (Peek() != word) return false;
        _at += word.Length;
        return true;
    }

    /// <summary>Reads the options of an EXPLAIN, such as <c>(FORMAT JSON)</c>: words and commas only. Empty if there are none.</summary>
    public string TakeOptions()
    {
        if (Start >= sql.Length || sql[_at] != '(') return "";
        var end = sql.IndexOf(')', _at);
        if (end < 0 || sql[(_at + 1)..end].Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or ' ' or ','))) return "";
        var options = sql[_at..(end + 1)];
        _at = end + 1;
        return options;
    }

    /// <summary>Name of the statement in messages: <c>CREATE TABLE</c>, <c>COPY</c>.</summary>
    public string Name()
    {
        var first = Peek();
        if (!Verbs.Contains(first)) return first.Length > 0 ? first : "The statement";
        Take(first);
        for (var i = 1; i < MaxNamed; i++)
        {
            var word = Peek();
            if (word.Length == 0) break;
            if (Objects.Contains(word)) return $"{first} {word}";
            Take(word);
        }

        return first;
    }

    /// <summary>Skips blanks and comments. Comments of the form <c>/* */</c> nest, as in DuckDB.</summary>
    private void SkipBlanks()
    {
        while (_at < sql.Length)
        {
            if (char.IsWhiteSpace(sql[_at]))
            {
                _at++;
            }
            else if (IsAt("--"))
            {
                var end = sql.AsSpan(_at).IndexOfAny('\n', '\r');
                _at = end < 0 ? sql.Length : _at + end;
            }
            else if (IsAt("/*"))
            {
                SkipBlockComment();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipBlockComment()
    {
        var depth = 0;
        do
        {
            if (IsAt("/*")) depth++;
            else if (IsAt("*/")) depth--;
            _at += IsAt("/*") || IsAt("*/") ? 2 : 1;
        }
        while (depth > 0 && _at < sql.Length);
    }

    private bool IsAt(string text) => string.CompareOrdinal(sql, _at, text, 0, text.Length) == 0;
}
