using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Dlt.Bench;

/// <summary>Writes JSON text into a buffered file.</summary>
internal sealed class LineWriter(Stream target) : IDisposable
{
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _length;

    public LineWriter Text(string text)
    {
        var room = Room(text.Length * 3);
        _length += Encoding.UTF8.GetBytes(text, room);
        return this;
    }

    public LineWriter Number(long value)
    {
        Utf8Formatter.TryFormat(value, Room(24), out var written);
        _length += written;
        return this;
    }

    public LineWriter Number(double value)
    {
        Utf8Formatter.TryFormat(value, Room(32), out var written);
        _length += written;
        return this;
    }

    public LineWriter Bool(bool value) => Text(value ? "true" : "false");

    public LineWriter Hex(uint value)
    {
        Utf8Formatter.TryFormat(value, Room(8), out var written, new('x', 8));
        _length += written;
        return this;
    }

    /// <summary>An instant in milliseconds since 1970, as ISO text.</summary>
    public LineWriter Instant(long milliseconds, bool withMilliseconds)
    {
        DateTime.UnixEpoch.AddMilliseconds(milliseconds)
            .TryFormat(Room(32), out var written, withMilliseconds ? "yyyy-MM-ddTHH:mm:ss.fffZ" : "yyyy-MM-ddTHH:mm:ssZ",
            CultureInfo.InvariantCulture);
        _length += written;
        return this;
    }

    public void Dispose()
    {
        target.Write(_buffer, 0, _length);
        _length = 0;
    }

    private Span<byte> Room(int count)
    {
        if (_length + count > _buffer.Length)
        {
            target.Write(_buffer, 0, _length);
            _length = 0;
        }

        return _buffer.AsSpan(_length);
    }
}
