using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>
/// Combines the rows of the load with the existing ones by a merge strategy, whose options are hints of the root table (dlt documentation,
/// Merge strategies).
/// </summary>
/// <param name="Strategy">The strategy.</param>
public sealed record MergeMode(MergeStrategyKind Strategy) : WriteMode
{
    /// <summary>Name of the strategy, such as <c>delete-insert</c>.</summary>
    public override string Name => Strategy.Name();

    /// <inheritdoc/>
    public override bool RemovesRows => true;

    /// <inheritdoc/>
    public override bool ReplacesAllRows => false;
}
