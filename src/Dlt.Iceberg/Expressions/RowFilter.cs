namespace Dlt.Iceberg;

/// <summary>Evaluates a filter for a row, with the semantics of SQL (docs/spec/iceberg.md 4.6).</summary>
internal static class RowFilter
{
    /// <summary>Returns true if the row matches the filter.</summary>
    /// <param name="filter">Bound filter.</param>
    /// <param name="valueOf">Returns the row's value in a column, or null.</param>
    public static bool Matches(Filter filter, Func<NestedField, object?> valueOf) => filter switch
    {
        ConstantFilter constant => constant.Value,
        AndFilter and => Matches(and.Left, valueOf) && Matches(and.Right, valueOf),
        OrFilter or => Matches(or.Left, valueOf) || Matches(or.Right, valueOf),
        BoundFilter bound => Matches(bound, valueOf(bound.Field)),
        _ => throw new InvalidOperationException("The filter is not bound."),
    };

    private static bool Matches(BoundFilter filter, object? value)
    {
        switch (filter.Operation)
        {
            case FilterOperation.IsNull: return value is null;
            case FilterOperation.NotNull: return value is not null;
        }

        if (value is null) return false;
        var isNan = ValueOrder.IsNan(value);
        switch (filter.Operation)
        {
            case FilterOperation.IsNan: return isNan;
            case FilterOperation.NotNan: return !isNan;
            case FilterOperation.In: return filter.Values.Any(v => AreEqual(value, v));
            case FilterOperation.NotIn: return !filter.Values.Any(v => AreEqual(value, v));
            case FilterOperation.Equal: return AreEqual(value, filter.Values[0]);
            case FilterOperation.NotEqual: return !AreEqual(value, filter.Values[0]);
            case FilterOperation.StartsWith: return ValueOrder.StartsWith(value, filter.Values[0]);
            case FilterOperation.NotStartsWith: return !ValueOrder.StartsWith(value, filter.Values[0]);
        }

        if (isNan) return false;
        var order = AreEqual(value, filter.Values[0]) ? 0 : ValueOrder.Compare(value, filter.Values[0]);
        return filter.Operation switch
        {
            FilterOperation.Less => order < 0,
            FilterOperation.LessOrEqual => order <= 0,
            FilterOperation.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private static bool AreEqual(object value, object other) =>
        (ValueOrder.IsZero(value) && ValueOrder.IsZero(other)) || (!ValueOrder.IsNan(value) && ValueOrder.Compare(value, other) == 0);
}
