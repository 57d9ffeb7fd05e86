namespace Dlt.Destinations;

/// <summary>
/// A client that can remove what a load has written that was begun and not committed, so a package can be given up without a trace.
/// </summary>
public interface ILoadRemoval
{
    /// <summary>
    /// Removes the files of a load and, where its rows were only added, the rows that are already visible. A repeated call continues an
    /// interrupted one.
    /// </summary>
    /// <param name="loadId">A load that is not committed, and that no process goes on with.</param>
    /// <param name="cancellationToken">Stops the call; some files may remain.</param>
    /// <returns>Tables that are not as they were before the load.</returns>
    /// <exception cref="DltException">Another process goes on with the load. Nothing was removed.</exception>
    Task<RemovedLoad> RemoveLoadAsync(string loadId, CancellationToken cancellationToken = default);
}
