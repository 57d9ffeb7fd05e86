using System.Buffers.Binary;
using Dlt.Columns;

namespace Dlt.Parquet.Pages;

/// <summary>Statistics of a column chunk. Doubles: NaN is left out, zeros cover both signs (Parquet format, "Statistics").</summary>
internal static class BoundsOf
{
    private const int MaxTextBytes = 64;

    public static ColumnBounds? Column(ColumnBuffer buffer, ParquetColumn column)
    {
        if (buffer.ValueCount == 0) return null;
        return buffer switch
        {
            FixedBuffer<long> longs => Longs(longs.Values, column),
            FixedBuffer<int> days => new(Int32(Min(days.Values)), Int32(Max(days.Values))),
            FixedBuffer<double> doubles => Doubles(doubles.Values),
            FixedBuffer<bool> bools => new([(byte)(bools.Values.Contains(false) ? 0 : 1)], [(byte)(bools.Values.Contains(true) ? 1 : 0)]),
            FixedBuffer<Int128> decimals => new(
                ValueEncoder.DecimalBytes(Min(decimals.Values), column.TypeLength), ValueEncoder.DecimalBytes(Max(decimals.Values), column.TypeLength)),
            ConstantBuffer constant => Texts(constant.Value, constant.Value),
            BytesBuffer bytes => Bytes(bytes),
            _ => null,
        };
    }

    private static ColumnBounds Longs(ReadOnlySpan<long> values, ParquetColumn column)
    {
        var min = ValueEncoder.ToFileUnit(Min(values), column.Type);
        var max = ValueEncoder.ToFileUnit(Max(values), column.Type);
        return column.PhysicalType == PhysicalType.Int32 ? new(Int32((int)min), Int32((int)max)) : new(Int64(min), Int64(max));
    }

    private static ColumnBounds? Doubles(ReadOnlySpan<double> values)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        var found = false;
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            found = true;
            if (value < min) min = value;
            if (value > max) max = value;
        }

        if (!found) return null;
        if (min == 0) min = -0.0;
        if (max == 0) max = 0.0;
        return new(Int64(BitConverter.DoubleToInt64Bits(min)), Int64(BitConverter.DoubleToInt64Bits(max)));
    }

    private static ColumnBounds? Bytes(BytesBuffer bytes)
    {
        ReadOnlySpan<byte> min = default, max = default;
        ulong minHead = ulong.MaxValue, maxHead = 0;
        var count = bytes.IsDictionary ? bytes.EntryCount : bytes.ValueCount;
        for (var i = 0; i < count; i++)
        {
            var value = bytes.IsDictionary ? bytes.Entry(i) : bytes.Value(i);
            var head = Head(value);   // decides almost always
            if (i == 0 || head < minHead || (head == minHead && value.SequenceCompareTo(min) < 0))
            {
                min = value;
                minHead = head;
            }

            if (i == 0 || head > maxHead || (head == maxHead && value.SequenceCompareTo(max) > 0))
            {
                max = value;
                maxHead = head;
            }
        }

        return Texts(min, max);
    }

    /// <summary>The first eight bytes as a number in their order; a shorter text counts as filled up with zeros.</summary>
    private static ulong Head(ReadOnlySpan<byte> text)
    {
        if (text.Length >= sizeof(ulong)) return BinaryPrimitives.ReadUInt64BigEndian(text);
        ulong head = 0;
        foreach (var b in text) head = (head << 8) | b;
        return text.Length == 0 ? 0 : head << (8 * (sizeof(ulong) - text.Length));
    }

    private static ColumnBounds? Texts(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max)
    {
        if (min.Length <= MaxTextBytes && max.Length <= MaxTextBytes) return new(min.ToArray(), max.ToArray());
        var lower = min.Length <= MaxTextBytes ? min : min[..CharBoundary(min)];
        if (max.Length <= MaxTextBytes) return new(lower.ToArray(), max.ToArray(), lower.Length == min.Length, true);
        var upper = Successor(max[..CharBoundary(max)]);
        return upper is null ? null : new(lower.ToArray(), upper, lower.Length == min.Length, false);
    }

    /// <summary>The shortest text above every text with this prefix: the last byte below 0x7F counted up; null if there is none.</summary>
    private static byte[]? Successor(ReadOnlySpan<byte> prefix)
    {
        for (var i = prefix.Length - 1; i >= 0; i--)
        {
            if (prefix[i] >= 0x7E) continue;   // stay within ASCII, so the bound is valid UTF-8
            var bound = prefix[..(i + 1)].ToArray();
            bound[i]++;
            return bound;
        }

        return null;
    }

    private static int CharBoundary(ReadOnlySpan<byte> text)
    {
        var at = MaxTextBytes;
        while (at > 0 && (text[at] & 0xC0) == 0x80) at--;
        return at;
    }

    private static T Min<T>(ReadOnlySpan<T> values)
        where T : struct, IComparable<T>
    {
        var min = values[0];
        foreach (var value in values)
            if (value.CompareTo(min) < 0) min = value;
        return min;
    }

    private static T Max<T>(ReadOnlySpan<T> values)
        where T : struct, IComparable<T>
    {
        var max = values[0];
        foreach (var value in values)
            if (value.CompareTo(max) > 0) max = value;
        return max;
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Int64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
