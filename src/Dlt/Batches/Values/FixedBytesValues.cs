using Apache.Arrow;
using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>Reads binary values of a fixed length in bytes.</summary>
internal sealed class FixedBytesValues(IArrowArray array, ArrowValues? parent, int width) : ArrowValues(array, parent)
{
    public override DataValue Value(int row) => DataValue.Binary(At(row).ToArray());

    public override bool Fits(ColumnType type, int from) =>
        type.DataType == DataType.Binary && (type.FixedBytes == 0 || type.FixedBytes == width);

    public override void Copy(TableColumnTarget target, int to, int from)
    {
        var buffer = (BytesBuffer)target.Buffer;
        for (var row = from; row < Length; row++)
            if (!IsNull(row)) buffer.Append(to + row - from, At(row));
    }

    private ReadOnlySpan<byte> At(int row) => Array.Data.Buffers[1].Span.Slice((Array.Offset + row) * width, width);
}
