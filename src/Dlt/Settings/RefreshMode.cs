namespace Dlt;

/// <summary>
/// What a run drops of a source before it loads (dlt documentation, Refresh pipeline data and state). It happens when the package is
/// loaded, so a run that fails before leaves all as it was.
/// </summary>
public enum RefreshMode
{
    /// <summary>All tables of the source's schema, its state and the schema.</summary>
    DropSources,
    /// <summary>The tables of the resources that are loaded, and their state.</summary>
    DropResources,
    /// <summary>The rows of those tables, and the state of the resources; the tables stay.</summary>
    DropData,
}
