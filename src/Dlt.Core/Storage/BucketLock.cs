using System.Buffers.Binary;
using System.Collections.Concurrent;
using Dlt.Internal;

namespace Dlt.Storage;

/// <summary>
/// Lock file that allows one writer at a time in a bucket's folder, across processes. The holder also assigns modification times: each is
/// later than all earlier ones, so size and time identify every version of an object.
/// </summary>
internal sealed class BucketLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> OfThisProcess = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim _turn;
    private readonly FileStream _file;

    private BucketLock(SemaphoreSlim turn, FileStream file) => (_turn, _file) = (turn, file);

    /// <param name="path">The lock file. Its folder must exist.</param>
    /// <param name="cancellationToken">Cancels the wait for the lock.</param>
    /// <exception cref="IOException">The file cannot be opened, for a reason other than that another writer holds it.</exception>
    public static async Task<BucketLock> TakeAsync(string path, CancellationToken cancellationToken)
    {
        var turn = OfThisProcess.GetOrAdd(path, _ => new(1, 1));
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                try
                {
                    return new(turn, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
                }
                catch (IOException error) when (SharingViolation.Is(error))
                {
                    await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    /// <summary>
    /// Returns the modification time for the next object: the present time, or slightly more than the last assigned time if the clock has
    /// not advanced.
    /// </summary>
    /// <param name="least">Lower limit of the result.</param>
    public DateTime NextTime(DateTime least = default)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        _file.Position = 0;
        var last = _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            ? BinaryPrimitives.ReadInt64LittleEndian(bytes)
            : 0;
        var next = Math.Max(Math.Max(TimeProvider.System.GetUtcNow().Ticks, last + 1), least.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, next);
        _file.Position = 0;
        _file.Write(bytes);
        return new(next, DateTimeKind.Utc);
    }

    public void Dispose()
    {
        _file.Dispose();
        _turn.Release();
    }
}
