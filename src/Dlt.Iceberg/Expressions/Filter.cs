using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>What is asked of a column.</summary>
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
/// A condition on rows. Null matches only <see cref="IsNull"/>; NaN only <see cref="NotEqual"/>, <see cref="NotIn"/> and
/// <see cref="IsNan"/>; -0.0 equals 0.0 (Iceberg table specification).
/// </summary>
public abstract record Filter
{
    private protected Filter()
    {
    }

    /// <summary>All rows.</summary>
    public static Filter True { get; } = new ConstantFilter(true);

    /// <summary>No rows.</summary>
    public static Filter False { get; } = new ConstantFilter(false);

    /// <summary>Rows without a value.</summary>
    public static Filter IsNull(string column) => new ColumnFilter(FilterOperation.IsNull, column, []);

    /// <summary>Rows with a value.</summary>
    public static Filter IsNotNull(string column) => new ColumnFilter(FilterOperation.NotNull, column, []);

    /// <summary>Rows whose value is NaN.</summary>
    public static Filter IsNan(string column) => new ColumnFilter(FilterOperation.IsNan, column, []);

    /// <summary>Rows whose value is a number.</summary>
    public static Filter IsNotNan(string column) => new ColumnFilter(FilterOperation.NotNan, column, []);

    /// <summary>Rows with that value: a bool, number, text, DateOnly, TimeOnly, DateTime, DateTimeOffset, Guid or byte[].</summary>
    public static Filter Equal(string column, object value) => new ColumnFilter(FilterOperation.Equal, column, [value]);

    /// <summary>Rows with another value.</summary>
    public static Filter NotEqual(string column, object value) => new ColumnFilter(FilterOperation.NotEqual, column, [value]);

    /// <summary>Rows with a smaller value.</summary>
    public static Filter Less(string column, object value) => new ColumnFilter(FilterOperation.Less, column, [value]);

    /// <summary>Rows with that value or a smaller one.</summary>
    public static Filter LessOrEqual(string column, object value) => new ColumnFilter(FilterOperation.LessOrEqual, column, [value]);

    /// <summary>Rows with a larger value.</summary>
    public static Filter Greater(string column, object value) => new ColumnFilter(FilterOperation.Greater, column, [value]);

    /// <summary>Rows with that value or a larger one.</summary>
    public static Filter GreaterOrEqual(string column, object value) => new ColumnFilter(FilterOperation.GreaterOrEqual, column, [value]);

    /// <summary>Rows with one of the values.</summary>
    public static Filter In(string column, params object[] values) => new ColumnFilter(FilterOperation.In, column, [.. values]);

    /// <summary>Rows with a value that is none of these.</summary>
    public static Filter NotIn(string column, params object[] values) => new ColumnFilter(FilterOperation.NotIn, column, [.. values]);

    /// <summary>Rows whose text begins so.</summary>
    public static Filter StartsWith(string column, string prefix) => new ColumnFilter(FilterOperation.StartsWith, column, [prefix]);

    /// <summary>Rows whose text begins otherwise.</summary>
    public static Filter NotStartsWith(string column, string prefix) => new ColumnFilter(FilterOperation.NotStartsWith, column, [prefix]);

    /// <summary>Rows that match both.</summary>
    public static Filter And(Filter left, Filter right) => (left, right) switch
    {
        (ConstantFilter { Value: true }, _) => right,
        (_, ConstantFilter { Value: true }) => left,
        (ConstantFilter { Value: false }, _) or (_, ConstantFilter { Value: false }) => False,
        _ => new AndFilter(left, right),
    };

    /// <summary>Rows that match one or both.</summary>
    public static Filter Or(Filter left, Filter right) => (left, right) switch
    {
        (ConstantFilter { Value: false }, _) => right,
        (_, ConstantFilter { Value: false }) => left,
        (ConstantFilter { Value: true }, _) or (_, ConstantFilter { Value: true }) => True,
        _ => new OrFilter(left, right),
    };

    /// <summary>Rows that match the opposite: every comparison is turned around, so that null matches neither (as in SQL).</summary>
    public static Filter Not(Filter filter) => filter switch
    {
        ConstantFilter constant => constant.Value ? False : True,
        AndFilter and => Or(Not(and.Left), Not(and.Right)),
        OrFilter or => And(Not(or.Left), Not(or.Right)),
        ColumnFilter column => column with { Operation = Opposite(column.Operation), MatchesNan = !column.MatchesNan && column.IsOrdering },
        _ => throw new ArgumentException($"{filter.GetType().Name} has no opposite.", nameof(filter)),
    };

    /// <summary>
    /// Reads a filter as text: <c>country = 'de' and (price &gt;= 10 or price is null)</c>. There are the comparisons, <c>in</c>, <c>like
    /// 'abc%'</c>, <c>is null</c>, <c>is nan</c>, <c>and</c>, <c>or</c>, <c>not</c> and parentheses.
    /// </summary>
    /// <exception cref="FormatException">The text is no filter; the message tells where.</exception>
    public static Filter Parse(string text) => FilterParser.Parse(text);

    /// <summary>Reads the form of the REST protocol.</summary>
    /// <exception cref="FormatException">Not a filter.</exception>
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
            _ => throw new FormatException($"'{type}' is no filter."),
        };
        ImmutableArray<object> values = json["values"] is { Kind: JsonKind.Array } list ? [.. list.Items]
            : json["value"] is { } value ? [value] : [];
        return new ColumnFilter(operation, json["term"] is { Kind: JsonKind.String } term
            ? term.AsString() : throw new FormatException("A filter compares something else than a column."), values);
    }

    /// <summary>The operation that is true of a value where this one is not; nulls apart.</summary>
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

/// <param name="Operation">What is asked.</param>
/// <param name="Column">Full name of the column.</param>
/// <param name="Values">What it is compared with: values of .NET, or JSON.</param>
internal sealed record ColumnFilter(FilterOperation Operation, string Column, ImmutableArray<object> Values) : Filter
{
    /// <summary>
    /// True for the opposite of an ordering: NaN is neither below nor above a value, so it matches <c>not (d &lt; 1)</c> (as in SQL of
    /// Trino).
    /// </summary>
    public bool MatchesNan { get; init; }

    /// <summary>True when values are compared by their order.</summary>
    public bool IsOrdering =>
        Operation is FilterOperation.Less or FilterOperation.LessOrEqual or FilterOperation.Greater or FilterOperation.GreaterOrEqual;
}

/// <summary>A condition whose column and values are known (docs/spec/iceberg.md 4.6).</summary>
/// <param name="Operation">What is asked.</param>
/// <param name="Field">The column.</param>
/// <param name="Type">Its type.</param>
/// <param name="Values">What it is compared with, in the type's own form.</param>
internal sealed record BoundFilter(FilterOperation Operation, NestedField Field, PrimitiveType Type,
    ImmutableArray<object> Values) : Filter;
