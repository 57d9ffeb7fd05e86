using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>A test of a column's value.</summary>
internal enum FilterOperation
{
    IsNull,
    NotNull,
    IsNan,
    NotNan,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    In,
    NotIn,
    StartsWith,
    NotStartsWith,
}

/// <summary>
/// A condition on rows. Null matches only <see cref="IsNull"/>; NaN matches only <see cref="NotEqual"/>, <see cref="NotIn"/> and <see
/// cref="IsNan"/>; -0.0 equals 0.0 (Iceberg table specification).
/// </summary>
public abstract record Filter
{
    private protected Filter()
    {
    }

    /// <summary>Matches all rows.</summary>
    public static Filter True { get; } = new ConstantFilter(true);

    /// <summary>Matches no rows.</summary>
    public static Filter False { get; } = new ConstantFilter(false);

    /// <summary>Matches rows with null in the column.</summary>
    public static Filter IsNull(string column) => new ColumnFilter(FilterOperation.IsNull, column, []);

    /// <summary>Matches rows with a value in the column.</summary>
    public static Filter IsNotNull(string column) => new ColumnFilter(FilterOperation.NotNull, column, []);

    /// <summary>Matches rows with NaN in the column.</summary>
    public static Filter IsNan(string column) => new ColumnFilter(FilterOperation.IsNan, column, []);

    /// <summary>Matches rows with a value other than NaN in the column.</summary>
    public static Filter IsNotNan(string column) => new ColumnFilter(FilterOperation.NotNan, column, []);

    /// <summary>
    /// Matches rows with this value: a bool, number, string, DateOnly, TimeOnly, DateTime, DateTimeOffset, Guid or byte[].
    /// </summary>
    public static Filter Equal(string column, object value) => new ColumnFilter(FilterOperation.Equal, column, [value]);

    /// <summary>Matches rows with a different value.</summary>
    public static Filter NotEqual(string column, object value) => new ColumnFilter(FilterOperation.NotEqual, column, [value]);

    /// <summary>Matches rows with a smaller value.</summary>
    public static Filter Less(string column, object value) => new ColumnFilter(FilterOperation.Less, column, [value]);

    /// <summary>Matches rows with this value or a smaller one.</summary>
    public static Filter LessOrEqual(string column, object value) => new ColumnFilter(FilterOperation.LessOrEqual, column, [value]);

    /// <summary>Matches rows with a larger value.</summary>
    public static Filter Greater(string column, object value) => new ColumnFilter(FilterOperation.Greater, column, [value]);

    /// <summary>Matches rows with this value or a larger one.</summary>
    public static Filter GreaterOrEqual(string column, object value) => new ColumnFilter(FilterOperation.GreaterOrEqual, column, [value]);

    /// <summary>Matches rows with one of the values.</summary>
    public static Filter In(string column, params object[] values) => new ColumnFilter(FilterOperation.In, column, [.. values]);

    /// <summary>Matches rows with a value that is not in the list.</summary>
    public static Filter NotIn(string column, params object[] values) => new ColumnFilter(FilterOperation.NotIn, column, [.. values]);

    /// <summary>Matches rows with a text that starts with the prefix.</summary>
    public static Filter StartsWith(string column, string prefix) => new ColumnFilter(FilterOperation.StartsWith, column, [prefix]);

    /// <summary>Matches rows with a text that does not start with the prefix.</summary>
    public static Filter NotStartsWith(string column, string prefix) => new ColumnFilter(FilterOperation.NotStartsWith, column, [prefix]);

    /// <summary>Matches rows that match both filters.</summary>
    public static Filter And(Filter left, Filter right) => (left, right) switch
    {
        (ConstantFilter { Value: true }, _) => right,
        (_, ConstantFilter { Value: true }) => left,
        (ConstantFilter { Value: false }, _) or (_, ConstantFilter { Value: false }) => False,
        _ => new AndFilter(left, right),
    };

    /// <summary>Matches rows that match at least one of the filters.</summary>
    public static Filter Or(Filter left, Filter right) => (left, right) switch
    {
        (ConstantFilter { Value: false }, _) => right,
        (_, ConstantFilter { Value: false }) => left,
        (ConstantFilter { Value: true }, _) or (_, ConstantFilter { Value: true }) => True,
        _ => new OrFilter(left, right),
    };

    /// <summary>
    /// Negates a filter. Each comparison is replaced by its opposite, so null matches neither the filter nor its negation (as in SQL).
    /// </summary>
    public static Filter Not(Filter filter) => filter switch
    {
        ConstantFilter constant => constant.Value ? False : True,
        AndFilter and => Or(Not(and.Left), Not(and.Right)),
        OrFilter or => And(Not(or.Left), Not(or.Right)),
        ColumnFilter column => column with { Operation = Opposite(column.Operation), MatchesNan = !column.MatchesNan && column.IsOrdering },
        _ => throw new ArgumentException($"{filter.GetType().Name} cannot be negated.", nameof(filter)),
    };

    /// <summary>
    /// Parses a filter such as <c>country = 'de' and (price &gt;= 10 or price is null)</c>. The syntax has the comparison operators,
    /// <c>in</c>, <c>between 1 and 5</c>, <c>like 'abc%'</c>, <c>is null</c>, <c>is nan</c>, <c>and</c>, <c>or</c>, <c>not</c> and
    /// parentheses. Values are numbers, <c>true</c>, <c>false</c>, texts in single quotes, <c>DATE '2026-11-30'</c> and
    /// <c>TIMESTAMP '2026-11-30 12:00:00'</c>. The case of words and of column names does not matter.
    /// </summary>
    /// <exception cref="FormatException">The text is not a filter. The message contains the position of the error.</exception>
    public static Filter Parse(string text) => FilterParser.Parse(text);

    /// <summary>Reads a filter in the JSON form of the REST catalog protocol.</summary>
    /// <exception cref="FormatException">The JSON is not a filter.</exception>
    internal static Filter FromJson(JsonValue json)
    {
        if (json.Kind is JsonKind.True or JsonKind.False) return json.AsBool() ? True : False;
        var type = json["type"]?.AsString() ?? throw new FormatException("A filter has no 'type'.");
        switch (type)
        {
            case "true": return True;
            case "false": return False;
            case "and": return And(FromJson(json["left"]!), FromJson(json["right"]!));
            case "or": return Or(FromJson(json["left"]!), FromJson(json["right"]!));
            case "not": return Not(FromJson(json["child"]!));
        }

        var operation = type switch
        {
            "is-null" => FilterOperation.IsNull,
            "not-null" => FilterOperation.NotNull,
            "is-nan" => FilterOperation.IsNan,
            "not-nan" => FilterOperation.NotNan,
            "lt" => FilterOperation.Less,
            "lt-eq" => FilterOperation.LessOrEqual,
            "gt" => FilterOperation.Greater,
            "gt-eq" => FilterOperation.GreaterOrEqual,
            "eq" => FilterOperation.Equal,
            "not-eq" => FilterOperation.NotEqual,
            "in" => FilterOperation.In,
            "not-in" => FilterOperation.NotIn,
            "starts-with" => FilterOperation.StartsWith,
            "not-starts-with" => FilterOperation.NotStartsWith,
            _ => throw new FormatException($"'{type}' is not a filter type."),
        };
        ImmutableArray<object> values = json["values"] is { Kind: JsonKind.Array } list ? [.. list.Items]
            : json["value"] is { } value ? [value] : [];
        return new ColumnFilter(operation, json["term"] is { Kind: JsonKind.String } term
            ? term.AsString() : throw new FormatException("The term of a filter is not a column name."), values);
    }

    /// <summary>The operation that is true for a value if this one is false, except for nulls.</summary>
    internal static FilterOperation Opposite(FilterOperation operation) => operation switch
    {
        FilterOperation.IsNull => FilterOperation.NotNull,
        FilterOperation.NotNull => FilterOperation.IsNull,
        FilterOperation.IsNan => FilterOperation.NotNan,
        FilterOperation.NotNan => FilterOperation.IsNan,
        FilterOperation.Less => FilterOperation.GreaterOrEqual,
        FilterOperation.LessOrEqual => FilterOperation.Greater,
        FilterOperation.Greater => FilterOperation.LessOrEqual,
        FilterOperation.GreaterOrEqual => FilterOperation.Less,
        FilterOperation.Equal => FilterOperation.NotEqual,
        FilterOperation.NotEqual => FilterOperation.Equal,
        FilterOperation.In => FilterOperation.NotIn,
        FilterOperation.NotIn => FilterOperation.In,
        FilterOperation.StartsWith => FilterOperation.NotStartsWith,
        _ => FilterOperation.StartsWith,
    };
}

internal sealed record ConstantFilter(bool Value) : Filter;

internal sealed record AndFilter(Filter Left, Filter Right) : Filter;

internal sealed record OrFilter(Filter Left, Filter Right) : Filter;

/// <param name="Operation">Test of the column's value.</param>
/// <param name="Column">Full name of the column.</param>
/// <param name="Values">Values to compare with, as .NET or JSON values.</param>
internal sealed record ColumnFilter(FilterOperation Operation, string Column, ImmutableArray<object> Values) : Filter
{
    /// <summary>
    /// True for the negation of an ordering. NaN is neither less nor greater than a value, so it matches <c>not (d &lt; 1)</c>, as in Trino
    /// SQL.
    /// </summary>
    public bool MatchesNan { get; init; }

    /// <summary>True if the operation depends on the order of values.</summary>
    public bool IsOrdering =>
        Operation is FilterOperation.Less or FilterOperation.LessOrEqual or FilterOperation.Greater or FilterOperation.GreaterOrEqual;
}

/// <summary>A condition with a resolved column and converted values (docs/spec/iceberg.md 4.6).</summary>
/// <param name="Operation">Test of the column's value.</param>
/// <param name="Field">Column.</param>
/// <param name="Type">Type of the column.</param>
/// <param name="Values">Values to compare with, in the form of the column's type.</param>
internal sealed record BoundFilter(FilterOperation Operation, NestedField Field, PrimitiveType Type,
    ImmutableArray<object> Values) : Filter;
