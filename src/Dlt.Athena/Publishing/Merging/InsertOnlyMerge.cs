using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Adds the staged rows whose primary key the table does not have; its rows stay (docs/spec/pipeline.md 9.5).</summary>
internal sealed class InsertOnlyMerge : ChainMerge
{
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

        HasExcludedRoots = Root.Rows.HasDropped;
        if (HasExcludedRoots && Nested.Count > 0)
            await CollectRowKeysAsync(Root, _ => false, cancellationToken).ConfigureAwait(false);
    }

    protected override MergeRequest RootChange() => NewKeys.Of(Root, _primary, _keys, _values);

    protected override MergeRequest NestedChange(MergeTable nested) => NewKeys.OfNested(nested);
}
