using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>
/// A client whose destination gives back state and schemas, so that a pipeline can go on on another machine (dlt: <c>WithStateSync</c>).
/// Without it, every machine begins with what is in its own working folder.
/// </summary>
public interface IStateSync
{
    /// <summary>The state of the newest committed load of the pipeline; null when there is none.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<StoredState?> GetStoredStateAsync(CancellationToken cancellationToken);

    /// <summary>The schema that the last committed load used, else the newest; null when there is none.</summary>
    /// <param name="name">Name of the schema.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<Schema?> GetStoredSchemaAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// The highest load id in <c>_dlt_loads</c>, of any pipeline; null when no load is complete. The next load id is above it, whatever
    /// this machine's clock says.
    /// </summary>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken);

    /// <summary>False when somebody dropped the dataset, or nothing was loaded yet: the pipeline then begins again.</summary>
    /// <param name="cancellationToken">Stops looking.</param>
    Task<bool> DatasetExistsAsync(CancellationToken cancellationToken);
}
