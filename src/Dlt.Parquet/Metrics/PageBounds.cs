using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dlt.Parquet.Encodings;

namespace Dlt.Parquet.Metrics;

/// <summary>
/// Computes bounds of a range of a column's values. Doubles have no bounds if a value is NaN, and zero bounds cover both signs (Parquet
/// format, "Statistics").
/// </summary>
internal sealed class PageBounds
{
    private ulong[] _heads = [];   // first bytes of the dictionary entries

    /// <summary>Starts a column.</summary>
    public void Begin(ColumnBuffer buffer)
    {
        if (buffer is not BytesBuffer { IsDictionary: true } bytes) return;
        if (_heads.Length < bytes.EntryCount) _heads = new ulong[Math.Max(bytes.EntryCount, _heads.Length * 2)];
        for (var entry = 0; entry < bytes.EntryCount; entry++) _heads[entry] = Head(bytes.Entry(entry));
    }

    /// <param name="buffer">Buffer of the column passed to <see cref="Begin"/>.</param>
    /// <param name="numbers">Values of the column, if they are numbers.</param>
    /// <param name="column">Definition of the column in the file.</param>
    /// <param name="first">Index of the first value.</param>
    /// <param name="count">Number of values, 0 or more.</param>
    /// <returns>Null without values, and for types without an order.</returns>
    public ColumnBounds? Of(ColumnBuffer buffer, FileNumbers? numbers, ParquetColumn column, int first, int count)
    {
        if (count == 0) return null;
        switch (buffer)
        {
            case FixedBuffer<double> doubles: return Doubles(doubles.Values.Slice(first, count));
            case FixedBuffer<bool> bools:
                var flags = bools.Values.Slice(first, count);
                return new([(byte)(flags.Contains(false) ? 0 : 1)], [(byte)(flags.Contains(true) ? 1 : 0)]);
            case ConstantBuffer constant: return TextBounds.Of(constant.Value, constant.Value, isText: true);
            case BytesBuffer bytes: return Bytes(bytes, column, first, count);
            case FixedBuffer<Int128> decimals when numbers is null:
                return DecimalBounds.Of(decimals, column, first, count);
            default:
                var (min, max) = MinMax(numbers!.Values.Slice(first, count));
                return new(PlainNumbers.Bytes(min, column), PlainNumbers.Bytes(max, column));
        }
    }

    private static (long Min, long Max) MinMax(ReadOnlySpan<long> values)
    {
        var min = values[0];
        var max = min;
        foreach (var value in values)
        {
            if (value < min) min = value;
            if (value > max) max = value;
        }

        return (min, max);
    }

    private static ColumnBounds Doubles(ReadOnlySpan<double> values)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        foreach (var value in values)
        {
            if (double.IsNaN(value)) return new(null, null) { HasNaN = true };
            if (value < min) min = value;
            if (value > max) max = value;
        }

        return new(Double(min == 0 ? -0.0 : min), Double(max == 0 ? 0.0 : max));
    }

    private ColumnBounds Bytes(BytesBuffer bytes, ParquetColumn column, int first, int count)
    {
        var (min, max) = bytes.IsDictionary ? OfCodes(bytes, first, count) : OfValues(bytes, first, count);
        return column.PhysicalType == PhysicalType.FixedLenByteArray
            ? new(bytes.Value(min).ToArray(), bytes.Value(max).ToArray())
            : TextBounds.Of(bytes.Value(min), bytes.Value(max), column.IsText);
    }

    private (int Min, int Max) OfCodes(BytesBuffer bytes, int first, int count)
    {
        var codes = bytes.Codes.Slice(first, count);
        ReadOnlySpan<ulong> heads = _heads;
        int min = 0, max = 0;
        var minHead = heads[codes[0]];
        var maxHead = minHead;
        for (var i = 1; i < codes.Length; i++)
        {
            var code = codes[i];
            var head = heads[code];   // almost always decides
            if (head < minHead || (head == minHead && IsBelow(bytes, code, codes[min])))
            {
                min = i;
                minHead = head;
            }
            else if (head > maxHead || (head == maxHead && IsBelow(bytes, codes[max], code)))
            {
                max = i;
                maxHead = head;
            }
        }

        return (first + min, first + max);
    }

    private static bool IsBelow(BytesBuffer bytes, int entry, int other) =>
        entry != other && bytes.Entry(entry).SequenceCompareTo(bytes.Entry(other)) < 0;

    private static (int Min, int Max) OfValues(BytesBuffer bytes, int first, int count)
    {
        int min = first, max = first;
        var minHead = Head(bytes.Value(first));
        var maxHead = minHead;
        for (var i = first + 1; i < first + count; i++)
        {
            var value = bytes.Value(i);
            var head = Head(value);   // almost always decides
            if (head < minHead || (head == minHead && value.SequenceCompareTo(bytes.Value(min)) < 0))
            {
                min = i;
                minHead = head;
            }
            else if (head > maxHead || (head == maxHead && value.SequenceCompareTo(bytes.Value(max)) > 0))
            {
                max = i;
                maxHead = head;
            }
        }

        return (min, max);
    }

    /// <summary>Returns the first eight bytes as a number with the same order; shorter texts are padded with zeros.</summary>
    private static ulong Head(ReadOnlySpan<byte> text)
    {
        if (text.Length >= sizeof(ulong)) return BinaryPrimitives.ReadUInt64BigEndian(text);
        ulong head = 0;
        foreach (var b in text) head = (head << 8) | b;
        return text.Length == 0 ? 0 : head << (8 * (sizeof(ulong) - text.Length));
    }

    private static byte[] Double(double value)
    {
        var bytes = new byte[sizeof(double)];
        MemoryMarshal.Write(bytes, value);
        return bytes;
    }
}
