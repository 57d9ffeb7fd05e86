using System.Collections.Immutable;

namespace Dlt.Destinations.Publishing;

/// <summary>How a load that begins writes its tables: their formats, partitions and folders.</summary>
/// <param name="IsExternal">True for external tables.</param>
/// <param name="Partitions">Partitions of the load's files.</param>
internal sealed record LoadTargets(Func<string, bool> IsExternal, PartitionedJobs Partitions)
{
    /// <summary>External tables that the load empties before it uploads.</summary>
    public ImmutableHashSet<string> EmptiedFirst { get; init; } = [];

    /// <summary>External tables that the load is to replace by a swap of their LOCATION.</summary>
    public ImmutableHashSet<string> Swapped { get; init; } = [];

    /// <summary>
    /// Returns the key of the folder of a swap that a table reads from, with a trailing slash; null for the folder of the table itself.
    /// </summary>
    public Func<string, string?> FolderOf { get; init; } = _ => null;
}
