namespace Dlt.Destinations;

/// <summary>The second part of a load: staged rows become visible, chain by chain. Only metadata changes.</summary>
public interface IChainPublishing
{
    /// <summary>Makes the rows of a chain visible, in the way that its <see cref="TableChain.Mode"/> says.</summary>
    /// <param name="plan">The load. All its jobs are staged.</param>
    /// <param name="chain">A chain of the plan; each job has its receipt.</param>
    /// <param name="cancellationToken">Stops; the rows of each table are then visible or not.</param>
    /// <returns>
    /// For each table of the chain the rows of the load in it, also when an earlier call brought them in; 0 without jobs. Null where the
    /// destination cannot say so any more, or a later load keeps the rows out: then there is nothing to compare.
    /// </returns>
    Task<IReadOnlyDictionary<string, long?>> PublishAsync(LoadPlan plan, TableChain chain, CancellationToken cancellationToken);
}
