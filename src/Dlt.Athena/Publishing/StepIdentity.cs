namespace Dlt.Destinations.Publishing;

/// <summary>
/// Identifies one change that a load makes to a table. It is made once, however often the load is repeated; a removal lets the data step be
/// made again.
/// </summary>
/// <param name="LoadId">The load id.</param>
/// <param name="Step">The change: <see cref="Data"/>, <see cref="Truncate"/>, <see cref="Leftovers"/> or <see cref="Removal"/>.</param>
internal sealed record StepIdentity(string LoadId, string Step)
{
    /// <summary>The step that adds the rows of the load.</summary>
    public const string Data = "data";

    /// <summary>The step in which a refresh empties the table.</summary>
    public const string Truncate = "truncate";

    /// <summary>
    /// The step of a merge that removes the rows of a nested table whose root rows are gone or changed. It follows the data step of the
    /// root.
    /// </summary>
    public const string Leftovers = "leftovers";

    /// <summary>The step that removes the rows of a load that is given up. It is needed while the table has the data step.</summary>
    public const string Removal = "removal";

    /// <summary>The form in table properties: <c>load id/step</c>.</summary>
    public override string ToString() => $"{LoadId}/{Step}";
}
