using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>
/// A client that reads state and schemas back from its destination, so a pipeline can continue on another machine (dlt:
/// <c>WithStateSync</c>). Without it, every machine starts with the content of its own working folder.
/// </summary>
public interface IStateSync
{
    /// <summary>
    /// Returns the state of the newest committed load of the pipeline; null when there is none. A pipeline whose state was committed before
    /// then starts from the beginning.
    /// </summary>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<StoredState?> GetStoredStateAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns the schema of the last committed load, otherwise the newest one; null when there is none.</summary>
    /// <param name="name">Name of the schema.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<Schema?> GetStoredSchemaAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the highest load id in <c>_dlt_loads</c>, of any pipeline; null when no load is complete. The next load id is higher even
    /// when the clock of this machine is behind.
    /// </summary>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns false when the dataset was dropped or nothing was loaded yet. A pipeline that never stored its state then starts from the
    /// beginning.
    /// </summary>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<bool> DatasetExistsAsync(CancellationToken cancellationToken = default);
}
