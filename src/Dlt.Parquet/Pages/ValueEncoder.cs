using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dlt.Columns;
using Dlt.Parquet.Encodings;
using Dlt.Types;

namespace Dlt.Parquet.Pages;

/// <summary>Encodes a range of a column's values into a page.</summary>
internal sealed class ValueEncoder(bool deltaEncoding)
{
    public const int Plain = 0;
    public const int Rle = 3;
    public const int DeltaBinary = 5;
    public const int DeltaLength = 6;
    public const int RleDictionary = 8;

    private readonly DoubleDictionary _doubles = new();
    private bool _hasDoubles;
    private long[] _scratch = new long[1024];

    /// <summary>Begins a column.</summary>
    /// <returns>The encoding that <see cref="Write"/> uses for it.</returns>
    public int Begin(ColumnBuffer buffer, ParquetColumn column)
    {
        _hasDoubles = buffer is FixedBuffer<double> doubles && _doubles.TryBuild(doubles.Values);
        return _hasDoubles ? RleDictionary : EncodingOf(buffer, column);
    }

    /// <summary>Writes the dictionary of the column and answers how many entries it has.</summary>
    public int WriteDictionary(PageBuffer page, ColumnBuffer buffer)
    {
        switch (buffer)
        {
            case ConstantBuffer constant:
                page.WriteInt32(constant.Value.Length);
                page.WriteBytes(constant.Value);
                return 1;
            case BytesBuffer bytes:
                page.WriteBytes(bytes.Arena);
                return bytes.EntryCount;
            default:
                page.WriteBytes(MemoryMarshal.AsBytes(_doubles.Entries));
                return _doubles.EntryCount;
        }
    }

    private int EncodingOf(ColumnBuffer buffer, ParquetColumn column) => buffer switch
    {
        ConstantBuffer => RleDictionary,
        BytesBuffer { IsDictionary: true } when column.PhysicalType == PhysicalType.ByteArray => RleDictionary,
        FixedBuffer<long> or FixedBuffer<int> when deltaEncoding => DeltaBinary,
        BytesBuffer when deltaEncoding && column.PhysicalType == PhysicalType.ByteArray => DeltaLength,
        _ => Plain,
    };

    public void Write(PageBuffer page, ColumnBuffer buffer, ParquetColumn column, int firstValue, int count)
    {
        switch (buffer)
        {
            case FixedBuffer<long> longs: WriteLongs(page, longs.Values.Slice(firstValue, count), column); break;
            case FixedBuffer<int> days: WriteDays(page, days.Values.Slice(firstValue, count)); break;
            case FixedBuffer<double> when _hasDoubles: DictionaryCodes.Write(page, _doubles.Codes.Slice(firstValue, count), _doubles.EntryCount); break;
            case FixedBuffer<double> doubles: page.WriteBytes(MemoryMarshal.AsBytes(doubles.Values.Slice(firstValue, count))); break;
            case FixedBuffer<bool> bools: WriteBools(page, bools.Values.Slice(firstValue, count)); break;
            case FixedBuffer<Int128> decimals: WriteDecimals(page, decimals.Values.Slice(firstValue, count), column.TypeLength); break;
            case ConstantBuffer: DictionaryCodes.WriteConstant(page, count); break;
            case BytesBuffer bytes: WriteBytes(page, bytes, column, firstValue, count); break;
            default: throw new InvalidOperationException($"A column buffer of type {buffer.GetType().Name} cannot be written.");
        }
    }

    /// <summary>Buffers hold microseconds; files hold milliseconds or microseconds. Digits beyond the unit are cut off, before 1970 too.</summary>
    public static long ToFileUnit(long value, ColumnType type) =>
        type.DataType is DataType.Timestamp or DataType.Time ? Cut(value, type.FractionDigits) : value;

    public static byte[] DecimalBytes(Int128 value, int length)
    {
        Span<byte> all = stackalloc byte[16];
        BinaryPrimitives.WriteInt128BigEndian(all, value);
        return all[(16 - length)..].ToArray();
    }

    private static long Cut(long micros, int fractionDigits) => fractionDigits switch
    {
        0 => FloorDiv(micros, 1_000_000) * 1000,
        <= 3 => FloorDiv(micros, 1000),
        _ => micros,
    };

    private static long FloorDiv(long value, long by)
    {
        var quotient = value / by;
        return value % by < 0 ? quotient - 1 : quotient;
    }

    private void WriteLongs(PageBuffer page, ReadOnlySpan<long> values, ParquetColumn column)
    {
        if (column.Type.DataType != DataType.Bigint && column.Type.FractionDigits <= 3)
        {
            var scratch = Scratch(values.Length);
            for (var i = 0; i < values.Length; i++) scratch[i] = Cut(values[i], column.Type.FractionDigits);
            values = scratch;
        }

        if (deltaEncoding) DeltaBinaryPacked.Write(page, values, column.PhysicalType == PhysicalType.Int32);
        else if (column.PhysicalType == PhysicalType.Int32)
            foreach (var value in values) page.WriteInt32((int)value);
        else page.WriteBytes(MemoryMarshal.AsBytes(values));
    }

    private void WriteDays(PageBuffer page, ReadOnlySpan<int> days)
    {
        if (!deltaEncoding)
        {
            page.WriteBytes(MemoryMarshal.AsBytes(days));
            return;
        }

        var scratch = Scratch(days.Length);
        for (var i = 0; i < days.Length; i++) scratch[i] = days[i];
        DeltaBinaryPacked.Write(page, scratch, isInt32: true);
    }

    private static void WriteBools(PageBuffer page, ReadOnlySpan<bool> values)
    {
        for (var i = 0; i < values.Length; i += 8)
        {
            var bits = 0;
            for (var b = 0; b < 8 && i + b < values.Length; b++)
                if (values[i + b]) bits |= 1 << b;
            page.WriteByte((byte)bits);
        }
    }

    private static void WriteDecimals(PageBuffer page, ReadOnlySpan<Int128> values, int length)
    {
        Span<byte> all = stackalloc byte[16];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt128BigEndian(all, value);
            page.WriteBytes(all[(16 - length)..]);
        }
    }

    private void WriteBytes(PageBuffer page, BytesBuffer bytes, ParquetColumn column, int firstValue, int count)
    {
        if (column.PhysicalType == PhysicalType.FixedLenByteArray)
        {
            for (var i = 0; i < count; i++) page.WriteBytes(bytes.Value(firstValue + i));
        }
        else if (bytes.IsDictionary)
        {
            DictionaryCodes.Write(page, bytes.Codes.Slice(firstValue, count), bytes.EntryCount);
        }
        else if (count > 0)
        {
            // The arena is the PLAIN page already.
            var start = bytes.Offsets[firstValue];
            var end = firstValue + count < bytes.ValueCount ? bytes.Offsets[firstValue + count] : bytes.Arena.Length;
            if (deltaEncoding) WriteLengthsAndBytes(page, bytes.Arena[start..end], count);
            else page.WriteBytes(bytes.Arena[start..end]);
        }
        else if (deltaEncoding)
        {
            DeltaBinaryPacked.Write(page, []);
        }
    }

    /// <summary>DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. Without lengths in between, compression finds no matches where there are none (bench/README.md).</summary>
    private void WriteLengthsAndBytes(PageBuffer page, ReadOnlySpan<byte> plain, int count)
    {
        const int lengthBytes = sizeof(int);
        var lengths = Scratch(count);
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var length = MemoryMarshal.Read<int>(plain[at..]);
            lengths[i] = length;
            at += lengthBytes + length;
        }

        DeltaBinaryPacked.Write(page, lengths);
        var target = page.GetSpan(plain.Length - (count * lengthBytes));
        at = 0;
        var written = 0;
        for (var i = 0; i < count; i++)
        {
            var length = (int)lengths[i];
            plain.Slice(at + lengthBytes, length).CopyTo(target[written..]);
            written += length;
            at += lengthBytes + length;
        }

        page.Advance(written);
    }

    private Span<long> Scratch(int length)
    {
        if (_scratch.Length < length) _scratch = new long[length];
        return _scratch.AsSpan(0, length);
    }
}
