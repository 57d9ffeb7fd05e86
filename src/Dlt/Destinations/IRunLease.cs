namespace Dlt.Destinations;

/// <summary>
/// A client that lets one run at a time write for a pipeline, on whichever machine. A pipeline takes the lease before it reads its state
/// from the destination, and gives it back when the run ends. Without it, only the lock of the working folder keeps a second run out.
/// </summary>
public interface IRunLease
{
    /// <summary>Takes the lease of the pipeline on the dataset.</summary>
    /// <param name="holder">The run.</param>
    /// <param name="waits">
    /// True: waits as long as another run holds the lease. False: waits only to find out whether the other run is alive.
    /// </param>
    /// <param name="cancellationToken">Stops the call; the lease is then not held.</param>
    /// <returns>The lease; null when the settings turn it off.</returns>
    /// <exception cref="DltException">
    /// Another run holds the lease, or the store has no conditional writes. Nothing was changed.
    /// </exception>
    Task<IHeldLease?> TakeLeaseAsync(LeaseHolder holder, bool waits, CancellationToken cancellationToken = default);
}
