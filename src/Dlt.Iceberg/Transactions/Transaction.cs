namespace Dlt.Iceberg;

/// <summary>Collects changes of a table and commits them together: all of them or none. Each change is planned on the result of the earlier
/// changes.</summary>
public sealed class Transaction
{
    private readonly Table _table;
    private readonly PlannedChanges _changes;
    private readonly AddedFileCheck _added;
    private bool _isPatient;

    internal Transaction(Table table, string branch)
    {
        if (table.Catalog is null)
        {
            throw new InvalidOperationException(
                $"'{table.Name}' was opened by its metadata file and cannot be changed. Load it from a catalog.");
        }

        Branch = branch;
        _table = table;
        _changes = new(table);
        _added = new(table);
    }

    /// <summary>Entries that are added to the summary of every snapshot of this transaction.</summary>
    public Dictionary<string, string> SummaryProperties { get; } = new(StringComparer.Ordinal);

    /// <summary>Name of the branch whose rows are changed. New snapshots are added to it.</summary>
    public string Branch { get; }

    /// <summary>Adds data files to the rows of the table.</summary>
    /// <exception cref="IcebergException">A file was written for another table, or is added twice. Nothing was written.</exception>
    public Transaction Append(IEnumerable<DataFile> files) =>
        Add(new AppendAction(_added.Checked(files)) { Branch = Branch, Properties = SummaryProperties });

    /// <summary>Replaces all rows of the table by data files, including rows that other writers add before the commit.</summary>
    /// <exception cref="IcebergException">A file was written for another table, or is added twice. Nothing was written.</exception>
    public Transaction ReplaceAll(IEnumerable<DataFile> files) => Add(new OverwriteAction
    {
        Branch = Branch,
        Properties = SummaryProperties,
        Added = _added.Checked(files),
        Removes = (_, _) => true,
        RemovesAllDeletes = _ => true,
    });

    /// <summary>Replaces the rows of the partitions that data files belong to; rows of other partitions stay.</summary>
    /// <exception cref="IcebergException">A file was written for another table, or is added twice. Nothing was written.</exception>
    public Transaction ReplacePartitions(IEnumerable<DataFile> files)
    {
        var added = _added.Checked(files);
        var partitions = added.Select(f => new PartitionKey(f.SpecId, f.Partition)).ToHashSet();
        // An unpartitioned table is one partition, which also holds the rows of older specs.
        var isWhole = added.Any(f => _table.Metadata.SpecOf(f.SpecId) is { IsUnpartitioned: true });
        return Add(new OverwriteAction
        {
            Branch = Branch,
            Properties = new Dictionary<string, string>(SummaryProperties) { ["replace-partitions"] = "true" },
            Added = added,
            Removes = (_, entry) => isWhole || partitions.Contains(new(entry.File.SpecId, entry.File.Partition)),
            RemovesAllDeletes = isWhole ? _ => true : null,
        });
    }

    /// <summary>
    /// Deletes the rows that match a filter. Files with matching rows that other writers add before the commit are a conflict, unless the
    /// table property <c>write.delete.isolation-level</c> is <c>snapshot</c>.
    /// </summary>
    /// <param name="filter">Selects the rows.</param>
    /// <param name="mode">How rows are deleted; null for the table property <c>write.delete.mode</c>, which is copy-on-write by
    /// default.</param>
    /// <param name="cancellationToken">Cancels the planning. Nothing is committed.</param>
    /// <exception cref="ArgumentException">The filter names a column that does not exist.</exception>
    public Task<Transaction> DeleteAsync(Filter filter, RowChangeMode? mode = null, CancellationToken cancellationToken = default) =>
        ChangeAsync("delete", new(filter, RowChanges.Drop, ModeOf("delete", mode)), cancellationToken);

    /// <summary>Changes the rows that match a filter.</summary>
    /// <param name="filter">Selects the rows.</param>
    /// <param name="change">Returns the new row for an old row. Both have one value per column of the table.</param>
    /// <param name="mode">How rows are changed; null for the table property <c>write.update.mode</c>, which is copy-on-write by
    /// default.</param>
    /// <param name="cancellationToken">Cancels the planning. Nothing is committed.</param>
    public Task<Transaction> UpdateAsync(
        Filter filter, Func<object?[], object?[]> change, RowChangeMode? mode = null, CancellationToken cancellationToken = default) =>
        ChangeAsync("update", new(filter, change, ModeOf("update", mode)), cancellationToken);

    /// <summary>Deletes the rows that match a filter and adds new rows in the same snapshot.</summary>
    /// <param name="filter">Selects the rows to delete.</param>
    /// <param name="rows">The new rows, with one value per column of the table.</param>
    /// <param name="cancellationToken">Cancels the planning. Nothing is committed.</param>
    public Task<Transaction> OverwriteAsync(Filter filter, IEnumerable<object?[]> rows, CancellationToken cancellationToken = default) =>
        ChangeAsync("delete", new(filter, RowChanges.Drop, RowChangeMode.CopyOnWrite) { Extra = [.. rows] }, cancellationToken);

    /// <summary>Updates the rows whose key matches a given row, and adds the given rows whose key is new.</summary>
    /// <param name="rows">Rows with one value per column of the table.</param>
    /// <param name="keys">Columns of the key; by default the identifier fields of the table. A key with a null matches no row.</param>
    /// <param name="mode">How rows are changed; null for the table property <c>write.merge.mode</c>, which is copy-on-write by
    /// default.</param>
    /// <param name="cancellationToken">Cancels the planning. Nothing is committed.</param>
    /// <exception cref="ArgumentException">The table has no key, or two rows have the same key.</exception>
    public async Task<Transaction> UpsertAsync(
        IEnumerable<object?[]> rows, IReadOnlyList<string>? keys = null, RowChangeMode? mode = null,
        CancellationToken cancellationToken = default)
    {
        var planned = await _changes.ResultAsync(cancellationToken).ConfigureAwait(false);
        var changes = new RowChanges(planned, this, _changes.OwnSnapshots, "merge");
        var plan = new UpsertPlan(planned, rows, keys);
        return Add(await plan.PlanAsync(changes, ModeOf("merge", mode), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Creates a branch at a snapshot. Later commits can add snapshots to it.</summary>
    /// <param name="name">A name that no branch or tag of the table has.</param>
    /// <param name="snapshotId">Id of the snapshot; null for the newest snapshot of <see cref="Branch"/> after the earlier changes of this
    /// transaction.</param>
    public Transaction CreateBranch(string name, long? snapshotId = null) =>
        Add(new CreateRefAction(name, isBranch: true, snapshotId, Branch));

    /// <summary>Creates a tag that names a snapshot.</summary>
    /// <param name="name">A name that no branch or tag of the table has.</param>
    /// <param name="snapshotId">Id of the snapshot; null for the newest snapshot of <see cref="Branch"/> after the earlier changes of this
    /// transaction.</param>
    public Transaction CreateTag(string name, long? snapshotId = null) =>
        Add(new CreateRefAction(name, isBranch: false, snapshotId, Branch));

    /// <summary>Moves a branch to any other snapshot. Snapshots that only this branch reached are removed when they expire.</summary>
    public Transaction ReplaceBranch(string name, long snapshotId) => Add(new ReplaceRefAction(name, isBranch: true, snapshotId));

    /// <summary>Moves a tag to any other snapshot.</summary>
    public Transaction ReplaceTag(string name, long snapshotId) => Add(new ReplaceRefAction(name, isBranch: false, snapshotId));

    /// <summary>Removes a branch or tag. Its snapshots stay until they expire.</summary>
    public Transaction RemoveRef(string name) => Add(new RemoveRefAction(name));

    /// <summary>Moves a branch forward to the snapshot of another branch or tag. The snapshot of the branch must be an ancestor of it. A
    /// branch that does not exist is created.</summary>
    public Transaction FastForward(string branch, string to) => Add(new FastForwardAction(branch, to));

    /// <summary>Sets how long <see cref="TableMaintenance.ExpireSnapshotsAsync"/> keeps a branch or tag and its snapshots. Where a value is
    /// null, the table properties <c>history.expire.*</c> apply.</summary>
    /// <param name="name">Name of the branch or tag.</param>
    /// <param name="minSnapshotsToKeep">Number of snapshots that a branch always keeps, 1 or more. Branches only.</param>
    /// <param name="maxSnapshotAge">Age up to which snapshots of a branch are kept. Branches only.</param>
    /// <param name="maxRefAge">Age of its snapshot after which the branch or tag itself is removed. Not for main.</param>
    public Transaction SetRefRetention(
        string name, int? minSnapshotsToKeep = null, TimeSpan? maxSnapshotAge = null, TimeSpan? maxRefAge = null) =>
        Add(new RefRetentionAction(name, minSnapshotsToKeep, maxSnapshotAge, maxRefAge));

    /// <summary>Moves <see cref="Branch"/> back to an ancestor of its newest snapshot.</summary>
    public Transaction RollBackTo(long snapshotId) => Add(new CurrentSnapshotAction(Branch, snapshotId, mustBeAncestor: true));

    /// <summary>Moves <see cref="Branch"/> to any snapshot of the table.</summary>
    public Transaction SetCurrentSnapshot(long snapshotId) => Add(new CurrentSnapshotAction(Branch, snapshotId, mustBeAncestor: false));

    /// <summary>Changes how new files are partitioned. Existing files stay as they are.</summary>
    public Transaction UpdateSpec(Action<PartitionSpecUpdate> change) => Add(new PartitionSpecAction(change));

    /// <summary>Changes how the rows of new files are sorted. Without fields, they are not sorted.</summary>
    public Transaction ReplaceSortOrder(params IEnumerable<SortField> fields) => Add(new SortOrderAction([.. fields]));

    /// <summary>Sets and removes properties of the table.</summary>
    /// <remarks>docs/iceberg.md lists the supported properties. A commit warns about properties of the format that this library ignores
    /// (<see cref="Catalog.Warn"/>).</remarks>
    public Transaction UpdateProperties(IReadOnlyDictionary<string, string> set, IEnumerable<string>? remove = null) =>
        Add(new PropertiesAction(set, [.. remove ?? []]));

    /// <summary>Adds, drops, renames, moves and widens columns. Existing data files stay as they are.</summary>
    public Transaction UpdateSchema(Action<SchemaUpdate> change) => Add(new SchemaAction(change));

    /// <summary>
    /// Upgrades a table of format version 1 to version 2, so rows can be written to it, or to version 3 with row lineage and deletion
    /// vectors. Readers that support only older versions can no longer read the table: Athena does not read version 3. The upgrade cannot
    /// be undone.
    /// </summary>
    /// <param name="version">The version after the upgrade: 2 or 3.</param>
    public Transaction UpgradeFormatVersion(int version) => Add(new FormatVersionAction(version));

    /// <summary>
    /// Commits the changes as one new version of the table. If another writer commits first, the changes are prepared again on that
    /// version, up to <c>commit.retry.num-retries</c> times. A change that contradicts the other commit is refused.
    /// </summary>
    /// <param name="cancellationToken">Cancels the commit. It may have been made already.</param>
    /// <returns>The table after the commit.</returns>
    /// <exception cref="IcebergException">A change is not legal or contradicts another commit, and nothing was committed. Or the answer of
    /// the catalog was lost and the table does not show what happened (<see cref="IcebergError.CommitStateUnknown"/>).</exception>
    /// <exception cref="InvalidOperationException">The transaction was already committed, or has failed. Make its changes in a new
    /// transaction.</exception>
    public Task<Table> CommitAsync(CancellationToken cancellationToken = default) =>
        new CommitLoop(_table, _changes, _isPatient).RunAsync(cancellationToken);

    /// <summary>Retries the commit as long as <c>commit.retry.total-timeout-ms</c> of the table allows, unless
    /// <c>commit.retry.num-retries</c> is set. Use it for changes that cannot contradict the changes of other writers.</summary>
    internal Transaction Patiently()
    {
        _isPatient = true;
        return this;
    }

    internal Transaction Add(TransactionAction action)
    {
        _changes.Add(action);
        return this;
    }

    private async Task<Transaction> ChangeAsync(string statement, RowChange change, CancellationToken cancellationToken)
    {
        var planned = await _changes.ResultAsync(cancellationToken).ConfigureAwait(false);
        var changes = new RowChanges(planned, this, _changes.OwnSnapshots, statement);
        return Add(await changes.PlanAsync(change, cancellationToken).ConfigureAwait(false));
    }

    private RowChangeMode ModeOf(string statement, RowChangeMode? given) => given ?? RowChangeModes.Of(_table.Metadata, statement);
}
