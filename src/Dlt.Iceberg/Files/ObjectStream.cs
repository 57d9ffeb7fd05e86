namespace Dlt.Iceberg;

/// <summary>A stream of a file in an object store. Read errors name the file.</summary>
/// <param name="below">Stream of the object store.</param>
/// <param name="location">Location of the file.</param>
internal sealed class ObjectStream(Stream below, string location) : Stream
{
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
        var offset = Position;
        try
        {
            return below.Read(buffer);
        }
        catch (Exception error) when (Named(error, offset) is var named && named != error)
        {
            throw named;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var offset = Position;
        try
        {
            return await below.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (Named(error, offset) is var named && named != error)
        {
            throw named;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => below.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("The object is read-only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The object is read-only.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) below.Dispose();
        base.Dispose(disposing);
    }

    private Exception Named(Exception error, long offset) => error switch
    {
        Storage.ObjectNotFoundException or Storage.BucketNotFoundException => ObjectFileIO.NotFound(location, error),
        EndOfStreamException => IcebergException.Corrupt(location, "the file is shorter than the size in the table's metadata", offset),
        _ => error,
    };
}
