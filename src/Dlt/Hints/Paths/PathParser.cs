using System.Collections.Immutable;

namespace Dlt.Hints.Paths;

/// <summary>
/// Parses a JSONPath with the grammar of the library that dlt uses: <c>..</c> binds weakest, then <c>.</c>, <c>|</c> and <c>where</c>, so
/// <c>a.b|c</c> means a.(b|c).
/// </summary>
internal sealed class PathParser
{
    private readonly PathText _text;

    private PathParser(string text) => _text = new(text);

    /// <exception cref="PathException">The text is not a path, or is beyond what is supported.</exception>
    public static PathNode Parse(string text)
    {
        if (IsPlainName(text)) return new PathNode.Fields([text]);
        var parser = new PathParser(text);
        var node = parser.Descendants();
        return parser._text.IsAtEnd ? node : throw parser._text.Unexpected();
    }

    /// <summary>Returns a name in the form that it needs in a path.</summary>
    public static string Quoted(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '@')
        && !char.IsAsciiDigit(name[0]) && name[0] != '-'
        ? name
        : "'" + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";

    /// <summary>
    /// True for a name without a character that means something in a path. It may have blanks and letters of any language.
    /// </summary>
    private static bool IsPlainName(string text) =>
        text.Length > 0 && text.AsSpan().IndexOfAny("$.[]*'\"`|,()") < 0 && !text.Contains(" where ", StringComparison.Ordinal)
        && text != "@";

    private PathNode Descendants()
    {
        var left = _text.StartsWith("..") ? PathNode.Root.Instance : Children();
        while (_text.TryTake("..")) left = new PathNode.Descendants(left, Children());
        return left;
    }

    private PathNode Children()
    {
        if (!_text.StartsWith("..")) _text.TryTake(".");   // a path may begin with a point, which says nothing
        var left = Unions();
        while (!_text.StartsWith("..") && _text.TryTake(".")) left = new PathNode.Child(left, Unions());
        return left;
    }

    private PathNode Unions()
    {
        var left = Wheres();
        while (_text.TryTake("|")) left = new PathNode.Union(left, Wheres());
        return left;
    }

    private PathNode Wheres()
    {
        var left = Brackets();
        while (_text.TryTakeWord("where")) left = new PathNode.Where(left, Brackets());
        return left;
    }

    private PathNode Brackets()
    {
        var left = _text.StartsWith("[") ? Bracket() : Single();
        while (_text.StartsWith("[")) left = new PathNode.Child(left, Bracket());
        return left;
    }

    private PathNode Single()
    {
        if (_text.TryTake("$")) return PathNode.Root.Instance;
        if (_text.TryTake("*")) return new PathNode.AnyField();
        if (_text.TryTake("("))
        {
            var inner = Descendants();
            _text.Take(")");
            return inner;
        }

        if (_text.StartsWith("`")) throw _text.Unexpected("a named operator, which is not supported, is");
        if (_text.IsThis()) return PathNode.Root.Instance;
        return new PathNode.Fields(Names());
    }

    private ImmutableArray<string> Names()
    {
        var names = ImmutableArray.CreateBuilder<string>();
        do names.Add(_text.Name());
        while (_text.TryTake(","));
        return names.ToImmutable();
    }

    private PathNode Bracket()
    {
        _text.Take("[");
        var node = Inner();
        _text.Take("]");
        return node;
    }

    private PathNode Inner()
    {
        if (_text.TryTake("*")) return new PathNode.Slice(null, null, null);
        if (_text.TryTake("?")) return new PathNode.Filter(new ConditionParser(_text, Descendants).Parse());
        if (_text.StartsWith("/") || _text.StartsWith("\\")) throw _text.Unexpected("sorting, which is not supported, is");
        if (!_text.IsAtNumber() && !_text.StartsWith(":")) return new PathNode.Fields(Names());
        var first = _text.Number();
        if (!_text.StartsWith(":")) return Indexes(first ?? throw _text.Unexpected());
        _text.Take(":");
        var end = _text.Number();
        int? step = null;
        if (_text.TryTake(":")) step = _text.Number();
        if (step == 0) throw _text.Unexpected("a step of 0 is");
        return new PathNode.Slice(first, end, step);
    }

    private PathNode.Indexes Indexes(int first)
    {
        var numbers = ImmutableArray.CreateBuilder<int>();
        numbers.Add(first);
        while (_text.TryTake(",")) numbers.Add(_text.Number() ?? throw _text.Unexpected());
        return new(numbers.ToImmutable());
    }
}
