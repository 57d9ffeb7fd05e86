namespace Dlt.Iceberg;

/// <summary>Counts and bounds of the columns of one file, taken from its rows while it is written (spec/iceberg.md 3.7, 5.4). Fields below lists and maps have none.</summary>
internal sealed class RowMetrics
{
    private readonly Leaf[] _leaves;

    private RowMetrics(Schema schema, Func<PrimitiveType, bool> isCounted)
    {
        var leaves = new List<Leaf>();
        Visit(schema.Fields, []);
        _leaves = [.. leaves];

        void Visit(IReadOnlyList<NestedField> fields, int[] steps)
        {
            for (var i = 0; i < fields.Count; i++)
            {
                if (fields[i].Type is PrimitiveType type && isCounted(type)) leaves.Add(new(fields[i].Id, type, [.. steps, i]));
                else if (fields[i].Type is StructType structure) Visit(structure.Fields, [.. steps, i]);
            }
        }
    }

    /// <summary>Metrics of all columns.</summary>
    public static RowMetrics OfAll(Schema schema) => new(schema, type => type.Kind < PrimitiveKind.Unknown);

    /// <summary>Metrics of floats and doubles only: of these, footers do not say how many are NaN.</summary>
    public static RowMetrics OfReals(Schema schema) => new(schema, type => type.Kind is PrimitiveKind.Float or PrimitiveKind.Double);

    /// <summary>Counts a row. Per value.</summary>
    public void Add(object?[] row)
    {
        foreach (var leaf in _leaves) leaf.Add(row);
    }

    /// <summary>The file with these metrics in the place of those that it has.</summary>
    public DataFile Describe(DataFile file, ColumnBounds bounds)
    {
        Dictionary<int, long> values = Copy(file.ValueCounts), nulls = Copy(file.NullValueCounts), nans = Copy(file.NanValueCounts);
        Dictionary<int, byte[]> lower = Copy(file.LowerBounds), upper = Copy(file.UpperBounds);
        foreach (var leaf in _leaves)
        {
            values[leaf.Id] = leaf.Values;
            nulls[leaf.Id] = leaf.Nulls;
            if (leaf.IsReal) nans[leaf.Id] = leaf.Nans;
            Put(lower, leaf.Id, leaf.Least is { } least ? bounds.Lower(leaf.Type, least) : null);
            Put(upper, leaf.Id, leaf.Greatest is { } greatest ? bounds.Upper(leaf.Type, greatest) : null);
        }

        return file with { ValueCounts = values, NullValueCounts = nulls, NanValueCounts = nans.Count > 0 ? nans : null, LowerBounds = lower, UpperBounds = upper };
    }

    private static Dictionary<int, T> Copy<T>(IReadOnlyDictionary<int, T>? map) => map is null ? [] : new(map);

    private static void Put(Dictionary<int, byte[]> map, int id, byte[]? bound)
    {
        if (bound is null) map.Remove(id);
        else map[id] = bound;
    }

    /// <summary>One column, or field of structs.</summary>
    private sealed class Leaf(int id, PrimitiveType type, int[] steps)
    {
        private readonly UuidRange? _uuids = type.Kind == PrimitiveKind.Uuid ? new() : null;
        private object? _least;
        private object? _greatest;

        public int Id => id;

        public PrimitiveType Type => type;

        public bool IsReal { get; } = type.Kind is PrimitiveKind.Float or PrimitiveKind.Double;

        public long Values { get; private set; }

        public long Nulls { get; private set; }

        public long Nans { get; private set; }

        public object? Least => _uuids is null ? _least : _uuids.Lower;

        public object? Greatest => _uuids is null ? _greatest : _uuids.Upper;

        public void Add(object?[] row)
        {
            Values++;
            object? value = row;
            foreach (var step in steps) value = (value as object?[])?[step];
            if (value is null) Nulls++;
            else if (IsReal && ValueOrder.IsNan(value)) Nans++;
            else if (_uuids is not null) _uuids.Add((Guid)value);
            else if (_least is double least) Add((double)value, least);
            else Add(value);
        }

        /// <summary>Most files have doubles among their columns: without boxes.</summary>
        private void Add(double value, double least)
        {
            if (value < least) _least = value;
            else if (value > (double)_greatest!) _greatest = value;
        }

        private void Add(object value)
        {
            if (_least is null || ValueOrder.Compare(value, _least) < 0) _least = value;
            if (_greatest is null || ValueOrder.Compare(value, _greatest) > 0) _greatest = value;
        }
    }
}
