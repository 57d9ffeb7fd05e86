using System.Numerics;
using Apache.Arrow;
using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>Reads decimals of 32 to 256 bits.</summary>
/// <param name="array">Array to read.</param>
/// <param name="parent">Struct around the array; null for none.</param>
/// <param name="width">Number of bytes of a value.</param>
/// <param name="scale">Number of digits after the decimal point.</param>
/// <param name="rounds">True to round to the digits of the column (half to even); false when values with more digits do not fit.</param>
internal sealed class DecimalValues(IArrowArray array, ArrowValues? parent, int width, int scale, bool rounds = false)
    : ArrowValues(array, parent)
{
    private readonly IArrowArray _array = array;
    private readonly ArrowValues? _parent = parent;

    /// <summary>Number of values that <see cref="Copy"/> rounded.</summary>
    public long Rounded { get; private set; }

    /// <summary>Returns the same values, rounded to the digits of their column.</summary>
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

    /// <summary>Returns the correction of a truncated quotient for rounding half to even.</summary>
    private static Int128 Nearest(Int128 quotient, Int128 rest, Int128 divisor)
    {
        var order = Int128.Abs(rest).CompareTo(divisor / 2);   // exact, because powers of ten are even
        return order < 0 || (order == 0 && Int128.IsEvenInteger(quotient)) ? Int128.Zero : Int128.Sign(rest);
    }
}
