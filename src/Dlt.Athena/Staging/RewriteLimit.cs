namespace Dlt.Destinations.Staging;

/// <summary>
/// Limits the files of jobs that are written again at the same time, for partitions or sort orders. Each takes a core and up to 128 MiB.
/// </summary>
internal sealed class RewriteLimit : IDisposable
{
    private readonly SemaphoreSlim _slots = new(Math.Clamp(Environment.ProcessorCount, 1, 4));

    /// <summary>Waits until a file may be written; disposing the result lets the next one begin.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Slot(_slots);
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        public void Dispose() => slots.Release();
    }
}
