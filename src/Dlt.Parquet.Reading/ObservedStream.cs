namespace Dlt.Parquet.Reading;

/// <summary>
/// Records the error of a failed read, because the native library loses the exception. Disposing does not close the inner stream.
/// </summary>
/// <param name="below">The file to read.</param>
internal sealed class ObservedStream(Stream below) : Stream
{
    /// <summary>Error of the last failed read; null when no read failed.</summary>
    public Exception? Failure { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => below.Length;

    public override long Position
    {
        get => below.Position;
        set => below.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return below.Read(buffer);
        }
        catch (Exception error)
        {
            Failure = error;
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => below.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("The stream is read-only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read-only.");
}
