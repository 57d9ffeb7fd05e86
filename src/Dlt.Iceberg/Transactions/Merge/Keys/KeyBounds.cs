using System.Collections.Concurrent;

namespace Dlt.Iceberg;

/// <summary>
/// The values of a set of keys, column by column, which leave out the files and row groups that cannot have one of the keys. Adding is not
/// safe for concurrent use; testing is.
/// </summary>
/// <param name="columns">Columns of the keys.</param>
/// <param name="schema">Schema of the table.</param>
internal sealed class KeyBounds(KeyColumns columns, Schema schema)
{
    private const int MaxPartitionRanges = 64;
    private const int MaxComparedValues = 1024;   // of more values, a Bloom filter of 1 % false positives nearly always has one

    private readonly KeyRanges[] _values = [.. columns.Fields.Select(_ => new KeyRanges())];
    private readonly ConcurrentDictionary<PartitionKey, bool> _partitions = [];
    private readonly ConcurrentDictionary<int, PartitionFilter> _filters = [];

    /// <summary>Adds a value of a key. Keys with a null are left out by the caller. Every key that the set has must be added.</summary>
    /// <param name="column">Index of the column in the key.</param>
    /// <param name="value">A value in the .NET form of <see cref="PrimitiveKind"/>.</param>
    public void Add(int column, object value) => _values[column].Add(value);

    /// <summary>Adds the key of a row; does nothing when it has a null.</summary>
    public void Add(RowBatch batch, int row)
    {
        for (var i = 0; i < _values.Length; i++)
            if (batch.ValueOf(columns.Fields[i], row) is null) return;
        for (var i = 0; i < _values.Length; i++) Add(i, batch.ValueOf(columns.Fields[i], row)!);
    }

    /// <summary>False only if no row of a file can have one of the keys.</summary>
    public bool MayMatch(TableMetadata metadata, DataFile file) =>
        MayMatch(ColumnMetrics.Of(file)) && (metadata.SpecOf(file.SpecId) is not { } spec || MayMatch(spec, file));

    /// <summary>The columns that have so few values that a Bloom filter can leave out a row group.</summary>
    public IEnumerable<NestedField> Compared => columns.Fields.Where((_, i) => IsCompared(_values[i]));

    /// <summary>False only if no row of a row group can have one of the keys.</summary>
    public bool MayMatch(RowGroupFacts group)
    {
        if (!MayMatch(group.Metrics)) return false;
        for (var i = 0; i < _values.Length; i++)
        {
            var field = columns.Fields[i];
            if (!IsCompared(_values[i]) || !group.Blooms.TryGetValue(field.Id, out var bloom)) continue;
            var type = (PrimitiveType)field.Type;
            var least = Bound(group.Metrics.LowerBounds, field, type);
            var greatest = Bound(group.Metrics.UpperBounds, field, type);
            if (!_values[i].HasNan && !_values[i].ValuesWithin(least, greatest).Any(bloom.MayContain)) return false;
        }

        return true;
    }

    private bool MayMatch(ColumnMetrics metrics)
    {
        if (metrics.RecordCount == 0) return false;
        for (var i = 0; i < _values.Length; i++)
            if (!MayMatch(_values[i], columns.Fields[i], metrics)) return false;
        return true;
    }

    private static bool IsCompared(KeyRanges values) => values.IsExact && values.Ranges.Length is > 0 and <= MaxComparedValues;

    private static bool MayMatch(KeyRanges values, NestedField field, ColumnMetrics metrics)
    {
        var nulls = Count(metrics.NullValueCounts, field);
        if (values.IsEmpty) return true;   // nobody gave the values
        if (nulls is not null && nulls == Count(metrics.ValueCounts, field)) return false;
        var type = (PrimitiveType)field.Type;
        if (type.Kind is PrimitiveKind.Float or PrimitiveKind.Double)
        {
            var nans = Count(metrics.NanValueCounts, field);
            if (values.HasNan && nans is not 0) return true;
            if (nans is not null && nans + (nulls ?? 0) == Count(metrics.ValueCounts, field)) return false;
        }

        // Writers do not agree about the order of UUIDs.
        return type.Kind == PrimitiveKind.Uuid
            || values.MayBeWithin(Bound(metrics.LowerBounds, field, type), Bound(metrics.UpperBounds, field, type));
    }

    private static long? Count(IReadOnlyDictionary<int, long>? counts, NestedField field) =>
        counts is not null && counts.TryGetValue(field.Id, out var count) ? count : null;

    private static object? Bound(IReadOnlyDictionary<int, byte[]>? bounds, NestedField field, PrimitiveType type) =>
        bounds is not null && bounds.TryGetValue(field.Id, out var bytes)
            && SingleValue.TryDecode(type, bytes, out var value) && !ValueOrder.IsNan(value) ? value : null;

    private bool MayMatch(PartitionSpec spec, DataFile file)
    {
        if (spec.IsUnpartitioned || file.Partition.Length != spec.Fields.Length) return true;
        var filter = _filters.GetOrAdd(spec.SpecId, _ => new(ToFilter(), spec, schema));
        return _partitions.GetOrAdd(new(spec.SpecId, file.Partition), p => filter.MayMatch(p.Values));
    }

    /// <summary>A filter that matches every row with one of the keys.</summary>
    private Filter ToFilter()
    {
        var all = Filter.True;
        for (var i = 0; i < _values.Length; i++)
            if (!_values[i].IsEmpty) all = Filter.And(all, FilterOf(_values[i], columns.Fields[i]));
        return all;
    }

    private static Filter FilterOf(KeyRanges values, NestedField field)
    {
        var type = (PrimitiveType)field.Type;
        var filter = values.HasNan ? new BoundFilter(FilterOperation.IsNan, field, type, []) : Filter.False;
        if (values.IsExact && values.Ranges.Length > 0)
            return Filter.Or(filter, new BoundFilter(FilterOperation.In, field, type, [.. values.Ranges.ToArray().Select(r => r.Lower)]));
        foreach (var range in KeyRanges.Reduced(values.Ranges, MaxPartitionRanges))
        {
            filter = Filter.Or(filter, Filter.And(
                new BoundFilter(FilterOperation.GreaterOrEqual, field, type, [range.Lower]),
                new BoundFilter(FilterOperation.LessOrEqual, field, type, [range.Upper])));
        }

        return filter;
    }
}
