using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// A load from its publish object to its end: its tables as it found and changed them, each loaded according to its format.
/// </summary>
/// <param name="plan">The plan of the load.</param>
/// <param name="files">Files of the load in external tables.</param>
/// <param name="formats">Determines which tables are Iceberg tables.</param>
/// <param name="registry">Determines the locations of files.</param>
/// <param name="staging">Writes data files of Iceberg tables.</param>
/// <param name="warn">Receives warnings for the user.</param>
internal sealed class ActiveLoad(
    LoadPlan plan, LoadFiles files, TableFormats formats, LoadRegistry registry, IcebergStaging staging, Action<string> warn)
{
    /// <summary>The tables of the database, first as found, then as the load made or changed them.</summary>
    public required FoundTables Found { get; set; }

    /// <summary>Partitions of the load's files for external tables.</summary>
    public required PartitionedJobs Partitions { get; init; }

    /// <summary>Files of the load in external tables.</summary>
    public LoadFiles Files => files;

    /// <summary>Opens a table of the load.</summary>
    public ITableLoad TableOf(TableSchema table)
    {
        if (formats.IsIceberg(plan.Schema, table.Name, Found)) return new IcebergTableLoad(table, this, files.Iceberg(warn), staging);
        return Partitions.KeysOf(table.Name).IsEmpty
            ? new ExternalTableLoad(table.Name, files, registry)
            : new PartitionedTableLoad(table.Name, files, registry, Partitions);
    }

    /// <summary>Empties the external tables that the load replaces, before its files are uploaded. May be repeated.</summary>
    public async Task EmptyReplacedAsync(CancellationToken cancellationToken)
    {
        foreach (var table in plan.Chains.Where(c => c.Mode.ReplacesAllRows).SelectMany(c => c.Tables).Select(t => t.Table))
        {
            if (formats.IsIceberg(plan.Schema, table.Name, Found)) continue;
            await TableOf(table).TruncateAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Publishes a chain according to its mode.</summary>
    /// <returns>Rows of the load by table, as in <see cref="IChainPublishing.PublishAsync"/>.</returns>
    public Task<IReadOnlyDictionary<string, long?>> PublishAsync(TableChain chain, CancellationToken cancellationToken) =>
        ChainPublishers.Of(chain.Mode).PublishAsync(chain, TableOf, cancellationToken);
}
