using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Merges a chain of Iceberg tables by native commits. An external table, which cannot be merged, gets the rows appended; so do nested rows
/// that come without a root table.
/// </summary>
/// <param name="strategy">The strategy that it publishes.</param>
internal sealed class MergePublisher(MergeStrategyKind strategy) : ChainPublisher
{
    public override WriteMode Mode { get; } = new MergeMode(strategy);

    public override async Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(
        TableChain chain, ActiveLoad load, CancellationToken cancellationToken)
    {
        var isMerged = chain.Tables[^1].Table.Name == chain.Root.Name && chain.Tables.All(t => load.IsIceberg(t.Table.Name));
        if (!isMerged) return await base.PublishAsync(chain, load, cancellationToken).ConfigureAwait(false);
        using var merge = MergeOf(chain, load);
        return await merge.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override Task<long?> PublishTableAsync(ITableLoad load, ChainTable table, CancellationToken cancellationToken) =>
        load.AppendAsync(table.Jobs, cancellationToken);

    private ChainMerge MergeOf(TableChain chain, ActiveLoad load) => MergeStrategyHints.Read(chain.Root, strategy) switch
    {
        MergeStrategy.DeleteInsert own => new DeleteInsertMerge(chain, load, own),
        MergeStrategy.Upsert own => new UpsertMerge(chain, load, own),
        MergeStrategy.Cdc own => new UpsertMerge(chain, load, own),
        MergeStrategy.Scd2 own => new Scd2Merge(chain, load, own),
        _ => new InsertOnlyMerge(chain, load),
    };
}
