namespace Dlt.Destinations.Publishing;

/// <summary>Replaces the rows of the tables in a chain.</summary>
internal sealed class ReplacePublisher : ChainPublisher
{
    public override WriteMode Mode => WriteMode.Replace;

    protected override Task<long?> PublishTableAsync(ITableLoad load, ChainTable table, CancellationToken cancellationToken) =>
        load.ReplaceAsync(table.Jobs, cancellationToken);
}
