using System.Text;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Collects counts and bounds of columns from the rows of one file while it is written (docs/spec/iceberg.md 3.7, 5.4). Fields in lists and
/// maps have no metrics.
/// </summary>
internal sealed class RowMetrics
{
    private readonly Leaf[] _leaves;

    private RowMetrics(Schema schema, Func<int, PrimitiveType, bool> isCounted)
    {
        var leaves = new List<Leaf>();
        Visit(schema.Fields, []);
        _leaves = [.. leaves];

        void Visit(IReadOnlyList<NestedField> fields, int[] steps)
        {
            for (var i = 0; i < fields.Count; i++)
            {
                var field = fields[i];
                if (field.Type is PrimitiveType type && isCounted(field.Id, type)) leaves.Add(new(field.Id, type, [.. steps, i]));
                else if (field.Type is StructType structure) Visit(structure.Fields, [.. steps, i]);
            }
        }
    }

    /// <summary>Collects metrics of all columns.</summary>
    public static RowMetrics OfAll(Schema schema) => new(schema, (_, type) => type.Kind < PrimitiveKind.Unknown);

    /// <summary>Collects metrics that footers lack: the number of NaNs, bounds of UUIDs in both orders, and long bounds.</summary>
    public static RowMetrics NotInFooter(Schema schema, MetricsConfig config) => new(
        schema,
        (id, type) => type.Kind is PrimitiveKind.Float or PrimitiveKind.Double or PrimitiveKind.Uuid || config.KeepsLongBounds(id, type));

    /// <summary>Adds a row. Called per value.</summary>
    public void Add(object?[] row)
    {
        foreach (var leaf in _leaves) leaf.Add(row);
    }

    /// <summary>Adds all rows of a top-level column.</summary>
    /// <param name="fieldId">Id of the column; a column without metrics is ignored.</param>
    /// <param name="buffer">Values of the column; null when all rows are null.</param>
    /// <param name="rows">Number of rows.</param>
    public void AddColumn(int fieldId, ColumnBuffer? buffer, int rows) =>
        Array.Find(_leaves, l => l.Id == fieldId)?.AddColumn(buffer, rows);

    /// <summary>True if the metrics of a column need more than the bounds of a footer.</summary>
    public bool NeedsValues(int fieldId) => Array.Exists(_leaves, l => l.Id == fieldId && !l.IsReal);

    /// <summary>Adds all rows of a top-level column with known bounds and without NaNs.</summary>
    /// <param name="fieldId">Id of the column; a column without metrics is ignored.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="nulls">Number of nulls.</param>
    /// <param name="least">Smallest value; null when all rows are null.</param>
    /// <param name="greatest">Largest value; null when all rows are null.</param>
    public void AddBounds(int fieldId, long rows, long nulls, object? least, object? greatest) =>
        Array.Find(_leaves, l => l.Id == fieldId)?.AddBounds(rows, nulls, least, greatest);

    /// <summary>Adds the metrics of other rows of the file.</summary>
    /// <param name="other">Metrics of the same columns.</param>
    public void AddAll(RowMetrics other)
    {
        for (var i = 0; i < _leaves.Length; i++) _leaves[i].AddAll(other._leaves[i]);
    }

    /// <summary>The file with these metrics in place of its own.</summary>
    public DataFile Describe(DataFile file)
    {
        Dictionary<int, long> values = Copy(file.ValueCounts), nulls = Copy(file.NullValueCounts), nans = Copy(file.NanValueCounts);
        Dictionary<int, byte[]> lower = Copy(file.LowerBounds), upper = Copy(file.UpperBounds);
        foreach (var leaf in _leaves)
        {
            values[leaf.Id] = leaf.Values;
            nulls[leaf.Id] = leaf.Nulls;
            if (leaf.IsReal) nans[leaf.Id] = leaf.Nans;
            Put(lower, leaf.Id, leaf.Least is { } least ? ColumnBounds.Lower(leaf.Type, least) : null);
            Put(upper, leaf.Id, leaf.Greatest is { } greatest ? ColumnBounds.Upper(leaf.Type, greatest) : null);
        }

        return file with
        {
            ValueCounts = values,
            NullValueCounts = nulls,
            NanValueCounts = nans.Count > 0 ? nans : null,
            LowerBounds = lower,
            UpperBounds = upper,
        };
    }

    private static Dictionary<int, T> Copy<T>(IReadOnlyDictionary<int, T>? map) => map is null ? [] : new(map);

    private static void Put(Dictionary<int, byte[]> map, int id, byte[]? bound)
    {
        if (bound is null) map.Remove(id);
        else map[id] = bound;
    }

    /// <summary>A column, or a field in structs.</summary>
    private sealed class Leaf(int id, PrimitiveType type, int[] steps)
    {
        private readonly int _column = steps[0];
        private readonly int[] _below = steps[1..];
        private readonly UuidRange? _uuids = type.Kind == PrimitiveKind.Uuid ? new() : null;
        private double _leastReal = double.PositiveInfinity;
        private double _greatestReal = double.NegativeInfinity;
        private bool _hasReal;
        private object? _least;
        private object? _greatest;

        public int Id => id;

        public PrimitiveType Type => type;

        public bool IsReal { get; } = type.Kind is PrimitiveKind.Float or PrimitiveKind.Double;

        public long Values { get; private set; }

        public long Nulls { get; private set; }

        public long Nans { get; private set; }

        public object? Least => IsReal ? Real(_leastReal) : _uuids is null ? _least : _uuids.Lower;

        public object? Greatest => IsReal ? Real(_greatestReal) : _uuids is null ? _greatest : _uuids.Upper;

        public void Add(object?[] row)
        {
            Values++;
            var value = row[_column];
            foreach (var step in _below) value = (value as object?[])?[step];
            switch (value)
            {
                case null:
                    Nulls++;
                    break;
                case double real:
                    Add(real);   // without boxing, because most files have double columns
                    break;
                case float real:
                    Add(real);
                    break;
                case Guid uuid:
                    _uuids!.Add(uuid);
                    break;
                default:
                    Add(value);
                    break;
            }
        }

        public void AddColumn(ColumnBuffer? buffer, int rows)
        {
            Values += rows;
            Nulls += rows - (buffer?.ValueCount ?? 0);
            switch (buffer)
            {
                case FixedBuffer<double> reals:
                    foreach (var real in reals.Values) Add(real);
                    break;
                case BytesBuffer uuids when _uuids is not null:
                    for (var i = 0; i < uuids.ValueCount; i++) _uuids.Add(new Guid(uuids.Value(i), bigEndian: true));
                    break;
                case BytesBuffer { ValueCount: > 0 } bytes:
                    var (least, greatest) = RangeOf(bytes);
                    Add(ValueOf(bytes.Value(least)));
                    Add(ValueOf(bytes.Value(greatest)));
                    break;
                case not (null or BytesBuffer):
                    throw new InvalidOperationException($"Column {id} of type {type} is not measured by columns.");
            }
        }

        public void AddBounds(long rows, long nulls, object? least, object? greatest)
        {
            Values += rows;
            Nulls += nulls;
            foreach (var bound in new[] { least, greatest })
            {
                if (bound is double real) Add(real);
                else if (bound is not null) throw new InvalidOperationException($"Column {id} of type {type} is not measured by bounds.");
            }
        }

        public void AddAll(Leaf other)
        {
            Values += other.Values;
            Nulls += other.Nulls;
            Nans += other.Nans;
            _hasReal |= other._hasReal;
            _leastReal = Math.Min(_leastReal, other._leastReal);
            _greatestReal = Math.Max(_greatestReal, other._greatestReal);
            if (other._uuids is { } uuids) _uuids!.AddAll(uuids);
            if (other._least is { } least) Add(least);
            if (other._greatest is { } greatest) Add(greatest);
        }

        private static (int Least, int Greatest) RangeOf(BytesBuffer bytes)
        {
            var (least, greatest) = (0, 0);
            for (var i = 1; i < bytes.ValueCount; i++)
            {
                if (bytes.Value(i).SequenceCompareTo(bytes.Value(least)) < 0) least = i;
                else if (bytes.Value(i).SequenceCompareTo(bytes.Value(greatest)) > 0) greatest = i;
            }

            return (least, greatest);
        }

        private object ValueOf(ReadOnlySpan<byte> bytes) =>
            type.Kind == PrimitiveKind.String ? Encoding.UTF8.GetString(bytes) : bytes.ToArray();

        private void Add(double value)
        {
            if (double.IsNaN(value))
            {
                Nans++;
                return;
            }

            _hasReal = true;
            if (value < _leastReal) _leastReal = value;
            if (value > _greatestReal) _greatestReal = value;
        }

        private void Add(object value)
        {
            if (_least is null || ValueOrder.Compare(value, _least) < 0) _least = value;
            if (_greatest is null || ValueOrder.Compare(value, _greatest) > 0) _greatest = value;
        }

        private object? Real(double value)
        {
            if (!_hasReal) return null;
            if (type.Kind == PrimitiveKind.Float) return (float)value;
            return value;
        }
    }
}
