namespace Dlt.Destinations.Publishing;

/// <summary>Adds the rows of a chain to its tables.</summary>
internal sealed class AppendPublisher : ChainPublisher
{
    public override WriteMode Mode => WriteMode.Append;

    protected override Task<long?> PublishTableAsync(ITableLoad load, ChainTable table, CancellationToken cancellationToken) =>
        load.AppendAsync(table.Jobs, cancellationToken);
}
