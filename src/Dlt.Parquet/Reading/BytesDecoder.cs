using System.Runtime.CompilerServices;

namespace Dlt.Parquet.Reading;

/// <summary>
/// Adds texts and bytes to a buffer. The dictionary of the file becomes that of the buffer, so its values are neither copied nor compared.
/// </summary>
/// <param name="length">Length of every value; 0 for values that carry their lengths.</param>
internal sealed class BytesDecoder(int length) : ValueDecoder
{
    private byte[] _arena = [];
    private int[] _offsets = [];
    private BytesBuffer? _begun;   // the buffer that has this dictionary

    public override void ReadDictionary(ReadOnlySpan<byte> bytes, int count)
    {
        if (count > bytes.Length) throw new FormatException($"a dictionary of {bytes.Length} bytes declares {count} values");
        _offsets = new int[count];
        if (length == 0)
        {
            _arena = bytes.ToArray();
            var at = 0;
            for (var i = 0; i < count; i++)
            {
                _offsets[i] = at;
                at = BytesBuffer.NextValue(bytes, at);
            }

            return;
        }

        if (bytes.Length / length < count) throw new FormatException("the dictionary page ends within its values");
        _arena = new byte[count * (sizeof(int) + length)];
        for (var i = 0; i < count; i++)
        {
            _offsets[i] = i * (sizeof(int) + length);
            Unsafe.WriteUnaligned(ref _arena[_offsets[i]], length);
            bytes.Slice(i * length, length).CopyTo(_arena.AsSpan(_offsets[i] + sizeof(int)));
        }
    }

    public override int AddPlain(ReadOnlySpan<byte> bytes, int count, ColumnBuffer target)
    {
        var buffer = (BytesBuffer)target;
        if (length == 0) return buffer.AppendPlain(bytes, count);
        if (bytes.Length / length < count) throw new FormatException("the page ends within its values");
        buffer.AppendFixed(bytes, length, count);
        return count * length;
    }

    public override int SkipPlain(ReadOnlySpan<byte> bytes, int count)
    {
        var at = length * count;
        for (var i = 0; length == 0 && i < count; i++) at = BytesBuffer.NextValue(bytes, at);
        return at <= bytes.Length ? at : throw new FormatException("the page ends within its values");
    }

    public override void AddCodes(ReadOnlySpan<int> codes, ColumnBuffer target)
    {
        Check(codes, _offsets.Length);
        if (codes.IsEmpty) return;
        var buffer = (BytesBuffer)target;
        if (buffer.ValueCount == 0)
        {
            buffer.Begin(_arena, _offsets);
            _begun = buffer;
        }

        if (ReferenceEquals(_begun, buffer) && buffer.IsDictionary) buffer.AppendCodes(codes);
        else buffer.AppendCodes(_arena, _offsets, codes);
    }

    public override void Start() => _begun = null;
}
