using Dlt.Destinations;

namespace Dlt.Load;

/// <summary>
/// The lease of a run, which its datasets ask before they write. Without a lease, as for a destination that has none, they never stop.
/// </summary>
internal sealed class RunLease : IAsyncDisposable
{
    private IHeldLease? _held;

    /// <summary>Cancelled when the lease is lost.</summary>
    public CancellationToken Lost => _held?.Lost ?? CancellationToken.None;

    /// <summary>The error that describes how the lease was lost; null while it is held.</summary>
    public DltException? Loss => _held?.Loss;

    /// <summary>True after the lease was taken: no other run of the pipeline is under way.</summary>
    public bool IsHeld => _held is not null;

    /// <summary>Takes the lease of a dataset.</summary>
    /// <exception cref="DltException">Another run holds it. Nothing was changed.</exception>
    public async Task TakeAsync(IRunLease dataset, LeaseHolder holder, bool waits, CancellationToken cancellationToken) =>
        _held = await dataset.TakeLeaseAsync(holder, waits, cancellationToken).ConfigureAwait(false);

    /// <summary>Call before each write that other runs would see.</summary>
    /// <exception cref="DltException">The lease is lost.</exception>
    public Task EnsureAsync(CancellationToken cancellationToken) => _held?.EnsureAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Gives the lease back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_held is not null) await _held.DisposeAsync().ConfigureAwait(false);
    }
}
