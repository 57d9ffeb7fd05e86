using System.Numerics;
using Apache.Arrow;
using Dlt.Parquet;
using Dlt.Types;

namespace Dlt.Batches.Values;

/// <summary>Decimals of 32 to 256 bits.</summary>
/// <param name="array">The array.</param>
/// <param name="parent">The struct around it.</param>
/// <param name="width">Bytes of a value.</param>
/// <param name="scale">Digits after the point.</param>
/// <param name="rounds">Digits that the column does not have are rounded half to even, instead of being a reason not to fit.</param>
internal sealed class DecimalValues(IArrowArray array, ArrowValues? parent, int width, int scale, bool rounds = false)
    : ArrowValues(array, parent)
{
    private readonly IArrowArray _array = array;
    private readonly ArrowValues? _parent = parent;

    /// <summary>Values that <see cref="Copy"/> rounded.</summary>
    public long Rounded { get; private set; }

    /// <summary>The same values, rounded to the digits of their column.</summary>
    public DecimalValues Rounding() => new(_array, _parent, width, scale, rounds: true);

    public override DataValue Value(int row)
    {
        var unscaled = new BigInteger(At(row));
        return DataValue.Decimal(new BigDecimal(BigInteger.Abs(unscaled), -scale, unscaled.Sign < 0));
    }

    public override bool Fits(ColumnType type, int from)
    {
        if (type.DataType != DataType.Decimal) return false;
        for (var row = from; row < Length; row++)
            if (!IsNull(row) && !TryScale(row, type, out _, out _)) return false;
        return true;
    }

    public override void Copy(TableColumnTarget target, int to, int from)
    {
        var decimals = (FixedBuffer<Int128>)target.Buffer;
        for (var row = from; row < Length; row++)
        {
            if (IsNull(row) || !TryScale(row, target.Type, out var value, out var isExact)) continue;
            decimals.Append(to + row - from, value);
            if (!isExact) Rounded++;
        }
    }

    private ReadOnlySpan<byte> At(int row) => Array.Data.Buffers[1].Span.Slice((Array.Offset + row) * width, width);

    private bool TryScale(int row, ColumnType type, out Int128 value, out bool isExact)
    {
        value = 0;
        isExact = true;
        if (width > 16)
        {
            var number = Value(row).AsDecimal;
            if (rounds) number = number.Round(type.Scale, out isExact);
            if (!number.TryToUnscaled(type.Precision, type.Scale, out var big)) return false;
            value = (Int128)big;
            return true;
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

        var divisor = PowersOfTen.Of(scale - type.Scale);
        (value, var rest) = Int128.DivRem(unscaled, divisor);
        isExact = rest == 0;
        if (!isExact && !rounds) return false;
        if (!isExact) value += Nearest(value, rest, divisor);
        return Int128.Abs(value) < limit;
    }

    /// <summary>What rounding half to even adds to a quotient that was cut.</summary>
    private static Int128 Nearest(Int128 quotient, Int128 rest, Int128 divisor)
    {
        var order = Int128.Abs(rest).CompareTo(divisor / 2);   // a power of ten has a half
        return order < 0 || (order == 0 && Int128.IsEvenInteger(quotient)) ? Int128.Zero : Int128.Sign(rest);
    }
}
