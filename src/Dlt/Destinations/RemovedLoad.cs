using System.Collections.Immutable;

namespace Dlt.Destinations;

/// <summary>Changes to tables that stay after a load was removed (<see cref="ILoadRemoval"/>).</summary>
public sealed record RemovedLoad
{
    /// <summary>
    /// Tables whose rows the load had already replaced. Its rows stay in them, because the earlier ones are gone.
    /// </summary>
    public ImmutableArray<string> ReplacedTables { get; init; } = [];

    /// <summary>
    /// Tables without rows that the load was to empty before it added its own rows. They may have had rows before the load.
    /// </summary>
    public ImmutableArray<string> EmptiedTables { get; init; } = [];
}
