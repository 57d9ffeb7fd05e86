namespace Dlt.Destinations;

/// <summary>A client that tidies up after loads.</summary>
public interface IDatasetUpkeep
{
    /// <summary>
    /// Removes what loads that this one displaces have put down meanwhile. The last call of a load, after it is valid; also of a load that
    /// an earlier process made valid.
    /// </summary>
    /// <param name="plan">The load.</param>
    /// <param name="cancellationToken">Stops; the next run does it again.</param>
    Task SettleAsync(LoadPlan plan, CancellationToken cancellationToken);
}
