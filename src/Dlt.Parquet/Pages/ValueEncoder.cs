using Dlt.Parquet.Encodings;

namespace Dlt.Parquet.Pages;

/// <summary>Encodes a range of a column's values into a page.</summary>
internal sealed class ValueEncoder(ParquetWriterOptions options)
{
    public const int Plain = 0;
    public const int Rle = 3;
    public const int DeltaBinary = 5;
    public const int DeltaLength = 6;
    public const int RleDictionary = 8;

    private readonly NumberDictionary _dictionary = new(options.DictionaryBytes);
    private readonly FileNumbers _numbers = new();
    private int _encoding;
    private bool _hasNumbers;
    private long[] _lengths = [];

    /// <summary>Values of the current column if they are numbers; otherwise null.</summary>
    public FileNumbers? Numbers => _hasNumbers ? _numbers : null;

    /// <summary>
    /// Values of the current column if they are numbers, and only the distinct ones if it has a dictionary; otherwise empty.
    /// </summary>
    public ReadOnlySpan<long> DistinctNumbers => !_hasNumbers ? [] : _encoding == RleDictionary ? _dictionary.Entries : _numbers.Values;

    /// <summary>Content of the column's data pages.</summary>
    public PageContent Content { get; private set; }

    /// <summary>Starts a column.</summary>
    /// <returns>The encoding that <see cref="Write"/> uses for the column.</returns>
    public int Begin(ColumnBuffer buffer, ParquetColumn column)
    {
        _hasNumbers = _numbers.Take(buffer, column);
        _encoding = EncodingOf(buffer, column);
        Content = (_encoding, column.PhysicalType) switch
        {
            (Plain, PhysicalType.Int32 or PhysicalType.Int64) => PageContent.Integers,
            (Plain, PhysicalType.Double) => PageContent.Doubles,
            _ => PageContent.Bytes,
        };
        return _encoding;
    }

    /// <summary>Writes the dictionary of the column and returns the number of its entries.</summary>
    public int WriteDictionary(PageBuffer page, ColumnBuffer buffer, ParquetColumn column)
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
                PlainNumbers.Write(page, _dictionary.Entries, column);
                return _dictionary.EntryCount;
        }
    }

    public void Write(PageBuffer page, ColumnBuffer buffer, ParquetColumn column, int firstValue, int count)
    {
        switch (buffer)
        {
            case FixedBuffer<bool> bools:
                WriteBools(page, bools.Values.Slice(firstValue, count));
                break;
            case FixedBuffer<Int128> decimals when !_hasNumbers:
                PlainNumbers.Write(page, decimals.Values.Slice(firstValue, count), column.TypeLength);
                break;
            case ConstantBuffer:
                DictionaryCodes.WriteConstant(page, count);
                break;
            case BytesBuffer bytes:
                WriteBytes(page, bytes, column, firstValue, count);
                break;
            default:
                WriteNumbers(page, column, firstValue, count);
                break;
        }
    }

    private int EncodingOf(ColumnBuffer buffer, ParquetColumn column)
    {
        switch (buffer)
        {
            case ConstantBuffer: return RleDictionary;
            case BytesBuffer when column.PhysicalType != PhysicalType.ByteArray: return Plain;
            case BytesBuffer { IsDictionary: true } bytes when bytes.EntryCount <= bytes.ValueCount / 2: return RleDictionary;
            case BytesBuffer: return options.DeltaEncodings ? DeltaLength : Plain;
        }

        if (!_hasNumbers) return Plain;
        if (options.DeltaEncodings && column.PhysicalType is PhysicalType.Int32 or PhysicalType.Int64) return DeltaBinary;
        return _dictionary.TryBuild(_numbers.Values, PlainNumbers.Width(column)) ? RleDictionary : Plain;
    }

    private void WriteNumbers(PageBuffer page, ParquetColumn column, int firstValue, int count)
    {
        switch (_encoding)
        {
            case RleDictionary:
                DictionaryCodes.Write(page, _dictionary.Codes.Slice(firstValue, count), _dictionary.EntryCount);
                break;
            case DeltaBinary:
                DeltaBinaryPacked.Write(page, _numbers.Values.Slice(firstValue, count), column.PhysicalType == PhysicalType.Int32);
                break;
            default:
                PlainNumbers.Write(page, _numbers.Values.Slice(firstValue, count), column);
                break;
        }
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

    private void WriteBytes(PageBuffer page, BytesBuffer bytes, ParquetColumn column, int firstValue, int count)
    {
        if (column.PhysicalType == PhysicalType.FixedLenByteArray)
        {
            for (var i = 0; i < count; i++) page.WriteBytes(bytes.Value(firstValue + i));
        }
        else if (_encoding == RleDictionary)
        {
            DictionaryCodes.Write(page, bytes.Codes.Slice(firstValue, count), bytes.EntryCount);
        }
        else if (_encoding == DeltaLength)
        {
            WriteLengthsAndBytes(page, bytes, firstValue, count);
        }
        else if (bytes.IsDictionary)
        {
            for (var i = 0; i < count; i++)
            {
                var value = bytes.Value(firstValue + i);
                page.WriteInt32(value.Length);
                page.WriteBytes(value);
            }
        }
        else if (count > 0)
        {
            // The arena already has the layout of a PLAIN page.
            var start = bytes.Offsets[firstValue];
            var end = firstValue + count < bytes.ValueCount ? bytes.Offsets[firstValue + count] : bytes.Arena.Length;
            page.WriteBytes(bytes.Arena[start..end]);
        }
    }

    /// <summary>
    /// Writes DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. Lengths between the values would lead compression to
    /// useless matches (bench/README.md).
    /// </summary>
    private void WriteLengthsAndBytes(PageBuffer page, BytesBuffer bytes, int firstValue, int count)
    {
        if (_lengths.Length < count) _lengths = new long[count];
        var lengths = _lengths.AsSpan(0, count);
        long total = 0;
        for (var i = 0; i < count; i++) total += lengths[i] = bytes.Value(firstValue + i).Length;
        DeltaBinaryPacked.Write(page, lengths);
        var target = page.GetSpan((int)total);
        var written = 0;
        for (var i = 0; i < count; i++)
        {
            var value = bytes.Value(firstValue + i);
            value.CopyTo(target[written..]);
            written += value.Length;
        }

        page.Advance(written);
    }
}
