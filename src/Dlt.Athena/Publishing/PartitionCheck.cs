using Dlt.Destinations.Tables;

namespace Dlt.Destinations.Publishing;

/// <summary>Refuses partitions of a load that its tables could not list, before anything is uploaded or changed.</summary>
internal static class PartitionCheck
{
    /// <summary>Checks the partitions of all tables of a load.</summary>
    /// <param name="partitions">Partitions of the load's files.</param>
    /// <param name="found">The tables, with the partitions of the load.</param>
    /// <param name="listed">The partitions that Glue lists.</param>
    /// <param name="cancellationToken">Stops; nothing was changed.</param>
    /// <exception cref="SchemaException">A table cannot list a partition.</exception>
    public static async Task CheckAsync(
        PartitionedJobs partitions, FoundTables found, IListedPartitions listed, CancellationToken cancellationToken)
    {
        foreach (var table in partitions.Tables)
        {
            var (stored, own) = (found.Of(table), found.PartitionsOf(table));
            if (!partitions.IsInGlue(table))
                PartitionProjection.Check(table, stored?.Definition.Parameters, partitions.KeysOf(table), own);
            else if (stored is not null)
                await listed.CheckAsync(stored, own, cancellationToken).ConfigureAwait(false);
        }
    }
}
