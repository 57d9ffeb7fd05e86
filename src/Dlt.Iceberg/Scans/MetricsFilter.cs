namespace Dlt.Iceberg;

/// <summary>
/// Evaluates a filter against counts and bounds (docs/spec/iceberg.md 4.6). If metrics are missing, rows may match, but not all rows are
/// known to match.
/// </summary>
internal sealed class MetricsFilter(Schema schema, ColumnMetrics metrics)
{
    private const int CutLength = 16;

    /// <summary>Evaluates filters against the metrics of a file in its manifest.</summary>
    public MetricsFilter(Schema schema, DataFile file) : this(schema, ColumnMetrics.Of(file))
    {
    }

    /// <summary>False only if no row can match.</summary>
    public bool MayMatch(Filter filter) => filter switch
    {
        ConstantFilter constant => constant.Value,
        AndFilter and => MayMatch(and.Left) && MayMatch(and.Right),
        OrFilter or => MayMatch(or.Left) || MayMatch(or.Right),
        BoundFilter bound => metrics.RecordCount > 0 && MayMatch(bound),
        _ => throw new InvalidOperationException("The filter is not bound."),
    };

    /// <summary>True only if every row matches.</summary>
    public bool AllMatch(Filter filter) => filter switch
    {
        ConstantFilter constant => constant.Value,
        AndFilter and => AllMatch(and.Left) && AllMatch(and.Right),
        OrFilter or => AllMatch(or.Left) || AllMatch(or.Right),
        BoundFilter bound => metrics.RecordCount == 0 || AllMatch(bound),
        _ => throw new InvalidOperationException("The filter is not bound."),
    };

    private bool MayMatch(BoundFilter filter)
    {
        var id = filter.Field.Id;
        if (!HasMetrics(id)) return true;
        long? values = Count(metrics.ValueCounts, id), nulls = Count(metrics.NullValueCounts, id), nans = Count(metrics.NanValueCounts, id);
        switch (filter.Operation)
        {
            case FilterOperation.IsNull: return nulls is not 0;
            case FilterOperation.NotNull: return !(values is { } all && all == nulls);
            case FilterOperation.IsNan: return nans is not 0;
            case FilterOperation.NotNan: return !(values is { } count && count == nans);
        }

        if (values is { } rows && rows == nulls)
            return filter.Operation is FilterOperation.NotEqual or FilterOperation.NotIn or FilterOperation.NotStartsWith
                && OnlyNullsMatchNegatives;
        if (values is { } total && total == nans && filter.Operation is not (FilterOperation.NotEqual or FilterOperation.NotIn))
            return false;
        object? lower = Bound(metrics.LowerBounds, filter), upper = Bound(metrics.UpperBounds, filter);
        switch (filter.Operation)
        {
            case FilterOperation.Less: return lower is null || ValueOrder.Compare(lower, Zero(filter.Values[0], isNegative: false)) < 0;
            case FilterOperation.LessOrEqual:
                return lower is null || ValueOrder.Compare(lower, Zero(filter.Values[0], isNegative: false)) <= 0;
            case FilterOperation.Greater: return upper is null || ValueOrder.Compare(upper, Zero(filter.Values[0], isNegative: true)) > 0;
            case FilterOperation.GreaterOrEqual:
                return upper is null || ValueOrder.Compare(upper, Zero(filter.Values[0], isNegative: true)) >= 0;
            case FilterOperation.Equal:
            case FilterOperation.In: return filter.Values.Any(v => IsWithin(v, lower, upper));
            case FilterOperation.StartsWith:
                var prefix = (string)filter.Values[0];
                var units = CodePoints.Count(prefix);
                return (lower is null || ValueOrder.Compare(CodePoints.Prefix((string)lower, units), prefix) <= 0)
                    && (upper is null || ValueOrder.Compare(CodePoints.Prefix((string)upper, units), prefix) >= 0);
            case FilterOperation.NotEqual:
            case FilterOperation.NotIn:
                return !(OnlyValue(filter, nulls, nans, lower, upper) is { } only
                    && filter.Values.Any(v => ValueOrder.Compare(only, v) == 0));
            default:   // NotStartsWith
                return !(nulls is 0 && lower is not null && upper is not null && ValueOrder.StartsWith(lower, filter.Values[0])
                    && ValueOrder.StartsWith(upper, filter.Values[0]));
        }
    }

    /// <summary>
    /// In SQL, a file with only nulls matches no comparison; in Java, null is not equal to any value. The filter keeps such files for both.
    /// </summary>
    private const bool OnlyNullsMatchNegatives = true;

    private bool AllMatch(BoundFilter filter)
    {
        var id = filter.Field.Id;
        if (!HasMetrics(id)) return false;
        long? values = Count(metrics.ValueCounts, id), nulls = Count(metrics.NullValueCounts, id), nans = Count(metrics.NanValueCounts, id);
        switch (filter.Operation)
        {
            case FilterOperation.IsNull: return values is { } all && all == nulls;
            case FilterOperation.NotNull: return nulls is 0;
            case FilterOperation.IsNan: return values is { } count && count == nans;
            case FilterOperation.NotNan: return nans is 0 && nulls is 0;
        }

        if (nulls is not 0) return false;
        var isReal = filter.Type.Kind is PrimitiveKind.Float or PrimitiveKind.Double;
        if (isReal && nans is not 0) return false;
        object? lower = Bound(metrics.LowerBounds, filter), upper = Bound(metrics.UpperBounds, filter);
        if (lower is null || upper is null) return false;
        switch (filter.Operation)
        {
            case FilterOperation.Less: return ValueOrder.Compare(upper, Zero(filter.Values[0], isNegative: true)) < 0;
            case FilterOperation.LessOrEqual: return ValueOrder.Compare(upper, Zero(filter.Values[0], isNegative: true)) <= 0;
            case FilterOperation.Greater: return ValueOrder.Compare(lower, Zero(filter.Values[0], isNegative: false)) > 0;
            case FilterOperation.GreaterOrEqual: return ValueOrder.Compare(lower, Zero(filter.Values[0], isNegative: false)) >= 0;
            case FilterOperation.Equal:
            case FilterOperation.In:
                return ValueOrder.Compare(lower, upper) == 0 && IsExact(lower)
                    && filter.Values.Any(v => !ValueOrder.IsZero(v) && ValueOrder.Compare(lower, v) == 0);
            case FilterOperation.NotEqual:
            case FilterOperation.NotIn: return filter.Values.All(v => !IsWithin(v, lower, upper));
            case FilterOperation.StartsWith:
                return ValueOrder.StartsWith(lower, filter.Values[0]) && ValueOrder.StartsWith(upper, filter.Values[0]);
            default:
                var prefix = (string)filter.Values[0];
                var units = CodePoints.Count(prefix);
                return ValueOrder.Compare(CodePoints.Prefix((string)lower, units), prefix) > 0
                    || ValueOrder.Compare(CodePoints.Prefix((string)upper, units), prefix) < 0;
        }
    }

    /// <summary>The single value of all rows, if the metrics prove it; else null.</summary>
    private static object? OnlyValue(BoundFilter filter, long? nulls, long? nans, object? lower, object? upper)
    {
        if (nulls is not 0 || lower is null || upper is null || ValueOrder.Compare(lower, upper) != 0) return null;
        if (filter.Type.Kind is PrimitiveKind.Float or PrimitiveKind.Double && nans is not 0) return null;
        return IsExact(lower) ? lower : null;
    }

    /// <summary>False if the bound may be a shortened value.</summary>
    private static bool IsExact(object bound) => bound is not (string or byte[]) || CodePoints.Count(bound) < CutLength;

    private static bool IsWithin(object value, object? lower, object? upper) =>
        (lower is null || ValueOrder.Compare(lower, Zero(value, isNegative: false)) <= 0)
            && (upper is null || ValueOrder.Compare(upper, Zero(value, isNegative: true)) >= 0);

    /// <summary>Gives a zero the sign with which a test holds whether or not -0.0 equals 0.0.</summary>
    internal static object Zero(object value, bool isNegative) => value switch
    {
        0.0 => isNegative ? -0.0 : 0.0,
        0f => isNegative ? -0f : 0f,
        _ => value,
    };

    /// <summary>Decodes a bound. UUID bounds are unusable: their order is unknown, and it may differ between row groups.</summary>
    private static object? Bound(IReadOnlyDictionary<int, byte[]>? bounds, BoundFilter filter) =>
        bounds is not null && filter.Type.Kind != PrimitiveKind.Uuid && bounds.TryGetValue(filter.Field.Id, out var bytes)
            && SingleValue.TryDecode(filter.Type, bytes, out var value) && !ValueOrder.IsNan(value) ? value : null;

    private static long? Count(IReadOnlyDictionary<int, long>? counts, int id) =>
        counts is not null && counts.TryGetValue(id, out var count) ? count : null;

    /// <summary>False for fields in lists and maps: their counts and bounds are not per row.</summary>
    private bool HasMetrics(int id)
    {
        var path = schema.PathTo(id);
        return path is not null && path[..^1].All(f => f.Type is StructType);
    }
}
