namespace Dlt.Parquet.Reading;

/// <summary>Reads values in the PLAIN encoding.</summary>
/// <param name="bytes">As many bytes as the values have.</param>
/// <param name="values">Receives the values.</param>
internal delegate void PlainReading<T>(ReadOnlySpan<byte> bytes, Span<T> values);

/// <summary>Adds values of a fixed size to a buffer.</summary>
/// <param name="width">Bytes of a value in the file.</param>
/// <param name="read">Reads values.</param>
internal sealed class FixedDecoder<T>(int width, PlainReading<T> read) : ValueDecoder
    where T : unmanaged
{
    private T[] _dictionary = [];

    public override void ReadDictionary(ReadOnlySpan<byte> bytes, int count)
    {
        if (bytes.Length / width < count) throw new FormatException("the dictionary page ends within its values");
        _dictionary = new T[count];
        read(bytes[..(count * width)], _dictionary);
    }

    public override int AddPlain(ReadOnlySpan<byte> bytes, int count, ColumnBuffer target)
    {
        if (bytes.Length / width < count) throw new FormatException("the page ends within its values");
        read(bytes[..(count * width)], ((FixedBuffer<T>)target).NewValues(count));
        return count * width;
    }

    public override int SkipPlain(ReadOnlySpan<byte> bytes, int count) =>
        bytes.Length / width >= count ? count * width : throw new FormatException("the page ends within its values");

    public override void AddCodes(ReadOnlySpan<int> codes, ColumnBuffer target)
    {
        Check(codes, _dictionary.Length);
        var values = ((FixedBuffer<T>)target).NewValues(codes.Length);
        for (var i = 0; i < values.Length; i++) values[i] = _dictionary[codes[i]];
    }
}
