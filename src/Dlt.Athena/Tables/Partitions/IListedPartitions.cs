using System.Collections.Immutable;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>
/// The partitions that the catalog lists for external tables. They follow the files: a partition appears before its load is complete, and
/// goes when a replace has removed its last file. Every call may be repeated, also by another process.
/// </summary>
internal interface IListedPartitions
{
    /// <summary>Refuses partitions that exist elsewhere than in the folder of their rows. Changes nothing.</summary>
    /// <exception cref="SchemaException">A partition exists in another folder.</exception>
    Task CheckAsync(GlueTable table, IReadOnlyCollection<HivePartition> partitions, CancellationToken cancellationToken);

    /// <summary>
    /// Adds the partitions of files that are in the store. Does nothing for a table whose partitions the catalog does not list.
    /// </summary>
    /// <exception cref="GlueException">A partition could not be added; others may have been.</exception>
    Task AddAsync(string table, IReadOnlyCollection<ObjectLocation> files, CancellationToken cancellationToken);

    /// <summary>Removes the partitions without files, and adds those that files lack. Call it after files were removed.</summary>
    Task MatchAsync(string table, CancellationToken cancellationToken);

    /// <summary>Gives all partitions of a table the columns that the table is about to get.</summary>
    Task WidenAsync(GlueTable table, ImmutableArray<GlueColumn> columns, CancellationToken cancellationToken);
}
