using System.Buffers;

namespace Dlt.Parquet.Reading;

/// <summary>Reads the bytes of a column chunk from a file, as many as are needed, in requests of a megabyte or more.</summary>
internal sealed class ChunkBytesReader : IDisposable
{
    private const int RequestBytes = 1 << 20;

    private readonly Stream? _file;
    private readonly long _end;
    private byte[]? _rented;
    private ReadOnlyMemory<byte> _window;
    private long _at;

    /// <summary>Reads a chunk from a file.</summary>
    /// <param name="file">Stream with random access. Others may use it between the calls of this object.</param>
    /// <param name="start">Position of the chunk.</param>
    /// <param name="length">Size of the chunk.</param>
    public ChunkBytesReader(Stream file, long start, long length)
    {
        _file = file;
        _at = start;
        _end = start + length;
    }

    /// <summary>Reads a chunk that is in memory.</summary>
    public ChunkBytesReader(ReadOnlyMemory<byte> chunk)
    {
        _window = chunk;
        _end = chunk.Length;
    }

    /// <summary>The bytes that are in memory, from the current position on.</summary>
    public ReadOnlyMemory<byte> Available => _window;

    /// <summary>Position of the first of the available bytes.</summary>
    public long Position => _at;

    /// <summary>True when no byte of the chunk is left.</summary>
    public bool IsAtEnd => _at >= _end;

    /// <summary>Makes a number of bytes available, or all that are left of the chunk when they are fewer.</summary>
    public async ValueTask EnsureAsync(int count, CancellationToken cancellationToken)
    {
        if (_window.Length >= count || _window.Length >= _end - _at) return;
        var length = (int)Math.Min(_end - _at, Math.Max(count, RequestBytes));
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        _window.CopyTo(bytes);
        _file!.Position = _at + _window.Length;
        await _file.ReadExactlyAsync(bytes.AsMemory(_window.Length, length - _window.Length), cancellationToken).ConfigureAwait(false);
        Return();
        _rented = bytes;
        _window = bytes.AsMemory(0, length);
    }

    /// <summary>Moves the position. Bytes that are not in memory are not read.</summary>
    public void Skip(int count)
    {
        _at += count;
        _window = count < _window.Length ? _window[count..] : default;
    }

    public void Dispose()
    {
        _window = default;
        Return();
    }

    private void Return()
    {
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
    }
}
