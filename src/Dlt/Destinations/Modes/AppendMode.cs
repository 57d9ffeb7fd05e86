namespace Dlt.Destinations;

/// <summary>Adds the rows of the load to the existing ones.</summary>
public sealed record AppendMode : WriteMode
{
    /// <inheritdoc/>
    public override string Name => "append";

    /// <inheritdoc/>
    public override bool RemovesRows => false;

    /// <inheritdoc/>
    public override bool ReplacesAllRows => false;
}
