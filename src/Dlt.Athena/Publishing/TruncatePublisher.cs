namespace Dlt.Destinations.Publishing;

/// <summary>Empties the tables of a chain.</summary>
internal sealed class TruncatePublisher : ChainPublisher
{
    public override WriteMode Mode => WriteMode.Truncate;

    protected override async Task<long?> PublishTableAsync(ITableLoad load, ChainTable table, CancellationToken cancellationToken)
    {
        await load.TruncateAsync(cancellationToken).ConfigureAwait(false);
        return 0;
    }
}
