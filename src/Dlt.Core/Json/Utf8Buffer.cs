using System.Buffers;

namespace Dlt.Json;

/// <summary>
/// Growing text in UTF-8 in memory of a pool. Texts of large tables are written once per commit, and arrays of that size are costly for the
/// garbage collector. For one thread at a time.
/// </summary>
internal sealed class Utf8Buffer : IDisposable
{
    private const int FirstLength = 256;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstLength);
    private int _length;

    /// <summary>Returns space of at least <paramref name="length"/> bytes behind the text.</summary>
    public Span<byte> GetSpan(int length)
    {
        if (length > _bytes.Length - _length) Grow(checked(_length + length));
        return _bytes.AsSpan(_length);
    }

    /// <summary>Adds bytes that were written to <see cref="GetSpan"/> to the text.</summary>
    public void Advance(int length) => _length += length;

    /// <summary>Copies the text.</summary>
    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, (int)Math.Min(_bytes.Length * 2L, Array.MaxLength)));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
