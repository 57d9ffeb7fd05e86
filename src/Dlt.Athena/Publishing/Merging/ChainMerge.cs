using Dlt.Iceberg;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Merges a chain as one plan. New rows of nested tables are committed before the root, and the rows that they replace are removed after
/// it: a reader may see nested rows whose root row is not there yet or no more, and never a root row without its nested rows. A subclass
/// for each strategy selects the rows (docs/spec/pipeline.md 9.3 to 9.6).
/// </summary>
internal abstract class ChainMerge : IDisposable
{
    private const long KeyMemoryBytes = 128L << 20;   // of all sets: three of the root, and one of each table
    private const long LeastSetBytes = 4L << 20;

    private readonly ActiveLoad _load;
    private readonly MergeMode _mode;
    private readonly string? _temporaryFolder;
    private readonly long _setBytes;
    private readonly Dictionary<string, IcebergTable> _current = new(StringComparer.Ordinal);
    private readonly UnownedRows _unowned;
    private readonly Dictionary<string, MergeCounts> _counts = new(StringComparer.Ordinal);
    private bool _isRepeated;
    private bool _areRootsUnknown;

    /// <param name="chain">The chain. Its root is an Iceberg table.</param>
    /// <param name="load">The load.</param>
    protected ChainMerge(TableChain chain, ActiveLoad load)
    {
        _load = load;
        _mode = (MergeMode)chain.Mode;
        _temporaryFolder = chain.Tables.SelectMany(t => t.Jobs).FirstOrDefault()?.TemporaryFolder;
        _setBytes = Math.Max(KeyMemoryBytes / (chain.Tables.Length + 3), LeastSetBytes);
        ChangedRoots = NewSet();
        var tables = chain.Tables.Reverse().Select(t => Open(t, load)).ToList();
        Root = tables[0];
        Nested = tables[1..];
        _unowned = new(Root, load, NewSet);
        Links = new(Root, Nested, t => _current.GetValueOrDefault(t.Declared.Name) ?? t.Stored, NewSet);
    }

    /// <summary>The root table.</summary>
    protected MergeTable Root { get; }

    /// <summary>The nested tables, parents first.</summary>
    protected IReadOnlyList<MergeTable> Nested { get; }

    /// <summary>The load.</summary>
    protected LoadPlan Plan => _load.Plan;

    /// <summary>
    /// Ids of root rows whose nested rows the table may have to lose; filled while the root's rows are matched. Empty for strategies that
    /// remove no nested rows.
    /// </summary>
    protected KeySet ChangedRoots { get; private set; }

    /// <summary>Finds the nested rows of root rows.</summary>
    protected NestedLinks Links { get; }

    /// <summary>True when nested rows of some staged root rows are not added.</summary>
    protected bool HasExcludedRoots { get; set; }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        ChangedRoots.Dispose();
        Links.Dispose();
        _unowned.Dispose();
        foreach (var table in Nested.Append(Root)) table.Dispose();
    }

    /// <summary>Creates a set of keys. It is kept in the folder of the package when it does not fit into its part of the memory.</summary>
    protected KeySet NewSet() => new(_temporaryFolder, _setBytes);

    /// <summary>Merges the chain.</summary>
    /// <returns>Rows of the load by table, as in <see cref="IChainPublishing.PublishAsync"/>.</returns>
    public async Task<IReadOnlyDictionary<string, PublishedRows>> RunAsync(CancellationToken cancellationToken)
    {
        await SelectRootAsync(cancellationToken).ConfigureAwait(false);
        foreach (var nested in Nested) await SelectNestedAsync(nested, cancellationToken).ConfigureAwait(false);
        await RequiredValues.CheckAsync(Root, IsDeletion, cancellationToken).ConfigureAwait(false);
        foreach (var nested in Nested) await RequiredValues.CheckAsync(nested, _ => false, cancellationToken).ConfigureAwait(false);
        foreach (var nested in Nested.Reverse())
            await CommitAsync(nested, StepIdentity.Data, _ => Task.FromResult(NestedChange(nested)), cancellationToken)
                .ConfigureAwait(false);
        await CommitAsync(Root, StepIdentity.Data, _ => Task.FromResult(RootChange()), cancellationToken).ConfigureAwait(false);
        foreach (var nested in Nested.Reverse())   // rows without a root id are found through their parents
        {
            var known = await LeftoversAsync(nested, cancellationToken).ConfigureAwait(false);
            if (known is null && !_areRootsUnknown) continue;
            var leftovers = known ?? new();
            await CommitAsync(nested, StepIdentity.Leftovers, ChangeAsync, cancellationToken).ConfigureAwait(false);

            Task<MergeRequest> ChangeAsync(IcebergTable now) => _areRootsUnknown
                ? _unowned.AddToAsync(nested, leftovers, now, cancellationToken) : Task.FromResult(leftovers);
        }

        return Nested.Append(Root).ToDictionary(t => t.Declared.Name, PublishedRowsOf, StringComparer.Ordinal);
    }

    /// <summary>Reads the staged root rows and drops those that the merge does not add.</summary>
    protected abstract Task SelectRootAsync(CancellationToken cancellationToken);

    /// <summary>True for a staged root row that may be a deletion of a row of the table.</summary>
    protected virtual bool IsDeletion(int row) => false;

    /// <summary>The change of the root table; called for each look at the table.</summary>
    protected abstract MergeRequest RootChange();

    /// <summary>The change of a nested table that comes before that of the root; called for each look at the table.</summary>
    protected abstract MergeRequest NestedChange(MergeTable nested);

    /// <summary>The change of a nested table that follows that of the root; null for none.</summary>
    protected virtual Task<MergeRequest?> LeftoversAsync(MergeTable nested, CancellationToken cancellationToken) =>
        Task.FromResult<MergeRequest?>(null);

    /// <summary>Adds a committed change to the counts of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="step">The step: <see cref="StepIdentity.Data"/> or <see cref="StepIdentity.Leftovers"/>.</param>
    /// <param name="plan">The plan that was committed.</param>
    /// <param name="counts">The counts to add to.</param>
    protected virtual void Count(MergeTable table, string step, MergePlan plan, MergeCounts counts)
    {
        counts.Inserted += plan.Added;
        counts.Deleted += plan.Removed;
        counts.Updated += plan.Changed;
    }

    /// <summary>Id of the snapshot with which this load added rows to a table; null if it did not.</summary>
    protected long? DataSnapshotOf(MergeTable table) =>
        StepRecord.SnapshotIdOf(_current[table.Declared.Name].Metadata, new(Plan.LoadId, StepIdentity.Data));

    /// <summary>Adds the row keys of the staged rows that are not dropped to <see cref="MergeTable.RowKeys"/>.</summary>
    protected static async Task CollectRowKeysAsync(
        MergeTable table, Func<int, bool> isExcluded, CancellationToken cancellationToken)
    {
        var key = table.RowKey;
        await foreach (var (first, batch) in table.Rows.ReadAsync(key.Fields, cancellationToken).ConfigureAwait(false))
        {
            var keys = new RowHashes(batch, key);
            for (var i = 0; i < batch.Rows; i++)
                if (!table.Rows.IsDropped(first + i) && !isExcluded(first + i)) table.RowKeys.Add(keys.Of(i));
        }
    }

    /// <summary>Forgets the ids of changed roots, for another look at the table.</summary>
    protected void ForgetRoots()
    {
        ChangedRoots.Dispose();
        ChangedRoots = NewSet();
    }

    /// <summary>Receives removed root rows and notes their ids in <see cref="ChangedRoots"/>.</summary>
    protected void NoteRoots(RowBatch batch, ReadOnlySpan<bool> isRemoved)
    {
        var keys = new RowHashes(batch, Root.RowKey);
        for (var i = 0; i < batch.Rows; i++)
            if (isRemoved[i]) ChangedRoots.Add(keys.Of(i));
    }

    private PublishedRows PublishedRowsOf(MergeTable table) => new(table.Rows.Count)
    {
        Merged = _counts.GetValueOrDefault(table.Declared.Name)?.ToMergedRows(),
    };

    private MergeTable Open(ChainTable table, ActiveLoad load)
    {
        var opened = (IcebergTableLoad)load.TableOf(table.Table);
        // The ids of a table's files ascend in the order of the rows, whichever folder or machine the jobs were found in.
        return new(table.Table, opened, opened.FilesOf(table.Jobs.OrderBy(j => j.FileId, StringComparer.Ordinal)), NewSet());
    }

    /// <summary>Drops the staged nested rows whose root row is not added, and all but the first of rows with the same key.</summary>
    private async Task SelectNestedAsync(MergeTable nested, CancellationToken cancellationToken)
    {
        if (nested.Rows.Count == 0) return;
        var key = nested.RowKey;
        var (link, owners) = HasExcludedRoots ? LinkOf(nested) : (null, null);
        NestedField[] fields = [.. key.Fields, .. link?.Fields ?? [], .. nested.Unchanged?.Fields ?? []];
        await foreach (var (first, batch) in nested.Rows.ReadAsync(fields, cancellationToken).ConfigureAwait(false))
        {
            var keys = new RowHashes(batch, key);
            var values = nested.Unchanged?.HashesOf(batch);
            var links = link is null ? null : new RowHashes(batch, link);
            for (var i = 0; i < batch.Rows; i++)
            {
                var isWanted = links is null || (!links.HasNull(i) && owners!.Contains(links.Of(i)));
                if (!isWanted || !nested.RowKeys.TryAdd(keys.Of(i), first + i, out _)) nested.Rows.Drop(first + i);
                else nested.Unchanged?.Add(values![i]);
            }
        }
    }

    /// <summary>The column that leads from a nested table to rows whose keys are known, and those keys.</summary>
    private (KeyColumns? Link, KeySet? Owners) LinkOf(MergeTable nested)
    {
        if (nested.RootKey is { } root) return (root, Root.RowKeys);
        var parent = Nested.Append(Root).First(t => t.Declared.Name == nested.Declared.Parent);
        return (nested.ParentKey ?? throw NestedLinks.NoLink(nested, Root), parent.RowKeys);
    }

    /// <summary>Commits one change of a table, with the ids of changed roots when an earlier attempt has made the root's change.</summary>
    private async Task CommitAsync(
        MergeTable table, string step, Func<IcebergTable, Task<MergeRequest>> change, CancellationToken cancellationToken)
    {
        var before = _current.GetValueOrDefault(table.Declared.Name) ?? table.Stored;
        var (after, plan) = await table.Load.MergeAsync(before, step, _mode, PlanAsync, cancellationToken).ConfigureAwait(false);
        _current[table.Declared.Name] = after;
        if (plan is null) _isRepeated = true;
        if (plan is null && table == Root) await FindChangedRootsAsync(after, RootChange(), cancellationToken).ConfigureAwait(false);
        if (plan is null) return;
        _load.Unneeded.Add(after, plan.Unused);
        if (!_counts.TryGetValue(table.Declared.Name, out var counts)) _counts[table.Declared.Name] = counts = new();
        Count(table, step, plan, counts);

        async Task<MergePlan> PlanAsync(IcebergTable stored, CancellationToken stop)
        {
            // Another writer may have removed the nested rows since they were added, for example a replace.
            if (table == Root && _isRepeated) await RestoreNestedAsync(stop).ConfigureAwait(false);
            _isRepeated = true;
            table.Rows.ForgetTable();
            var request = await change(stored).ConfigureAwait(false);
            request = request with
            {
                OnRewrite = files => RewriteWarning.Check(table.Declared.Name, files, _load.Warn),
                TemporaryFolder = _temporaryFolder,
            };
            return await new TableMerge(stored).PlanAsync(request, stop).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Adds nested rows again that are gone since this load added them: the root is about to get their root rows. It is called when an
    /// earlier attempt added them, and after a conflict.
    /// </summary>
    private async Task RestoreNestedAsync(CancellationToken cancellationToken)
    {
        foreach (var nested in Nested.Reverse().Where(n => n.Rows.Count > 0))
        {
            var before = _current[nested.Declared.Name];
            var now = await before.ReloadAsync(cancellationToken).ConfigureAwait(false);
            nested.Rows.AreCopied = true;   // snapshots refer to the staged files
            if (!HasRowsSince(before, now))
                (now, _) = await nested.Load.MergeAsync(now, StepIdentity.Data, _mode, PlanAsync, cancellationToken, isAgain: true)
                    .ConfigureAwait(false);
            _current[nested.Declared.Name] = now;

            Task<MergePlan> PlanAsync(IcebergTable stored, CancellationToken stop)
            {
                nested.Rows.ForgetTable();
                return new TableMerge(stored).PlanAsync(NestedChange(nested) with { TemporaryFolder = _temporaryFolder }, stop);
            }
        }
    }

    /// <summary>True when all commits since the step of this load kept the rows that it added.</summary>
    private bool HasRowsSince(IcebergTable before, IcebergTable now)
    {
        var since = StepRecord.SnapshotIdOf(now.Metadata, new(Plan.LoadId, StepIdentity.Data))
            ?? before.Metadata.CurrentSnapshot?.SnapshotId;
        var at = now.Metadata.CurrentSnapshot;
        while (at is not null && at.SnapshotId != since && IsKeeping(at))
            at = at.ParentSnapshotId is { } parent ? now.Metadata.Find(parent) : null;
        return at is not null && at.SnapshotId == since;
    }

    /// <summary>True when a commit kept the rows that were there and added none with the same keys.</summary>
    protected virtual bool IsKeeping(Snapshot snapshot) => snapshot.Operation is "replace" or "append";

    /// <summary>
    /// Finds the root rows that an earlier attempt of this load removed: they are in the snapshot before its own.
    /// </summary>
    private async Task FindChangedRootsAsync(IcebergTable root, MergeRequest change, CancellationToken cancellationToken)
    {
        if (change.OnRemoved is null) return;
        (var before, var isKnown) = StepRecord.ParentOf(root.Metadata, new(Plan.LoadId, StepIdentity.Data));
        _areRootsUnknown = !isKnown;
        if (before is not { } parent) return;
        var scan = new MergeScan(root, change) { Rows = root.Scan().UseSnapshot(parent) };
        await scan.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
