namespace Dlt.Storage;

/// <summary>Reads an object in ranges of 4 MiB by <see cref="IObjectStore.GetAsync"/>.</summary>
/// <remarks>For one caller at a time. Disposing it does not close the store.</remarks>
internal sealed class ObjectReadStream : Stream
{
    private const int RangeBytes = 4 << 20;

    private readonly IObjectStore _store;
    private readonly ObjectLocation _location;
    private readonly CancellationToken _cancellationToken;
    private byte[] _range = [];
    private long _rangeStart;

    public ObjectReadStream(IObjectStore store, ObjectLocation location, long length, CancellationToken cancellationToken)
    {
        _store = store;
        _location = location;
        Length = length;
        _cancellationToken = cancellationToken;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override long Position { get; set; }

    /// <inheritdoc/>
    /// <exception cref="ObjectNotFoundException">The object does not exist.</exception>
    /// <exception cref="EndOfStreamException">The object is shorter than the length given when it was opened.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (IsAtEnd(buffer.Length)) return 0;

        // The readers of Parquet files read synchronously.
        if (!IsInRange) FetchAsync(buffer.Length, _cancellationToken).GetAwaiter().GetResult();
        return Take(buffer);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="ObjectNotFoundException">The object does not exist.</exception>
    /// <exception cref="EndOfStreamException">The object ends before the length that was given at opening.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsAtEnd(buffer.Length)) return 0;
        var token = cancellationToken.CanBeCanceled ? cancellationToken : _cancellationToken;
        if (!IsInRange) await FetchAsync(buffer.Length, token).ConfigureAwait(false);
        return Take(buffer.Span);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The stream is read-only.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read-only.");

    private bool IsInRange => Position >= _rangeStart && Position < _rangeStart + _range.Length;

    private bool IsAtEnd(int wanted) => wanted == 0 || Position >= Length;

    private int Take(Span<byte> buffer)
    {
        var from = (int)(Position - _rangeStart);
        var count = Math.Min(buffer.Length, _range.Length - from);
        _range.AsSpan(from, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    private async Task FetchAsync(int wanted, CancellationToken cancellationToken)
    {
        var start = Position;
        var size = Math.Min(Math.Max(wanted, RangeBytes), Length - start);
        var range = await _store.GetAsync(_location, start, size, cancellationToken).ConfigureAwait(false);
        if (range.Length < size)
        {
            throw new EndOfStreamException(
                $"{_location} ends after {start + range.Length} bytes, but {Length} were expected. Nothing was changed. "
                + "Another writer has replaced it, or its recorded size is wrong.");
        }

        _range = range;
        _rangeStart = start;
    }
}
