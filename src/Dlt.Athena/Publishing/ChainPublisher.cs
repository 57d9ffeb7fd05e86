using Dlt.Schemas;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// How a chain is published: one class for each <see cref="WriteMode"/>. A mode that works on each table by itself overrides
/// <see cref="PublishTableAsync"/>; one that needs the chain as a whole overrides <see cref="PublishAsync"/>.
/// </summary>
internal abstract class ChainPublisher
{
    /// <summary>The publisher of a mode.</summary>
    public static ChainPublisher Of(WriteMode mode) => mode switch
    {
        AppendMode => new AppendPublisher(),
        ReplaceMode => new ReplacePublisher(),
        TruncateMode => new TruncatePublisher(),
        _ => throw new NotSupportedException($"Athena has no way to write '{mode.GetType().Name}'."),
    };

    /// <summary>Publishes the tables of a chain, nested ones first.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="tableOf">A table of the load.</param>
    /// <param name="cancellationToken">Stops; the rows of each table are then visible or not.</param>
    /// <returns>Rows by table, as <see cref="IChainPublishing.PublishAsync"/>.</returns>
    public virtual async Task<IReadOnlyDictionary<string, long?>> PublishAsync(
        TableChain chain, Func<TableSchema, ITableLoad> tableOf, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, long?>(StringComparer.Ordinal);
        foreach (var table in chain.Tables)
        {
            rows[table.Table.Name] =
                await PublishTableAsync(tableOf(table.Table), table, cancellationToken).ConfigureAwait(false);
        }

        return rows;
    }

    /// <summary>Publishes one table.</summary>
    /// <returns>Rows of the load in it; null where that cannot be said.</returns>
    protected abstract Task<long?> PublishTableAsync(ITableLoad load, ChainTable table, CancellationToken cancellationToken);
}
