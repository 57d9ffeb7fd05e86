using System.Text;
using Apache.Arrow;
using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>Reads texts and binary values of variable length.</summary>
internal sealed class BytesValues(IArrowArray array, ArrowValues? parent, DataType type) : ArrowValues(array, parent)
{
    public override DataValue Value(int row)
    {
        var bytes = At(row);
        return type == DataType.Text ? DataValue.Text(Encoding.UTF8.GetString(bytes)) : DataValue.Binary(bytes.ToArray());
    }

    public override bool Fits(ColumnType column, int from)
    {
        if (column.DataType == type && column.FixedBytes == 0) return true;
        if (type == DataType.Text && column.DataType != DataType.Timestamp) return false;
        if (type == DataType.Binary && column.DataType != DataType.Binary) return false;
        for (var row = from; row < Length; row++)
        {
            if (IsNull(row)) continue;
            var bytes = At(row);
            if (type == DataType.Text ? !FastIso.TryParse(bytes, out _) : bytes.Length != column.FixedBytes) return false;
        }

        return true;
    }

    public override void Copy(TableColumnTarget target, int to, int from)
    {
        var hasNulls = !HasNoNulls;
        if (target.Buffer is FixedBuffer<long> times)
        {
            for (var row = from; row < Length; row++)
                if ((!hasNulls || !IsNull(row)) && FastIso.TryParse(At(row), out var micros)) times.Append(to + row - from, micros);
            return;
        }

        var buffer = (BytesBuffer)target.Buffer;
        if (Array is BinaryArray plain)
        {
            var values = plain.Values;
            var offsets = plain.ValueOffsets;
            for (var row = from; row < Length; row++)
                if (!hasNulls || !IsNull(row)) buffer.Append(to + row - from, values[offsets[row]..offsets[row + 1]]);
            return;
        }

        for (var row = from; row < Length; row++)
            if (!hasNulls || !IsNull(row)) buffer.Append(to + row - from, At(row));
    }

    private ReadOnlySpan<byte> At(int row) => Array switch
    {
        BinaryArray plain => plain.GetBytes(row),
        LargeBinaryArray large => large.GetBytes(row),
        _ => ((BinaryViewArray)Array).GetBytes(row),
    };
}
