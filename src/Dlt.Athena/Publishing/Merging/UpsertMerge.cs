using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Replaces the rows whose primary key is staged and adds the other staged rows; a staged deletion removes its row. The strategy <c>cdc</c>
/// also removes the rows that are not staged (docs/spec/pipeline.md 9.5).
/// </summary>
internal sealed class UpsertMerge : ChainMerge
{
    private const int Matched = 1;
    private const int Same = 2;

    private readonly KeyColumns _primary;
    private readonly SourceFilter _filter;
    private readonly HardDelete _deletes;
    private readonly UnchangedRows? _unchanged;
    private readonly AbsentRows? _absent;
    private readonly KeyBounds _values;
    private readonly KeySet _keys;
    private readonly KeySet _stagedRoots;

    public UpsertMerge(TableChain chain, ActiveLoad load, MergeStrategy.Upsert strategy)
        : this(chain, load, strategy.SourceFilter, strategy.SkipUnchangedRows, strategy.RowVersionColumn)
    {
    }

    public UpsertMerge(TableChain chain, ActiveLoad load, MergeStrategy.Cdc strategy)
        : this(chain, load, strategy.SourceFilter, strategy.SkipUnchangedRows, strategy.RowVersionColumn) =>
        _absent = new(Root, _primary, _keys, NewSet(), strategy.DestinationScope);

    private UpsertMerge(TableChain chain, ActiveLoad load, string? filter, bool skipsUnchanged, string? version) : base(chain, load)
    {
        _primary = Root.Columns(HintNames.PrimaryKey) ?? throw new InvalidOperationException("The primary key was not checked.");
        _values = new(_primary, Root.Stored.Metadata.CurrentSchema);
        (_keys, _stagedRoots) = (NewSet(), NewSet());
        _filter = new(MergeFilter.Of(filter, "source_filter", Root));
        _deletes = new(Root);
        if (!skipsUnchanged) return;
        _unchanged = UnchangedRows.Of(Root, Plan.Schema, version, Nested.Count > 0);
        foreach (var nested in Nested) nested.Unchanged = UnchangedRows.Of(nested, Plan.Schema, version: null, hasNested: false);
    }

    public override void Dispose()
    {
        base.Dispose();
        _absent?.Dispose();
        _keys.Dispose();
        _stagedRoots.Dispose();
    }

    protected override async Task SelectRootAsync(CancellationToken cancellationToken)
    {
        NestedField[] fields =
        [
            .. _primary.Fields, .. _filter.Fields, .. _deletes.Fields, .. _unchanged?.Fields ?? [], .. _absent?.Fields ?? [],
        ];
        var duplicates = new DuplicateKeys(Root, _primary);
        await foreach (var (first, batch) in Root.Rows.ReadAsync(fields, cancellationToken).ConfigureAwait(false))
        {
            _deletes.Read(first, batch);
            var passes = _filter.Evaluate(batch);
            var keys = new RowHashes(batch, _primary);
            var values = _unchanged?.HashesOf(batch);
            _absent?.Read(batch, passes);
            for (var i = 0; i < batch.Rows; i++)
            {
                if (!passes[i]) Root.Rows.Drop(first + i);
                else if (keys.HasNull(i)) continue;   // a null equals no key, so the row is new
                else if (_keys.TryAdd(keys.Of(i), first + i, out _)) Note(batch, i, first + i, values?[i]);
                else duplicates.Add(batch, i);
            }
        }

        duplicates.Check();
        if (Nested.Count == 0) return;
        HasExcludedRoots = Root.Rows.HasDropped || Enumerable.Range(0, Root.Rows.Count).Any(_deletes.IsDeleted);
        await CollectRowKeysAsync(Root, _deletes.IsDeleted, cancellationToken).ConfigureAwait(false);
        await CollectStagedRootsAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool IsDeletion(int row) => _deletes.IsDeleted(row);

    protected override MergeRequest RootChange()
    {
        ForgetRoots();
        _keys.ClearMarks();
        var matched = new KeyCondition(_primary, _keys)
        {
            Marks = Matched,
            Bounds = _values,
        };
        RowCondition removed = _unchanged is null ? matched
            : new AllCondition([matched, new NotCondition(_unchanged.Condition(_primary, _keys, Same))]);
        return new()
        {
            Removed = _absent is null ? removed : new AnyCondition([_absent.Condition(), removed]),
            Seen = Nested.Count > 0 ? [.. Root.RowKey.Fields] : [],
            OnRemoved = Nested.Count > 0 ? NoteRoots : null,
            Added = AddedRoots,
        };
    }

    protected override MergeRequest NestedChange(MergeTable nested)
    {
        nested.RowKeys.ClearMarks();
        var matched = new KeyCondition(nested.RowKey, nested.RowKeys);
        return new()
        {
            Removed = nested.Unchanged is null ? matched : new AllCondition(
                [matched, new NotCondition(nested.Unchanged.Condition(nested.RowKey, nested.RowKeys, Same))]),
            Added = () => AddedNested(nested),
        };
    }

    /// <summary>An append may have added rows with the same keys: they are hashes.</summary>
    protected override bool IsKeeping(Snapshot snapshot) => snapshot.Operation is "replace";

    protected override async Task<MergeRequest?> LeftoversAsync(MergeTable nested, CancellationToken cancellationToken) => new()
    {
        Removed = new AllCondition(
        [
            await Links.OfAsync(nested, [ChangedRoots, _stagedRoots], cancellationToken).ConfigureAwait(false),
            new NotCondition(new KeyCondition(nested.RowKey, nested.RowKeys)),
        ]),
    };

    protected override void Count(MergeTable table, string step, MergePlan plan, MergeCounts counts)
    {
        if (table != Root)
        {
            var replaced = step == StepIdentity.Data ? plan.Removed : 0;
            if (step == StepIdentity.Data && table.Unchanged is not null)
                counts.Unchanged += Enumerable.Range(0, table.RowKeys.Count).Count(i => table.RowKeys.IsMarked(i, Same));
            counts.Updated += replaced;
            counts.Inserted += plan.Added - replaced;
            counts.Deleted += plan.Removed - replaced;
            return;
        }

        var updated = 0L;
        for (var index = 0; index < _keys.Count; index++)
        {
            var isSame = _keys.IsMarked(index, Same);
            if (isSame) counts.Unchanged++;
            else if (_keys.IsMarked(index, Matched) && !_deletes.IsDeleted(_keys.NumberOf(index))) updated++;
        }

        counts.Updated += updated;
        counts.Inserted += plan.Added - updated;
        counts.Deleted += Math.Max(0, plan.Removed - updated);
    }

    /// <summary>Notes a new key and the values of its row. A deletion is never unchanged, whatever its values: another hash equals no
    /// row.</summary>
    private void Note(RowBatch batch, int row, int number, UInt128? values)
    {
        _values.Add(batch, row);
        if (values is { } hash) _unchanged!.Add(_deletes.IsDeleted(number) ? ~hash : hash);
    }

    /// <summary>
    /// Chooses the staged root rows after the table was seen: no row that is the same, no deletion of a row that was there.
    /// </summary>
    private IReadOnlyList<NewRows> AddedRoots()
    {
        for (var index = 0; index < _keys.Count; index++)
        {
            var row = _keys.NumberOf(index);
            var isDeletion = _deletes.IsDeleted(row) && (_absent is not null || _keys.IsMarked(index, Matched));
            if (isDeletion || _keys.IsMarked(index, Same)) Root.Rows.DropKnown(row);
        }

        return Root.Rows.ToNewRows(MergeRequest.NoValues);
    }

    private static IReadOnlyList<NewRows> AddedNested(MergeTable nested)
    {
        for (var index = 0; nested.Unchanged is not null && index < nested.RowKeys.Count; index++)
            if (nested.RowKeys.IsMarked(index, Same)) nested.Rows.DropKnown(nested.RowKeys.NumberOf(index));
        return nested.Rows.ToNewRows(MergeRequest.NoValues);
    }

    private async Task CollectStagedRootsAsync(CancellationToken cancellationToken)
    {
        var key = Root.RowKey;
        await foreach (var (first, batch) in Root.Rows.ReadAsync(key.Fields, cancellationToken).ConfigureAwait(false))
        {
            var keys = new RowHashes(batch, key);
            for (var i = 0; i < batch.Rows; i++)
                if (!Root.Rows.IsDropped(first + i)) _stagedRoots.Add(keys.Of(i));
        }
    }
}
