using System.Runtime.InteropServices;

namespace Dlt.Aws;

/// <summary>
/// Bodies of objects. Reading a response fails if it stalls: after the headers, the SDK sets no time limit.
/// </summary>
internal static class ObjectBody
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The bytes as a stream, without a copy if they are an array.</summary>
    public static MemoryStream Of(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var bytes)
            ? new(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new(content.ToArray(), writable: false);

    /// <summary>Reads the whole body.</summary>
    /// <param name="stream">Stream of the response.</param>
    /// <param name="length">Announced length in bytes; negative if none was announced.</param>
    /// <param name="limit">How long to wait for the next bytes.</param>
    /// <param name="time">Clock for the time limit.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="IOException">The body ended before its announced length.</exception>
    /// <exception cref="TimeoutException">No byte arrived within the limit.</exception>
    public static async Task<byte[]> ReadAsync(
        Stream stream, long length, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var content = length is > 0 and <= int.MaxValue ? new MemoryStream((int)length) : new MemoryStream();
        var buffer = new byte[BufferBytes];
        using var stall = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, both.Token).ConfigureAwait(false)) > 0)
            {
                content.Write(buffer, 0, count);
                stall.CancelAfter(limit);
            }
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("the answer stopped in the middle", error);
        }

        return content.Length == length && content.GetBuffer().Length == length ? content.GetBuffer() : content.ToArray();
    }
}
