using Dlt.Destinations.Staging;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing;

/// <summary>A load between its publish object and its end: its tables as it knows them, each loaded as its format asks.</summary>
/// <param name="plan">What the load does.</param>
/// <param name="files">Its external tables.</param>
/// <param name="formats">Which tables are Iceberg tables.</param>
/// <param name="publisher">Says where files go.</param>
/// <param name="staging">Writes data files of Iceberg tables.</param>
/// <param name="warn">Takes warnings for the user.</param>
internal sealed class BegunLoad(
    LoadPlan plan, LoadPublishing files, TableFormats formats, LoadPublisher publisher, IcebergStaging staging, Action<string> warn)
{
    /// <summary>The tables as the load found, and then made or changed, them.</summary>
    public required FoundTables Found { get; set; }

    /// <summary>The files of the load.</summary>
    public LoadPublishing Files => files;

    /// <summary>A table of the load.</summary>
    public ITableLoad TableOf(TableSchema table) => formats.IsIceberg(plan.Schema, table.Name, Found)
        ? new IcebergTableLoad(table, this, files.Iceberg(warn), staging)
        : new ExternalTableLoad(table.Name, files, publisher);

    /// <summary>Publishes a chain in the way that its mode says.</summary>
    /// <returns>Rows by table, as <see cref="IChainPublishing.PublishAsync"/>.</returns>
    public Task<IReadOnlyDictionary<string, long?>> PublishAsync(TableChain chain, CancellationToken cancellationToken) =>
        ChainPublisher.Of(chain.Mode).PublishAsync(chain, TableOf, cancellationToken);
}
