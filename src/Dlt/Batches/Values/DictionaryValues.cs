using Apache.Arrow;
using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>Reads values of a dictionary-encoded array.</summary>
internal sealed class DictionaryValues : ArrowValues
{
    private readonly ArrowValues _values;
    private readonly int[] _codes;   // index into the dictionary; −1 for null

    public DictionaryValues(DictionaryArray array, ArrowValues? parent) : base(array, parent)
    {
        _values = Of(array.Dictionary);
        _codes = new int[array.Length];
        var codes = Of(array.Indices);
        for (var row = 0; row < _codes.Length; row++)
        {
            var isNull = codes.IsNull(row) || (parent?.IsNull(row) ?? false) || _values.IsNull((int)codes.Value(row).AsInteger);
            _codes[row] = isNull ? -1 : (int)codes.Value(row).AsInteger;
        }
    }

    public override bool HasNoNulls => !_codes.AsSpan().Contains(-1);

    public override bool IsNull(int row) => _codes[row] < 0;

    public override DataValue Value(int row) => _values.Value(_codes[row]);

    public override bool Fits(ColumnType type, int from) => _values.Fits(type, 0);

    public override void Copy(TableColumnTarget target, int to, int from)
    {
        var entries = new TableColumnTarget(target.Type, target.Type.NewBuffer(target.Buffer.Name));
        _values.Copy(entries, 0, 0);
        for (var row = from; row < Length; row++)
        {
            if (_codes[row] < 0) continue;
            var at = to + row - from;
            var index = entries.Buffer.ValuesBefore(_codes[row]);
            switch (target.Buffer)
            {
                case BytesBuffer bytes:
                    bytes.Append(at, ((BytesBuffer)entries.Buffer).Value(index));
                    break;
                case FixedBuffer<long> longs:
                    longs.Append(at, ((FixedBuffer<long>)entries.Buffer).Values[index]);
                    break;
                case FixedBuffer<double> doubles:
                    doubles.Append(at, ((FixedBuffer<double>)entries.Buffer).Values[index]);
                    break;
                case FixedBuffer<bool> bools:
                    bools.Append(at, ((FixedBuffer<bool>)entries.Buffer).Values[index]);
                    break;
                case FixedBuffer<int> days:
                    days.Append(at, ((FixedBuffer<int>)entries.Buffer).Values[index]);
                    break;
                default:
                    ((FixedBuffer<Int128>)target.Buffer).Append(at, ((FixedBuffer<Int128>)entries.Buffer).Values[index]);
                    break;
            }
        }

        entries.Buffer.Release();
    }

    protected override JsonValue Json(int row) => _values.ToJson(_codes[row]);
}
