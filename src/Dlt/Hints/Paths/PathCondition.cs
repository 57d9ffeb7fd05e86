using System.Globalization;
using System.Text.RegularExpressions;

namespace Dlt.Hints.Paths;

/// <summary>The condition of a filter: paths, compared with a constant or not, joined by <c>&amp;</c>.</summary>
internal abstract record PathCondition
{
    /// <summary>True when a value meets the condition.</summary>
    public abstract bool Holds(JsonValue value);

    /// <summary>Both conditions.</summary>
    public sealed record And(PathCondition Left, PathCondition Right) : PathCondition
    {
        public override bool Holds(JsonValue value) => Left.Holds(value) && Right.Holds(value);
    }

    /// <summary>The path finds something.</summary>
    public sealed record Exists(PathNode Path) : PathCondition
    {
        public override bool Holds(JsonValue value) => Path.Find(value).Any();
    }

    /// <summary>The path finds a value that compares as wanted.</summary>
    /// <param name="Path">Path within the value.</param>
    /// <param name="Operator">One of <c>= == != &lt; &lt;= &gt; &gt;=</c>.</param>
    /// <param name="Constant">A text, number or boolean. A text that is a number compares as one with a number.</param>
    public sealed record Compares(PathNode Path, string Operator, JsonValue Constant) : PathCondition
    {
        public override bool Holds(JsonValue value) => Path.Find(value).Any(v => Operator switch
        {
            "=" or "==" => IsEqual(v),
            "!=" => !IsEqual(v),
            _ => Order(v) is { } order && Operator switch
            {
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            },
        });

        private bool IsEqual(JsonValue value) => Order(value) is { } order ? order == 0 : value.Equals(Constant);

        private int? Order(JsonValue value)
        {
            if (Constant.Kind is JsonKind.Integer or JsonKind.Real && NumberOf(value) is { } number)
                return number.CompareTo(Constant.AsDouble());
            return Constant.Kind == JsonKind.String && value.Kind == JsonKind.String
                ? string.CompareOrdinal(value.AsString(), Constant.AsString())
                : null;
        }

        private static double? NumberOf(JsonValue value) => value.Kind switch
        {
            JsonKind.Integer or JsonKind.Real => value.AsDouble(),
            JsonKind.String when double.TryParse(value.AsString(), CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
    }

    /// <summary>The path finds a text in which a regular expression matches.</summary>
    public sealed record Matches(PathNode Path, Regex Pattern) : PathCondition
    {
        public override bool Holds(JsonValue value) =>
            Path.Find(value).Any(v => v.Kind == JsonKind.String && Pattern.IsMatch(v.AsString()));
    }
}
