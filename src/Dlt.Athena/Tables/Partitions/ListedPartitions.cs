using System.Collections.Immutable;
using Dlt.Destinations.Catalogs;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>The partitions of the destination's catalog: calls of Glue, or statements where Glue does not serve the catalog.</summary>
/// <param name="foreign">Says who serves the catalog.</param>
/// <param name="glue">Calls Glue.</param>
/// <param name="statements">Runs statements.</param>
internal sealed class ListedPartitions(ForeignCatalog foreign, GluePartitions glue, StatementPartitions statements) : IListedPartitions
{
    private IListedPartitions Own => foreign.IsUsed ? statements : glue;

    public Task CheckAsync(GlueTable table, IReadOnlyCollection<HivePartition> partitions, CancellationToken cancellationToken) =>
        Own.CheckAsync(table, partitions, cancellationToken);

    public Task AddAsync(string table, IReadOnlyCollection<ObjectLocation> files, CancellationToken cancellationToken) =>
        Own.AddAsync(table, files, cancellationToken);

    public Task MatchAsync(string table, CancellationToken cancellationToken) => Own.MatchAsync(table, cancellationToken);

    public Task WidenAsync(GlueTable table, ImmutableArray<GlueColumn> columns, CancellationToken cancellationToken) =>
        Own.WidenAsync(table, columns, cancellationToken);
}
