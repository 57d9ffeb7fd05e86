namespace Dlt.Destinations;

/// <summary>Replaces all existing rows with those of the load. Tables without jobs lose all their rows.</summary>
public sealed record ReplaceMode : WriteMode
{
    /// <inheritdoc/>
    public override string Name => "replace";

    /// <inheritdoc/>
    public override bool RemovesRows => true;

    /// <inheritdoc/>
    public override bool ReplacesAllRows => true;
}
