using System.Buffers.Binary;
using System.IO.Hashing;

namespace Dlt.Parquet.Reading;

/// <summary>The current data page of a column chunk: decompressed, and moved to buffers row by row.</summary>
/// <param name="decoder">Decodes the values.</param>
/// <param name="element">Column in the footer of the file.</param>
/// <param name="codec">Number of the codec in the format.</param>
internal sealed class ChunkPage(ValueDecoder decoder, ParquetElement element, long codec) : IDisposable
{
    private const int Plain = 0;
    private const int PlainDictionary = 2;
    private const int Rle = 3;
    private const int BitPacked = 4;
    private const int RleDictionary = 8;

    private readonly PageDecompressor _decompressor = new(codec);
    private readonly NativeArray<byte> _content = new();
    private int _contentEnd;
    private int _at;             // offset of the next PLAIN value
    private ulong[] _validity = [];
    private int[] _codes = [];
    private int _codeAt;
    private bool _hasCodes;
    private int _row;
    private int _rows;
    private int _values;

    /// <summary>Number of rows that were not moved yet.</summary>
    public int RowsLeft => _rows - _row;

    private ReadOnlySpan<byte> Content => _content.AsSpan(0, _contentEnd);

    /// <summary>Returns true for the encodings that this class knows.</summary>
    public static bool Knows(long encoding) => encoding is Plain or PlainDictionary or Rle or BitPacked or RleDictionary;

    /// <summary>Begins to move rows to a buffer that others may have changed.</summary>
    public void Start() => decoder.Start();

    /// <summary>Reads a page.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="page">Its bytes in the file.</param>
    /// <exception cref="FormatException">The page is damaged.</exception>
    public void Read(PageHeader header, ReadOnlyMemory<byte> page)
    {
        if (header.Crc is { } crc && Crc32.HashToUInt32(page.Span) != crc)
            throw new FormatException($"the checksum of a page of column '{element.Name}' is wrong");
        switch (header.Type)
        {
            case PageHeader.Dictionary:
                Decompress(page, header.UncompressedBytes);
                decoder.ReadDictionary(Content, header.Values);
                break;
            case PageHeader.Data:
                Decompress(page, header.UncompressedBytes);
                ReadVersion1(header);
                break;
            case PageHeader.DataV2:
                ReadVersion2(header, page);
                break;
        }
    }

    /// <summary>Appends rows to a buffer.</summary>
    /// <returns>Number of rows: as many as wanted, or all that are left.</returns>
    public int MoveTo(ColumnBuffer target, int rows)
    {
        rows = Math.Min(rows, RowsLeft);
        var values = ValuesIn(rows);
        if (_hasCodes) decoder.AddCodes(_codes.AsSpan(_codeAt, values), target);
        else _at += decoder.AddPlain(Content[_at..], values, target);
        _codeAt += values;
        target.AppendRows(rows, values, _validity, _row);
        _row += rows;
        return rows;
    }

    /// <summary>Skips rows.</summary>
    /// <returns>Number of rows: as many as wanted, or all that are left.</returns>
    public int Skip(int rows)
    {
        rows = Math.Min(rows, RowsLeft);
        var values = ValuesIn(rows);
        if (!_hasCodes) _at += decoder.SkipPlain(Content[_at..], values);
        _codeAt += values;
        _row += rows;
        return rows;
    }

    public void Dispose()
    {
        _decompressor.Dispose();
        _content.Free();
    }

    private int ValuesIn(int rows) => _values == _rows ? rows : Bits.Count(_validity, _row, rows);

    private void ReadVersion1(PageHeader header)
    {
        _at = 0;
        var levels = 0;
        if (!element.IsRequired)
        {
            if (!header.HasRleLevels) throw new FormatException($"the levels of column '{element.Name}' have an old encoding");
            if (_contentEnd < sizeof(int)) throw new FormatException("a page has no levels");
            levels = BinaryPrimitives.ReadInt32LittleEndian(Content);
            _at = sizeof(int);
        }

        if (levels < 0 || levels > _contentEnd - _at) throw new FormatException($"the levels of a page have {levels} bytes");
        BeginRows(header, Content.Slice(_at, levels));
        _at += levels;
        BeginValues(header);
    }

    private void ReadVersion2(PageHeader header, ReadOnlyMemory<byte> page)
    {
        var levels = header.RepetitionBytes + (long)header.DefinitionBytes;
        if (levels > page.Length || levels > header.UncompressedBytes) throw new FormatException("the levels exceed their page");
        BeginRows(header, page.Span.Slice(header.RepetitionBytes, header.DefinitionBytes));
        var values = page[(int)levels..];
        var length = header.UncompressedBytes - (int)levels;
        if (header.IsCompressed && length > 0) Decompress(values, length);
        else Take(values.Span);
        _at = 0;
        BeginValues(header);
    }

    private void BeginRows(PageHeader header, ReadOnlySpan<byte> levels)
    {
        (_row, _rows, _values) = (0, header.Values, header.Values);
        if (element.IsRequired) return;
        var words = (_rows + 63) / 64;
        if (_validity.Length < words) _validity = new ulong[words];
        Array.Clear(_validity);
        _values = HybridRuns.DecodeLevels(levels, _rows, _validity);
    }

    private void BeginValues(PageHeader header)
    {
        var isFlags = element.PhysicalType == PhysicalType.Boolean;
        _hasCodes = isFlags || header.Encoding is PlainDictionary or RleDictionary;
        if (!_hasCodes)
        {
            if (header.Encoding != Plain) throw new FormatException($"a page has the encoding {header.Encoding}");
            return;
        }

        if (_codes.Length < _values) _codes = new int[_values];
        _codeAt = 0;
        var codes = _codes.AsSpan(0, _values);
        var bytes = Content[_at..];
        if (isFlags) DecodeFlags(header, bytes, codes);
        else if (bytes.IsEmpty && _values > 0) throw new FormatException("a page has no codes");
        else if (_values > 0) HybridRuns.Decode(bytes[1..], bytes[0], codes);
    }

    /// <summary>Decodes booleans to codes 0 and 1.</summary>
    private void DecodeFlags(PageHeader header, ReadOnlySpan<byte> bytes, Span<int> codes)
    {
        decoder.ReadDictionary([0, 1], 2);
        switch (header.Encoding)
        {
            case Plain when codes.Length <= bytes.Length * 8L:
                for (var i = 0; i < codes.Length; i++) codes[i] = (bytes[i >> 3] >> (i & 7)) & 1;
                break;
            case Rle when bytes.Length >= sizeof(int) || codes.IsEmpty:
                if (!codes.IsEmpty) HybridRuns.Decode(bytes[sizeof(int)..], 1, codes);
                break;
            default: throw new FormatException($"a page of {bytes.Length} bytes has {codes.Length} booleans, encoding {header.Encoding}");
        }
    }

    private void Decompress(ReadOnlyMemory<byte> page, int length)
    {
        Reserve(length);
        _decompressor.Decompress(page, _content.AsSpan(0, length));
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_content.AsSpan(0, bytes.Length));
    }

    private void Reserve(int length)
    {
        _content.Reserve(length + HybridRuns.Padding);
        _contentEnd = length;
    }
}
