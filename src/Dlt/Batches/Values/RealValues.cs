using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>Reads floating-point numbers of any width as doubles.</summary>
internal sealed class RealValues<T>(IArrowArray array, ArrowValues? parent) : ArrowValues(array, parent)
    where T : unmanaged, INumberBase<T>
{
    private ReadOnlySpan<T> Values => MemoryMarshal.Cast<byte, T>(Array.Data.Buffers[1].Span).Slice(Array.Offset, Array.Length);

    public override DataValue Value(int row) => DataValue.Double(double.CreateTruncating(Values[row]));

    public override bool Fits(ColumnType type, int from) => type.DataType == DataType.Double;

    public override void Copy(TableColumnTarget target, int to, int from)
    {
        var doubles = (FixedBuffer<double>)target.Buffer;
        var values = Values[from..];
        var hasNulls = !HasNoNulls;
        for (var i = 0; i < values.Length; i++)
            if (!hasNulls || !IsNull(from + i)) doubles.Append(to + i, double.CreateTruncating(values[i]));
    }
}
