using Dlt.Retries;

namespace Dlt.Aws;

/// <summary>Reads the body of an answer, which must not stall: once the headers are there, the SDK sets no limit.</summary>
internal static class ObjectBody
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The whole body.</summary>
    /// <param name="stream">The answer's stream.</param>
    /// <param name="length">Bytes that the answer announced; negative if it did not.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="IOException">The body ended too early.</exception>
    /// <exception cref="TimeoutException">No byte came in for <see cref="ServiceEndpoint.AttemptLimit"/>.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, long length, TimeProvider time, CancellationToken cancellationToken)
    {
        using var content = length is > 0 and <= int.MaxValue ? new MemoryStream((int)length) : new MemoryStream();
        var buffer = new byte[BufferBytes];
        using var stall = new CancellationTokenSource(ServiceEndpoint.AttemptLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, both.Token).ConfigureAwait(false)) > 0)
            {
                content.Write(buffer, 0, count);
                stall.CancelAfter(ServiceEndpoint.AttemptLimit);
            }
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("the answer stopped in the middle", error);
        }

        return content.Length == length && content.GetBuffer().Length == length ? content.GetBuffer() : content.ToArray();
    }
}
