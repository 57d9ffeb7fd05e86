using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Removes the rows that a staged row matches by primary key or merge key, or those of the destination scope, and adds the staged rows, one
/// for each primary key and none for a deletion (docs/spec/pipeline.md 9.4).
/// </summary>
internal sealed class DeleteInsertMerge : ChainMerge
{
    private readonly MergeStrategy.DeleteInsert _strategy;
    private readonly KeyColumns? _primary;
    private readonly KeyColumns? _merge;
    private readonly RowCondition? _scope;
    private readonly SourceFilter _filter;
    private readonly HardDelete _deletes;
    private readonly KeyBounds? _primaryValues;
    private readonly KeyBounds? _mergeValues;
    private readonly KeySet _primaryKeys;
    private readonly KeySet _mergeKeys;

    public DeleteInsertMerge(TableChain chain, ActiveLoad load, MergeStrategy.DeleteInsert strategy) : base(chain, load)
    {
        _strategy = strategy;
        _primary = Root.Columns(HintNames.PrimaryKey);
        _merge = Root.Columns(HintNames.MergeKey);
        var schema = Root.Stored.Metadata.CurrentSchema;
        if (_primary is not null) _primaryValues = new(_primary, schema);
        if (_merge is not null) _mergeValues = new(_merge, schema);
        (_primaryKeys, _mergeKeys) = (NewSet(), NewSet());
        _scope = MergeFilter.Of(strategy.DestinationScope, "destination_scope", Root);
        _filter = new(MergeFilter.Of(strategy.SourceFilter, "source_filter", Root));
        _deletes = new(Root);
    }

    public override void Dispose()
    {
        base.Dispose();
        _primaryKeys.Dispose();
        _mergeKeys.Dispose();
    }

    protected override async Task SelectRootAsync(CancellationToken cancellationToken)
    {
        var order = new DedupOrder(Root);
        NestedField[] fields =
        [
            .. _primary?.Fields ?? [], .. _merge?.Fields ?? [], .. order.Fields, .. _filter.Fields, .. _deletes.Fields,
        ];
        await foreach (var (first, batch) in Root.Rows.ReadAsync(fields, cancellationToken).ConfigureAwait(false))
        {
            _deletes.Read(first, batch);
            Select(first, batch, order);
        }

        for (var row = 0; row < Root.Rows.Count; row++)
            if (_deletes.IsDeleted(row)) Root.Rows.Drop(row);
        HasExcludedRoots = Root.Rows.HasDropped;
        if (HasExcludedRoots && Nested.Count > 0)
            await CollectRowKeysAsync(Root, _ => false, cancellationToken).ConfigureAwait(false);
    }

    protected override MergeRequest RootChange()
    {
        ForgetRoots();
        return new()
        {
            Removed = _scope ?? new AnyCondition([.. Keys()]),
            Seen = Nested.Count > 0 ? [.. Root.RowKey.Fields] : [],
            OnRemoved = Nested.Count > 0 ? NoteRoots : null,
            Added = () => Root.Rows.ToNewRows(MergeRequest.NoValues),
        };

        IEnumerable<RowCondition> Keys()
        {
            if (_primary is not null) yield return new KeyCondition(_primary, _primaryKeys) { Bounds = _primaryValues };
            if (_merge is not null) yield return new KeyCondition(_merge, _mergeKeys) { Bounds = _mergeValues };
        }
    }

    protected override MergeRequest NestedChange(MergeTable nested) => nested.Rows.AreCopied
        ? NewKeys.OfNested(nested) : new() { Added = () => nested.Rows.ToNewRows(MergeRequest.NoValues) };

    protected override async Task<MergeRequest?> LeftoversAsync(MergeTable nested, CancellationToken cancellationToken) =>
        ChangedRoots.Count == 0 ? null : new()
        {
            Removed = await Links.OfAsync(nested, [ChangedRoots], cancellationToken).ConfigureAwait(false),
            Skipped = DataSnapshotOf(nested),
        };

    private void Select(int first, RowBatch batch, DedupOrder order)
    {
        var passes = _filter.Evaluate(batch);
        var primary = _primary is null ? [] : new UInt128[batch.Rows];
        if (_primary is not null) batch.HashValues(_primary, primary);
        var merge = _merge is null ? null : new RowHashes(batch, _merge);
        for (var i = 0; i < batch.Rows; i++)
        {
            var row = first + i;
            if (!passes[i])
            {
                Root.Rows.Drop(row);
                continue;
            }

            _primaryValues?.Add(batch, i);
            _mergeValues?.Add(batch, i);
            if (merge is not null && !merge.HasNull(i)) _mergeKeys.Add(merge.Of(i));
            if (_primary is null) continue;
            if (_primaryKeys.TryAdd(primary[i], row, out var index))
            {
                order.Add(batch, i);
            }
            else if (!_strategy.IsDeduplicated)
            {
                var isBetter = order.Wins(index, batch, i);
                Root.Rows.Drop(isBetter ? _primaryKeys.NumberOf(index) : row);
                if (isBetter) _primaryKeys.SetNumber(index, row);
            }
        }
    }
}
