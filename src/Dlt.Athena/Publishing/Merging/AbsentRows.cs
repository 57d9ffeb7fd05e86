using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// The rows that the strategy <c>cdc</c> deletes: those whose primary key is not staged, within the destination scope, else within the
/// staged merge keys, else all.
/// </summary>
internal sealed class AbsentRows : IDisposable
{
    private readonly KeyColumns _primary;
    private readonly KeySet _keys;
    private readonly KeyColumns? _merge;
    private readonly RowCondition? _scope;
    private readonly KeySet _mergeKeys;

    /// <param name="root">The root table.</param>
    /// <param name="primary">Its primary key.</param>
    /// <param name="keys">The staged primary keys, complete when <see cref="Condition"/> is called.</param>
    /// <param name="mergeKeys">An empty set, which is disposed with the object.</param>
    /// <param name="scope">The option <c>destination_scope</c>; null for none.</param>
    public AbsentRows(MergeTable root, KeyColumns primary, KeySet keys, KeySet mergeKeys, string? scope)
    {
        _primary = primary;
        _keys = keys;
        _mergeKeys = mergeKeys;
        _scope = MergeFilter.Of(scope, "destination_scope", root);
        _merge = _scope is null ? root.Columns(HintNames.MergeKey) : null;
    }

    /// <summary>The columns of staged rows to read.</summary>
    public IEnumerable<NestedField> Fields => _merge?.Fields ?? [];

    /// <summary>Notes the merge keys of staged rows.</summary>
    public void Read(RowBatch batch, bool[] passes)
    {
        if (_merge is null) return;
        var keys = new RowHashes(batch, _merge);
        for (var i = 0; i < batch.Rows; i++)
            if (passes[i] && !keys.HasNull(i)) _mergeKeys.Add(keys.Of(i));
    }

    public void Dispose() => _mergeKeys.Dispose();

    /// <summary>Matches the rows to delete.</summary>
    public RowCondition Condition()
    {
        // SQL compares one column with NOT IN, which a null never passes, and several with NOT EXISTS, which it always does.
        RowCondition absent = _primary.Fields.Length == 1
            ? new KeyCondition(_primary, _keys) { IsNegated = true } : new NotCondition(new KeyCondition(_primary, _keys));
        if (_scope is not null) return new AllCondition([absent, _scope]);
        return _merge is null ? absent : new AllCondition([absent, new KeyCondition(_merge, _mergeKeys)]);
    }
}
