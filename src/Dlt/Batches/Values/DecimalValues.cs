using System.Numerics;
using Apache.Arrow;
using Dlt.Columns;
using Dlt.Types;

namespace Dlt.Batches.Values;

/// <summary>Decimals of 32 to 256 bits.</summary>
internal sealed class DecimalValues(IArrowArray array, ArrowValues? parent, int width, int scale) : ArrowValues(array, parent)
{
    public override DataValue Value(int row)
    {
        var unscaled = new BigInteger(At(row));
        return DataValue.Decimal(new BigDecimal(BigInteger.Abs(unscaled), -scale, unscaled.Sign < 0));
    }

    public override bool Fits(ColumnType type, int from)
    {
        if (type.DataType != DataType.Decimal) return false;
        for (var row = from; row < Length; row++)
            if (!IsNull(row) && !TryScale(row, type, out _)) return false;
        return true;
    }

    public override void Copy(TableColumnTarget target, int to, int from)
    {
        var decimals = (FixedBuffer<Int128>)target.Buffer;
        for (var row = from; row < Length; row++)
            if (!IsNull(row) && TryScale(row, target.Type, out var value)) decimals.Append(to + row - from, value);
    }

    private ReadOnlySpan<byte> At(int row) => Array.Data.Buffers[1].Span.Slice((Array.Offset + row) * width, width);

    private bool TryScale(int row, ColumnType type, out Int128 value)
    {
        value = 0;
        if (width > 16)
        {
            var isExact = Value(row).AsDecimal.TryToUnscaled(type.Precision, type.Scale, out var big);
            if (isExact) value = (Int128)big;
            return isExact;
        }

        var bytes = At(row);
        var unscaled = width switch
        {
            4 => BitConverter.ToInt32(bytes),
            8 => BitConverter.ToInt64(bytes),
            _ => BitConverter.ToInt128(bytes),
        };
        var limit = PowersOfTen.Of(type.Precision);
        if (type.Scale >= scale)
        {
            var factor = PowersOfTen.Of(type.Scale - scale);
            if (Int128.Abs(unscaled) > (limit - 1) / factor) return false;
            value = unscaled * factor;
            return true;
        }

        var (quotient, rest) = Int128.DivRem(unscaled, PowersOfTen.Of(scale - type.Scale));
        value = quotient;
        return rest == 0 && Int128.Abs(quotient) < limit;
    }
}
