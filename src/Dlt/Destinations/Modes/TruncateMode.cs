namespace Dlt.Destinations;

/// <summary>Removes all rows. The tables of the chain have no jobs.</summary>
public sealed record TruncateMode : WriteMode
{
    /// <inheritdoc/>
    public override string Name => "truncate";

    /// <inheritdoc/>
    public override bool RemovesRows => true;

    /// <inheritdoc/>
    public override bool ReplacesAllRows => false;
}
