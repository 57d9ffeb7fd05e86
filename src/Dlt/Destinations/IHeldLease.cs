namespace Dlt.Destinations;

/// <summary>A lease that a run holds. It is renewed in the background until it is disposed, which gives it back.</summary>
public interface IHeldLease : IAsyncDisposable
{
    /// <summary>Cancelled when the lease is lost. All work of the run must stop then.</summary>
    CancellationToken Lost { get; }

    /// <summary>The error that describes how the lease was lost; null while it is held.</summary>
    DltException? Loss { get; }

    /// <summary>
    /// Checks that the lease is held, and renews it when it is due. Called before each write that other runs would see, because the
    /// machine may have slept since the last renewal.
    /// </summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="DltException">The lease is lost. The caller writes nothing more.</exception>
    Task EnsureAsync(CancellationToken cancellationToken = default);
}
