namespace Dlt.Destinations;

/// <summary>A client that cleans up after loads.</summary>
public interface IDatasetUpkeep
{
    /// <summary>
    /// Removes files that loads replaced by this one have written in the meantime. It is the last call of a load, made after the commit,
    /// also for a load that an earlier process committed.
    /// </summary>
    /// <param name="plan">The load.</param>
    /// <param name="cancellationToken">Stops the call; the next run repeats it.</param>
    Task SettleAsync(LoadPlan plan, CancellationToken cancellationToken = default);
}
