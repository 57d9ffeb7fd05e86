using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Adds the staged rows whose primary key the table does not have; its rows stay (docs/spec/pipeline.md 9.5).</summary>
internal sealed class InsertOnlyMerge : ChainMerge
{
    private const int Known = 1;

    private readonly KeyColumns _primary;
    private readonly HardDelete _deletes;
    private readonly KeyBounds _values;
    private readonly KeySet _keys;

    public InsertOnlyMerge(TableChain chain, ActiveLoad load) : base(chain, load)
    {
        _primary = Root.Columns(HintNames.PrimaryKey) ?? throw new InvalidOperationException("The primary key was not checked.");
        _values = new(_primary, Root.Stored.Metadata.CurrentSchema);
        _keys = NewSet();
        _deletes = new(Root);
    }

    public override void Dispose()
    {
        base.Dispose();
        _keys.Dispose();
    }

    protected override async Task SelectRootAsync(CancellationToken cancellationToken)
    {
        await foreach (var (first, batch) in Root.Rows.ReadAsync([.. _primary.Fields, .. _deletes.Fields], cancellationToken)
            .ConfigureAwait(false))
        {
            _deletes.Read(first, batch);
            var keys = new RowHashes(batch, _primary);
            for (var i = 0; i < batch.Rows; i++)
            {
                var isWanted = !_deletes.IsDeleted(first + i)
                    && (keys.HasNull(i) || _keys.TryAdd(keys.Of(i), first + i, out _));
                if (!isWanted) Root.Rows.Drop(first + i);
                else _values.Add(batch, i);
            }
        }

        if (Nested.Count == 0) return;
        var unowned = await FindUnownedAsync(cancellationToken).ConfigureAwait(false);
        HasExcludedRoots = Root.Rows.HasDropped || unowned.Count > 0;
        if (HasExcludedRoots) await CollectRowKeysAsync(Root, unowned.Contains, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Finds the staged root rows whose key the table has in a row with another id: it was appended, or merged with another strategy or
    /// key. Their nested rows would have no root row.
    /// </summary>
    private async Task<HashSet<int>> FindUnownedAsync(CancellationToken cancellationToken)
    {
        using var ids = NewSet();
        await foreach (var (first, batch) in Root.Rows.ReadAsync(Root.RowKey.Fields, cancellationToken).ConfigureAwait(false))
        {
            var hashes = new RowHashes(batch, Root.RowKey);
            for (var i = 0; i < batch.Rows; i++)
                if (!Root.Rows.IsDropped(first + i)) ids.TryAdd(hashes.Of(i), first + i, out _);
        }

        _keys.ClearMarks();
        var known = new KeyCondition(_primary, _keys) { Marks = Known, Bounds = _values };
        var owned = new KeyCondition(Root.RowKey, ids) { Marks = Known };
        var look = new MergeRequest { Observed = new AnyCondition([known, owned]) };
        await new MergeScan(Root.Stored, look).RunAsync(cancellationToken).ConfigureAwait(false);
        var unowned = new HashSet<int>();
        for (var index = 0; index < _keys.Count; index++)
            if (_keys.IsMarked(index, Known)) unowned.Add(_keys.NumberOf(index));
        for (var index = 0; index < ids.Count; index++)
            if (ids.IsMarked(index, Known)) unowned.Remove(ids.NumberOf(index));
        return unowned;
    }

    protected override MergeRequest RootChange() => NewKeys.Of(Root, _primary, _keys, _values);

    protected override MergeRequest NestedChange(MergeTable nested) => NewKeys.OfNested(nested);
}
