namespace Dlt.Destinations.Publishing;

/// <summary>Puts the rows of a chain in the place of those that its tables have.</summary>
internal sealed class ReplacePublisher : ChainPublisher
{
    protected override Task<long?> PublishTableAsync(ITableLoad load, ChainTable table, CancellationToken cancellationToken) =>
        load.ReplaceAsync(table.Jobs, cancellationToken);
}
