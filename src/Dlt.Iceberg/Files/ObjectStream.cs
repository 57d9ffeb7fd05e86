namespace Dlt.Iceberg.Files;

/// <summary>An object that is read in ranges.</summary>
internal sealed class ObjectStream(IFileIO files, string location, long length) : Stream
{
    private const int RangeBytes = 4 << 20;

    private byte[] _range = [];
    private long _rangeStart;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        if (Position >= length || buffer.IsEmpty) return 0;
        if (Position < _rangeStart || Position >= _rangeStart + _range.Length) Fetch(buffer.Length);
        var from = (int)(Position - _rangeStart);
        var count = Math.Min(buffer.Length, _range.Length - from);
        _range.AsSpan(from, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("The object is read only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The object is read only.");

    /// <summary>The readers of Parquet files read synchronously.</summary>
    private void Fetch(int wanted)
    {
        var size = Math.Min(Math.Max(wanted, RangeBytes), length - Position);
        _range = files.ReadAsync(location, Position, size, CancellationToken.None).GetAwaiter().GetResult();
        _rangeStart = Position;
    }
}
