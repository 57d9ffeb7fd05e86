namespace Dlt.Destinations.Publishing;

/// <summary>
/// Publishes a table chain. There is one subclass per <see cref="WriteMode"/> (<see cref="ChainPublishers"/>). A mode that treats each
/// table separately overrides <see cref="PublishTableAsync"/>; a mode that needs the whole chain overrides <see cref="PublishAsync"/>.
/// </summary>
internal abstract class ChainPublisher
{
    /// <summary>The mode that it publishes.</summary>
    public abstract WriteMode Mode { get; }

    /// <summary>Publishes the tables of a chain, nested ones first.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="load">The load.</param>
    /// <param name="cancellationToken">Stops; each table then has all of its rows or none.</param>
    /// <returns>Rows of the load by table, as in <see cref="IChainPublishing.PublishAsync"/>.</returns>
    public virtual async Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(
        TableChain chain, ActiveLoad load, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, PublishedRows>(StringComparer.Ordinal);
        foreach (var table in chain.Tables)
        {
            rows[table.Table.Name] =
                new(await PublishTableAsync(load.TableOf(table.Table), table, cancellationToken).ConfigureAwait(false));
        }

        return rows;
    }

    /// <summary>Publishes the staged jobs of one table.</summary>
    /// <returns>Rows of the load in the table; null if they cannot be counted.</returns>
    protected abstract Task<long?> PublishTableAsync(ITableLoad load, ChainTable table, CancellationToken cancellationToken);
}
