namespace Dlt.Destinations.Iceberg;

/// <summary>One change that a load makes to a table: made once, however often the load is repeated.</summary>
/// <param name="LoadId">The load.</param>
/// <param name="Step">Which of its changes.</param>
internal sealed record StepIdentity(string LoadId, string Step)
{
    /// <summary>The rows of the load come in.</summary>
    public const string Data = "data";

    /// <summary>A refresh empties the table.</summary>
    public const string Truncate = "truncate";

    /// <summary>As tables note it.</summary>
    public override string ToString() => $"{LoadId}/{Step}";
}
