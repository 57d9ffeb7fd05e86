using Apache.Arrow;
using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>Reads booleans.</summary>
internal sealed class BoolValues(BooleanArray array, ArrowValues? parent) : ArrowValues(array, parent)
{
    public override DataValue Value(int row) => DataValue.Bool(Bit(array.ValueBuffer.Span, row));

    public override bool Fits(ColumnType type, int from) => type.DataType == DataType.Bool;

    public override void Copy(TableColumnTarget target, int to, int from)
    {
        var bools = (FixedBuffer<bool>)target.Buffer;
        var bits = array.ValueBuffer.Span;
        var hasNulls = !HasNoNulls;
        for (var row = from; row < Length; row++)
            if (!hasNulls || !IsNull(row)) bools.Append(to + row - from, Bit(bits, row));
    }

    private bool Bit(ReadOnlySpan<byte> bits, int row) => BitUtility.GetBit(bits, array.Offset + row);
}
