namespace Dlt.Destinations;

/// <summary>The second part of a load: makes staged rows visible, chain by chain. Only metadata changes.</summary>
public interface IChainPublishing
{
    /// <summary>Makes the rows of a chain visible, according to <see cref="TableChain.Mode"/>.</summary>
    /// <param name="plan">The load. All its jobs are staged and have their receipts.</param>
    /// <param name="chain">A chain of the plan.</param>
    /// <param name="cancellationToken">Stops the call; afterwards either all or none of the load's rows in each table are visible.</param>
    /// <returns>The rows of the load in each table of the chain; a table that is missing is not compared.</returns>
    Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(
        LoadPlan plan, TableChain chain, CancellationToken cancellationToken = default);
}
