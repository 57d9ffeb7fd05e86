using System.Globalization;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>Parses filters such as <c>country = 'de' and (price &gt;= 10 or price is null) and not name like 'a%'</c>.</summary>
internal sealed class FilterParser
{
    private const int MaxDepth = 100;

    private readonly string _text;
    private int _at;
    private int _depth;

    private FilterParser(string text) => _text = text;

    /// <exception cref="FormatException">The text is not a filter. The message contains the position of the error.</exception>
    public static Filter Parse(string text)
    {
        var parser = new FilterParser(text);
        var filter = parser.Or();
        return parser.Peek().Length == 0 ? filter : throw parser.Wrong("'and', 'or' or the end");
    }

    private Filter Or()
    {
        if (++_depth > MaxDepth) throw Wrong("fewer parentheses");
        var left = And();
        while (TakesWord("or")) left = Filter.Or(left, And());
        _depth--;
        return left;
    }

    private Filter And()
    {
        var left = Not();
        while (TakesWord("and")) left = Filter.And(left, Not());
        return left;
    }

    private Filter Not()
    {
        if (TakesWord("not")) return Filter.Not(Not());
        if (!Takes("(")) return Comparison();
        var inner = Or();
        Expect(")");
        return inner;
    }

    private Filter Comparison()
    {
        var column = Name();
        if (TakesWord("is"))
        {
            var isNot = TakesWord("not");
            if (TakesWord("null")) return isNot ? Filter.IsNotNull(column) : Filter.IsNull(column);
            if (TakesWord("nan")) return isNot ? Filter.IsNotNan(column) : Filter.IsNan(column);
            throw Wrong("'null' or 'nan'");
        }

        var negated = TakesWord("not");
        if (TakesWord("in"))
        {
            Expect("(");
            var values = new List<object> { Value() };
            while (Takes(",")) values.Add(Value());
            Expect(")");
            return negated ? Filter.NotIn(column, [.. values]) : Filter.In(column, [.. values]);
        }

        if (TakesWord("like"))
        {
            Blanks();
            var start = _at;
            if (Value() is not string pattern || !pattern.EndsWith('%') || pattern.AsSpan(0, pattern.Length - 1).IndexOfAny('%', '_') >= 0)
                throw WrongAt(start, "a prefix with '%' at the end, such as 'abc%',");
            return negated ? Filter.NotStartsWith(column, pattern[..^1]) : Filter.StartsWith(column, pattern[..^1]);
        }

        if (TakesWord("between"))
        {
            var from = Filter.GreaterOrEqual(column, Value());
            if (!TakesWord("and")) throw Wrong("'and' and the upper bound");
            var range = Filter.And(from, Filter.LessOrEqual(column, Value()));
            return negated ? Filter.Not(range) : range;
        }

        if (negated) throw Wrong("'in', 'like' or 'between'");
        if (Takes("<=")) return Filter.LessOrEqual(column, Value());
        if (Takes(">=")) return Filter.GreaterOrEqual(column, Value());
        if (Takes("<>") || Takes("!=")) return Filter.NotEqual(column, Value());
        if (Takes("<")) return Filter.Less(column, Value());
        if (Takes(">")) return Filter.Greater(column, Value());
        if (Takes("=")) return Filter.Equal(column, Value());
        throw Wrong("a comparison");
    }

    private string Name()
    {
        Blanks();
        if (_at < _text.Length && _text[_at] == '"') return Quoted('"');
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.')) _at++;
        return _at > start ? _text[start.._at] : throw Wrong("a column name");
    }

    private object Value()
    {
        Blanks();
        if (_at < _text.Length && _text[_at] == '\'') return Quoted('\'');
        if (TakesWord("true")) return true;
        if (TakesWord("false")) return false;
        var start = _at;
        if (TakesWord("date")) return Time(start, FilterTime.Date, "a date such as DATE '2026-11-30'");
        if (TakesWord("timestamp")) return Time(start, FilterTime.Timestamp, "a time such as TIMESTAMP '2026-11-30 12:00:00'");
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '.' or '-' or '+')) _at++;
        var text = _text[start.._at];
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) return text;
        _at = start;
        if (TakesWord("null")) throw WrongAt(start, "a value ('is null' finds nulls)");
        throw WrongAt(start, "a number, true, false, a date, a timestamp or text in single quotes");
    }

    /// <summary>Reads the text of a date or timestamp, whose word was taken.</summary>
    private FilterTime Time(int start, Func<string, FilterTime?> read, string expected)
    {
        Blanks();
        if (_at == _text.Length || _text[_at] != '\'') throw WrongAt(start, expected);
        return read(Quoted('\'')) ?? throw WrongAt(start, expected);
    }

    private string Quoted(char quote)
    {
        var text = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] != quote) text.Append(_text[_at]);
            else if (_at + 1 < _text.Length && _text[_at + 1] == quote) text.Append(_text[_at++]);
            else
            {
                _at++;
                return text.ToString();
            }
        }

        throw Wrong($"the closing {quote}");
    }

    private bool TakesWord(string word)
    {
        Blanks();
        if (!_text.AsSpan(_at).StartsWith(word, StringComparison.OrdinalIgnoreCase)) return false;
        var end = _at + word.Length;
        if (end < _text.Length && (char.IsLetterOrDigit(_text[end]) || _text[end] == '_')) return false;
        _at = end;
        return true;
    }

    private bool Takes(string symbol)
    {
        Blanks();
        if (!_text.AsSpan(_at).StartsWith(symbol, StringComparison.Ordinal)) return false;
        _at += symbol.Length;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Takes(symbol)) throw Wrong($"'{symbol}'");
    }

    private ReadOnlySpan<char> Peek()
    {
        Blanks();
        return _text.AsSpan(_at);
    }

    private void Blanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private FormatException WrongAt(int start, string expected)
    {
        _at = start;
        return Wrong(expected);
    }

    private FormatException Wrong(string expected)
    {
        var place = _at < _text.Length ? $"before \"{_text[_at..Math.Min(_text.Length, _at + 20)]}\"" : "its end";
        return new(string.Create(CultureInfo.InvariantCulture,
            $"The filter \"{_text}\" cannot be read: {expected} is expected at character {_at + 1}, {place}."));
    }
}
