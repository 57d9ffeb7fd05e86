using System.Net;

namespace Dlt.Sources.Http;

/// <summary>Body of a response that fails when no data arrives for some time. There is no limit for the whole body.</summary>
internal sealed class TimedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly TimeSpan _timeout;

    /// <summary>Wraps the body of a response.</summary>
    /// <param name="inner">Body of the response. It is disposed with this object.</param>
    /// <param name="timeout">Longest time without any data.</param>
    public TimedContent(HttpContent inner, TimeSpan timeout)
    {
        (_inner, _timeout) = (inner, timeout);
        foreach (var (name, values) in inner.Headers.NonValidated) Headers.TryAddWithoutValidation(name, values);
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new TimedStream(await _inner.ReadAsStreamAsync().ConfigureAwait(false), _timeout);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new TimedStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _timeout);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var body = new TimedStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _timeout);
        await using (body.ConfigureAwait(false)) await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Stream that applies the timeout to each read.</summary>
    private sealed class TimedStream(Stream inner, TimeSpan timeout) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        /// <summary>Reads the available data.</summary>
        /// <exception cref="IOException">No data arrived within the timeout.</exception>
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var limit = new CancellationTokenSource(timeout);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                return await inner.ReadAsync(buffer, both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException error) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new IOException(
                    FormattableString.Invariant($"the response is incomplete: no data arrived for {timeout.TotalSeconds} s"), error);
            }
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
