using System.Text.RegularExpressions;

namespace Dlt.Hints.Paths;

/// <summary>Parses the condition of a filter: <c>(@.price &gt; 10 &amp; @.open == true)</c>, <c>name = 'Aurora'</c>, <c>@.id</c>.</summary>
/// <param name="text">The text, behind the question mark.</param>
/// <param name="path">Parses a path.</param>
internal sealed class ConditionParser(PathText text, Func<PathNode> path)
{
    private static readonly string[] Operators = ["==", "=~", "!=", "<=", ">=", "=", "<", ">"];

    /// <exception cref="PathException">The text is not a condition, or is beyond what is supported.</exception>
    public PathCondition Parse()
    {
        var left = Single();
        while (text.TryTake("&"))
        {
            text.TryTake("&");
            left = new PathCondition.And(left, Single());
        }

        return left;
    }

    private PathCondition Single()
    {
        if (text.TryTake("("))
        {
            var inner = Parse();
            text.Take(")");
            return inner;
        }

        var target = path();
        if (Operators.FirstOrDefault(text.TryTake) is not { } word) return new PathCondition.Exists(target);
        var start = text.At;
        var constant = text.Constant();
        if (word != "=~") return new PathCondition.Compares(target, word, constant);
        return new PathCondition.Matches(target, Pattern(constant, start));
    }

    private Regex Pattern(JsonValue constant, int start)
    {
        if (constant.Kind != JsonKind.String) throw text.Unexpected("a pattern that is no text is", start);
        try
        {
            return new(constant.AsString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException error)
        {
            throw text.Unexpected($"an invalid pattern ({error.Message}) is", start);
        }
    }
}
