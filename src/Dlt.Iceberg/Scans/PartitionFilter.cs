using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Evaluates a filter against partition values (docs/spec/iceberg.md 4.6).</summary>
internal sealed class PartitionFilter
{
    private readonly PartitionSpec _spec;
    private readonly Schema _schema;
    private readonly Node _inclusive;
    private readonly Filter _filter;

    /// <param name="filter">Bound filter.</param>
    /// <param name="spec">Partition spec of the files.</param>
    /// <param name="schema">Schema that the filter is bound to.</param>
    public PartitionFilter(Filter filter, PartitionSpec spec, Schema schema)
    {
        _spec = spec;
        _schema = schema;
        _filter = filter;
        _inclusive = Project(filter);
    }

    /// <summary>False only if no row of the partition can match.</summary>
    public bool MayMatch(IReadOnlyList<object?> partition) => _inclusive.Test(test => TupleTest(test, partition[test.Index]));

    /// <summary>False only if no row of any file in the manifest can match.</summary>
    public bool MayMatch(ManifestFile manifest) => manifest.Partitions.IsDefault || manifest.Partitions.Length != _spec.Fields.Length
        || _inclusive.Test(test => SummaryTest(test, manifest.Partitions[test.Index]));

    /// <summary>True only if every row of the partition matches.</summary>
    public bool AllMatch(IReadOnlyList<object?> partition) => AllMatch(_filter, partition);

    private bool AllMatch(Filter filter, IReadOnlyList<object?> partition)
    {
        switch (filter)
        {
            case ConstantFilter constant: return constant.Value;
            case AndFilter and: return AllMatch(and.Left, partition) && AllMatch(and.Right, partition);
            case OrFilter or: return AllMatch(or.Left, partition) || AllMatch(or.Right, partition);
        }

        var bound = (BoundFilter)filter;
        // If no row matches the opposite, all rows match or are null.
        return Projections(bound with { Operation = Filter.Opposite(bound.Operation) }).Any(test =>
        {
            var value = partition[test.Index];
            var isAboutNothing = bound.Operation is FilterOperation.IsNull or FilterOperation.IsNan;
            if (!isAboutNothing && (value is null || ValueOrder.IsNan(value))) return false;
            if (bound.Operation is FilterOperation.IsNan && value is null) return false;
            return !TupleTest(test, value);
        });
    }

    private Node Project(Filter filter) => filter switch
    {
        ConstantFilter constant => new Constant(constant.Value),
        AndFilter and => new Both(Project(and.Left), Project(and.Right)),
        OrFilter or => new Either(Project(or.Left), Project(or.Right)),
        BoundFilter bound => Projections(bound).Aggregate((Node)new Constant(true), (node, test) => new Both(node, test)),
        _ => throw new InvalidOperationException("The filter is not bound."),
    };

    private IEnumerable<TupleTestNode> Projections(BoundFilter filter)
    {
        for (var i = 0; i < _spec.Fields.Length; i++)
            if (_spec.Fields[i].SourceId == filter.Field.Id && Projection(filter, _spec.Fields[i], i) is { } test) yield return test;
    }

    private TupleTestNode? Projection(BoundFilter filter, PartitionField field, int index)
    {
        if (field.Transform is VoidTransform or UnknownTransform || field.Transform.ResultType(filter.Type) is not { } result) return null;
        TupleTestNode Test(FilterOperation operation, params IEnumerable<object> values) =>
            new(index, field.Transform, result, operation, [.. values]);
        object Apply(object value) => field.Transform.Apply(filter.Type, value)!;
        if (filter.Operation is FilterOperation.IsNull or FilterOperation.NotNull) return Test(filter.Operation);
        switch (field.Transform)
        {
            case IdentityTransform: return Test(filter.Operation, filter.Values);
            case BucketTransform when filter.Operation is FilterOperation.Equal or FilterOperation.In:
                // PyIceberg and Java assign some decimals to different buckets (docs/spec/iceberg.md 4.2), so such a value cannot prune.
                return filter.Values.Any(v => v is Int128 unscaled && HasTwoBuckets(unscaled))
                    ? null : Test(FilterOperation.In, filter.Values.Select(Apply));
            case BucketTransform: return null;
        }

        var isText = filter.Type.Kind is PrimitiveKind.String or PrimitiveKind.Binary;
        switch (filter.Operation)
        {
            case FilterOperation.Equal:
            case FilterOperation.In:
                return Test(FilterOperation.In, filter.Values.Select(Apply).SelectMany(v => Widened(field.Transform, v)));
            case FilterOperation.Less when !isText:
                return Predecessor(filter.Type, filter.Values[0]) is { } below ? Upper(Test, field.Transform, Apply(below)) : null;
            case FilterOperation.Less:
            case FilterOperation.LessOrEqual: return Upper(Test, field.Transform, Apply(filter.Values[0]));
            case FilterOperation.Greater when !isText:
                return Successor(filter.Type, filter.Values[0]) is { } above ? Test(FilterOperation.GreaterOrEqual, Apply(above)) : null;
            case FilterOperation.Greater:
            case FilterOperation.GreaterOrEqual: return Test(FilterOperation.GreaterOrEqual, Apply(filter.Values[0]));
            case FilterOperation.StartsWith when field.Transform is TruncateTransform truncate:
                return CodePoints.Count(filter.Values[0]) < truncate.Width
                    ? Test(FilterOperation.StartsWith, filter.Values) : Test(FilterOperation.Equal, Apply(filter.Values[0]));
            case FilterOperation.NotStartsWith when field.Transform is TruncateTransform truncate:
                var units = CodePoints.Count(filter.Values[0]);
                return units < truncate.Width ? Test(FilterOperation.NotStartsWith, filter.Values)
                    : units == truncate.Width ? Test(FilterOperation.NotEqual, filter.Values) : null;
            default: return null;
        }
    }

    private static bool HasTwoBuckets(Int128 unscaled)
    {
        if (unscaled >= 0) return false;
        var magnitude = -unscaled;
        return Int128.IsPow2(magnitude) && (int)Int128.Log2(magnitude) % 8 == 7;
    }

    /// <summary>Older engines rounded times before 1970 toward zero, so the next value is also tested.</summary>
    private static IEnumerable<object> Widened(Transform transform, object value) =>
        transform is TimeTransform && value is int ordinal and < 0 ? [value, ordinal + 1] : [value];

    private static TupleTestNode Upper(Func<FilterOperation, IEnumerable<object>, TupleTestNode> test, Transform transform, object value) =>
        test(FilterOperation.LessOrEqual, [transform is TimeTransform && value is int ordinal and < 0 ? ordinal + 1 : value]);

    private static object? Predecessor(PrimitiveType type, object value) => value switch
    {
        int number => number == int.MinValue ? null : number - 1,
        long number => number == long.MinValue ? null : number - 1,
        Int128 number => number - 1,
        _ => null,
    };

    private static object? Successor(PrimitiveType type, object value) => value switch
    {
        int number => number == int.MaxValue ? null : number + 1,
        long number => number == long.MaxValue ? null : number + 1,
        Int128 number => number + 1,
        _ => null,
    };

    private static bool TupleTest(TupleTestNode test, object? value)
    {
        if (test.Operation == FilterOperation.IsNull) return value is null;
        if (test.Operation == FilterOperation.NotNull) return value is not null;
        var isNegative = test.Operation is FilterOperation.NotEqual or FilterOperation.NotIn or FilterOperation.NotStartsWith;
        if (value is null) return isNegative;   // In Java, null matches these operations. The rows are tested later.
        if (test.Operation == FilterOperation.IsNan) return ValueOrder.IsNan(value);
        if (test.Operation == FilterOperation.NotNan) return !ValueOrder.IsNan(value);
        if (ValueOrder.IsNan(value)) return isNegative || test.Operation is FilterOperation.Greater or FilterOperation.GreaterOrEqual;
        if (test.IsOverflow(value) && test.Operation is FilterOperation.Less or FilterOperation.LessOrEqual) return true;
        return test.Operation switch
        {
            FilterOperation.Less => ValueOrder.Compare(value, MetricsFilter.Zero(test.Values[0], isNegative: false)) < 0,
            FilterOperation.LessOrEqual => ValueOrder.Compare(value, MetricsFilter.Zero(test.Values[0], isNegative: false)) <= 0,
            FilterOperation.Greater => ValueOrder.Compare(value, MetricsFilter.Zero(test.Values[0], isNegative: true)) > 0,
            FilterOperation.GreaterOrEqual => ValueOrder.Compare(value, MetricsFilter.Zero(test.Values[0], isNegative: true)) >= 0,
            FilterOperation.Equal or FilterOperation.In => test.Values.Any(v => AreEqual(value, v)),
            FilterOperation.NotEqual or FilterOperation.NotIn => test.Values.All(v => ValueOrder.Compare(value, v) != 0),
            FilterOperation.StartsWith => ValueOrder.StartsWith(value, test.Values[0]),
            _ => !ValueOrder.StartsWith(value, test.Values[0]),
        };
    }

    private static bool AreEqual(object a, object b) => (ValueOrder.IsZero(a) && ValueOrder.IsZero(b)) || ValueOrder.Compare(a, b) == 0;

    private static bool SummaryTest(TupleTestNode test, FieldSummary summary)
    {
        var lower = Decode(test, summary.LowerBound);
        var upper = Decode(test, summary.UpperBound);
        var hasNan = summary.ContainsNan ?? true;
        switch (test.Operation)
        {
            case FilterOperation.IsNull: return summary.ContainsNull;
            case FilterOperation.NotNull: return summary.LowerBound is not null || hasNan;
            case FilterOperation.IsNan: return hasNan;
            case FilterOperation.NotNan: return true;
            case FilterOperation.NotEqual or FilterOperation.NotIn:
                return summary.ContainsNull || hasNan || lower is null || upper is null || ValueOrder.Compare(lower, upper) != 0
                    || test.Values.All(v => ValueOrder.Compare(lower, v) != 0);
            case FilterOperation.NotStartsWith:
                return summary.ContainsNull || lower is null || upper is null
                    || !(ValueOrder.StartsWith(lower, test.Values[0]) && ValueOrder.StartsWith(upper, test.Values[0]));
        }

        var mayBeNan = hasNan && test.Type.Kind is PrimitiveKind.Float or PrimitiveKind.Double;
        if (lower is null || upper is null) return summary.LowerBound is not null || mayBeNan;   // nulls and NaNs match no comparison
        if (lower is Guid least && upper is Guid greatest)
            return test.Operation is not (FilterOperation.Equal or FilterOperation.In)
                || test.Values.Any(v => UuidRange.MayContain(least, greatest, (Guid)v));
        switch (test.Operation)
        {
            case FilterOperation.Less:
                return test.MayOverflow(upper) || ValueOrder.Compare(lower, MetricsFilter.Zero(test.Values[0], isNegative: false)) < 0;
            case FilterOperation.LessOrEqual:
                return test.MayOverflow(upper) || ValueOrder.Compare(lower, MetricsFilter.Zero(test.Values[0], isNegative: false)) <= 0;
            case FilterOperation.Greater:
                return mayBeNan || ValueOrder.Compare(upper, MetricsFilter.Zero(test.Values[0], isNegative: true)) > 0;
            case FilterOperation.GreaterOrEqual:
                return mayBeNan || ValueOrder.Compare(upper, MetricsFilter.Zero(test.Values[0], isNegative: true)) >= 0;
            case FilterOperation.StartsWith:
                return ValueOrder.Compare(TruncateTo(lower, test.Values[0]), test.Values[0]) <= 0
                    && ValueOrder.Compare(TruncateTo(upper, test.Values[0]), test.Values[0]) >= 0;
            default:
                return test.Values.Any(v => ValueOrder.Compare(lower, MetricsFilter.Zero(v, isNegative: false)) <= 0
                    && ValueOrder.Compare(upper, MetricsFilter.Zero(v, isNegative: true)) >= 0);
        }
    }

    private static object TruncateTo(object value, object prefix) =>
        value is string text ? CodePoints.Prefix(text, CodePoints.Count(prefix)) : value;

    private static object? Decode(TupleTestNode test, byte[]? bytes) =>
        bytes is not null && SingleValue.TryDecode(test.Type, bytes, out var value) && !ValueOrder.IsNan(value) ? value : null;

    private abstract record Node
    {
        public abstract bool Test(Func<TupleTestNode, bool> test);
    }

    private sealed record Constant(bool Value) : Node
    {
        public override bool Test(Func<TupleTestNode, bool> test) => Value;
    }

    private sealed record Both(Node Left, Node Right) : Node
    {
        public override bool Test(Func<TupleTestNode, bool> test) => Left.Test(test) && Right.Test(test);
    }

    private sealed record Either(Node Left, Node Right) : Node
    {
        public override bool Test(Func<TupleTestNode, bool> test) => Left.Test(test) || Right.Test(test);
    }

    private sealed record TupleTestNode(int Index, Transform Transform, PrimitiveType Type,
        FilterOperation Operation, ImmutableArray<object> Values) : Node
    {
        public override bool Test(Func<TupleTestNode, bool> test) => test(this);

        /// <summary>
        /// True if truncation below the smallest number wrapped the value around to the largest ones (docs/spec/iceberg.md 4.1).
        /// </summary>
        public bool IsOverflow(object value) => Transform is TruncateTransform { Width: var width }
            && value switch { int i => i % width != 0, long l => l % width != 0, _ => false };

        public bool MayOverflow(object upper) => Transform is TruncateTransform { Width: var width }
            && upper switch { int i => i > int.MaxValue - width, long l => l > long.MaxValue - width, _ => false };
    }
}
