namespace Dlt;

/// <summary>
/// Tables and state that a run drops before it loads a source (dlt documentation, Refresh pipeline data and state). They are dropped when
/// the package is loaded, so a run that fails earlier changes nothing.
/// </summary>
public enum RefreshMode
{
    /// <summary>Drops all tables of the source's schema, its state and the schema.</summary>
    DropSources,
    /// <summary>Drops the tables and the state of the selected resources.</summary>
    DropResources,
    /// <summary>Removes the rows of the selected resources' tables and drops the state of these resources. The tables stay.</summary>
    DropData,
}
