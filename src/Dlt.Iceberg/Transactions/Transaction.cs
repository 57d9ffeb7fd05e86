namespace Dlt.Iceberg;

/// <summary>Changes of a table that are committed together: all of them or none. Each is planned on the result of the
/// earlier ones.</summary>
public sealed class Transaction
{
    private readonly Table _table;
    private readonly PlannedChanges _changes;
    private readonly AddedFileCheck _added;
    private bool _isPatient;

    internal Transaction(Table table, string branch)
    {
        if (table.Catalog is null)
            throw new InvalidOperationException($"'{table.Name}' was opened by its metadata file. Load it from a catalog to change it.");
        Branch = branch;
        _table = table;
        _changes = new(table);
        _added = new(table);
    }

    /// <summary>What the snapshots of this transaction note in their summaries.</summary>
    public Dictionary<string, string> SummaryProperties { get; } = new(StringComparer.Ordinal);

    /// <summary>The branch that the snapshots go to, and whose rows are changed.</summary>
    public string Branch { get; }

    /// <summary>Adds data files.</summary>
    /// <exception cref="IcebergException">A file was written for another table, or is added twice. Nothing was written.</exception>
    public Transaction Append(IEnumerable<DataFile> files) =>
        Add(new AppendAction(_added.Checked(files)) { Branch = Branch, Properties = SummaryProperties });

    /// <summary>Puts data files in the place of all others; rows that come in between are replaced as well.</summary>
    /// <exception cref="IcebergException">A file was written for another table, or is added twice. Nothing was written.</exception>
    public Transaction ReplaceAll(IEnumerable<DataFile> files) => Add(new OverwriteAction
    {
        Branch = Branch,
        Properties = SummaryProperties,
        Added = _added.Checked(files),
        Removes = (_, _) => true,
        RemovesAllDeletes = _ => true,
    });

    /// <summary>Puts data files in the place of all others of their partitions.</summary>
    /// <exception cref="IcebergException">A file was written for another table, or is added twice. Nothing was written.</exception>
    public Transaction ReplacePartitions(IEnumerable<DataFile> files)
    {
        var added = _added.Checked(files);
        var partitions = added.Select(f => new PartitionKey(f.SpecId, f.Partition)).ToHashSet();
        // without partitions the table is one, with the rows of older specs
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
    /// Deletes the rows that match. What others add in between and may match is a conflict, unless the table's property
    /// <c>write.delete.isolation-level</c> is <c>snapshot</c>.
    /// </summary>
    /// <param name="filter">Which rows.</param>
    /// <param name="mode">How; null for what the table's property <c>write.delete.mode</c> says, which is copy-on-write by default.</param>
    /// <param name="cancellationToken">Stops; nothing is committed.</param>
    /// <exception cref="ArgumentException">The filter names a column that is not there.</exception>
    public Task<Transaction> DeleteAsync(Filter filter, RowChangeMode? mode = null, CancellationToken cancellationToken = default) =>
        ChangeAsync("delete", new(filter, RowChanges.Drop, ModeOf("delete", mode)), cancellationToken);

    /// <summary>Changes the rows that match.</summary>
    /// <param name="filter">Which rows.</param>
    /// <param name="change">The new row for an old one; both have one value per column of the table.</param>
    /// <param name="mode">How; null for what the table's property <c>write.update.mode</c> says, which is copy-on-write by default.</param>
    /// <param name="cancellationToken">Stops; nothing is committed.</param>
    public Task<Transaction> UpdateAsync(
        Filter filter, Func<object?[], object?[]> change, RowChangeMode? mode = null, CancellationToken cancellationToken = default) =>
        ChangeAsync("update", new(filter, change, ModeOf("update", mode)), cancellationToken);

    /// <summary>Deletes the rows that match, and adds others in the same snapshot.</summary>
    public Task<Transaction> OverwriteAsync(Filter filter, IEnumerable<object?[]> rows, CancellationToken cancellationToken = default) =>
        ChangeAsync("delete", new(filter, RowChanges.Drop, RowChangeMode.CopyOnWrite) { Extra = [.. rows] }, cancellationToken);

    /// <summary>Updates rows that have the key of a given one, and adds those whose key is new.</summary>
    /// <param name="rows">Rows with one value per column of the table.</param>
    /// <param name="keys">Columns of the key; the table's identifier fields by default. A null in a key matches nothing.</param>
    /// <param name="mode">How rows are changed; null for what the table's property <c>write.merge.mode</c> says, which is copy-on-write by
    /// default.</param>
    /// <param name="cancellationToken">Stops; nothing is committed.</param>
    /// <exception cref="ArgumentException">There is no key, or two rows have the same one.</exception>
    public async Task<Transaction> UpsertAsync(
        IEnumerable<object?[]> rows, IReadOnlyList<string>? keys = null, RowChangeMode? mode = null,
        CancellationToken cancellationToken = default)
    {
        var planned = await _changes.ResultAsync(cancellationToken).ConfigureAwait(false);
        var changes = new RowChanges(planned, this, _changes.OwnSnapshots, "merge");
        var plan = new UpsertPlan(planned, rows, keys);
        return Add(await plan.PlanAsync(changes, ModeOf("merge", mode), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Names a snapshot with a branch, which later commits may move on.</summary>
    /// <param name="name">A name that no branch or tag has.</param>
    /// <param name="snapshotId">The snapshot; null for the newest one of <see cref="Branch"/>, after the earlier changes of this
    /// transaction.</param>
    public Transaction CreateBranch(string name, long? snapshotId = null) =>
        Add(new CreateRefAction(name, isBranch: true, snapshotId, Branch));

    /// <summary>Names a snapshot with a tag.</summary>
    /// <param name="name">A name that no branch or tag has.</param>
    /// <param name="snapshotId">The snapshot; null for the newest one of <see cref="Branch"/>, after the earlier changes of this
    /// transaction.</param>
    public Transaction CreateTag(string name, long? snapshotId = null) =>
        Add(new CreateRefAction(name, isBranch: false, snapshotId, Branch));

    /// <summary>Moves a branch to another snapshot, whichever that is; what only the branch had is lost when snapshots expire.</summary>
    public Transaction ReplaceBranch(string name, long snapshotId) => Add(new ReplaceRefAction(name, isBranch: true, snapshotId));

    /// <summary>Moves a tag to another snapshot.</summary>
    public Transaction ReplaceTag(string name, long snapshotId) => Add(new ReplaceRefAction(name, isBranch: false, snapshotId));

    /// <summary>Removes a branch or tag; its snapshots stay until they expire.</summary>
    public Transaction RemoveRef(string name) => Add(new RemoveRefAction(name));

    /// <summary>Moves a branch on to where another branch or tag is, which it must be an ancestor of; makes the branch when there is
    /// none.</summary>
    public Transaction FastForward(string branch, string to) => Add(new FastForwardAction(branch, to));

    /// <summary>Sets how long a branch or tag keeps itself and its snapshots from <see cref="TableMaintenance.ExpireSnapshotsAsync"/>; null
    /// for what the table's properties say.</summary>
    /// <param name="name">A branch or tag.</param>
    /// <param name="minSnapshotsToKeep">Fewest snapshots that stay of a branch. 1 or more.</param>
    /// <param name="maxSnapshotAge">Age up to which snapshots of a branch stay.</param>
    /// <param name="maxRefAge">Age of its snapshot after which the branch or tag itself goes; not for main.</param>
    public Transaction SetRefRetention(
        string name, int? minSnapshotsToKeep = null, TimeSpan? maxSnapshotAge = null, TimeSpan? maxRefAge = null) =>
        Add(new RefRetentionAction(name, minSnapshotsToKeep, maxSnapshotAge, maxRefAge));

    /// <summary>Makes an ancestor of the newest snapshot of <see cref="Branch"/> its newest one again.</summary>
    public Transaction RollBackTo(long snapshotId) => Add(new CurrentSnapshotAction(Branch, snapshotId, mustBeAncestor: true));

    /// <summary>Makes any snapshot the newest one of <see cref="Branch"/>.</summary>
    public Transaction SetCurrentSnapshot(long snapshotId) => Add(new CurrentSnapshotAction(Branch, snapshotId, mustBeAncestor: false));

    /// <summary>Changes how new files are partitioned.</summary>
    public Transaction UpdateSpec(Action<PartitionSpecUpdate> change) => Add(new PartitionSpecAction(change));

    /// <summary>Changes how the rows of new files are sorted; none for not at all.</summary>
    public Transaction ReplaceSortOrder(params IEnumerable<SortField> fields) => Add(new SortOrderAction([.. fields]));

    /// <summary>Sets properties of the table, and removes others.</summary>
    /// <remarks>docs/iceberg.md lists which of the format's properties are obeyed; a commit warns of the others
    /// (<see cref="Catalog.Warn"/>).</remarks>
    public Transaction UpdateProperties(IReadOnlyDictionary<string, string> set, IEnumerable<string>? remove = null) =>
        Add(new PropertiesAction(set, [.. remove ?? []]));

    /// <summary>Changes the columns.</summary>
    public Transaction UpdateSchema(Action<SchemaUpdate> change) => Add(new SchemaAction(change));

    /// <summary>Makes a table of format version 1 one of version 2, which rows can be written to. Readers of version 1 alone cannot read it
    /// any more; there is no way back.</summary>
    /// <param name="version">2, the only version that is written.</param>
    public Transaction UpgradeFormatVersion(int version) => Add(new FormatVersionAction(version));

    /// <summary>
    /// Commits the changes as one new version of the table. If another writer has committed first, the changes are prepared again on that
    /// version, up to <c>commit.retry.num-retries</c> times; a change that contradicts the other one is refused.
    /// </summary>
    /// <returns>The table after the commit.</returns>
    /// <exception cref="IcebergException">The change is not legal or contradicts another commit, and nothing was committed; or the
    /// catalog's answer was lost and the table does not tell what happened (<see cref="IcebergError.CommitStateUnknown"/>).
    /// </exception>
    /// <exception cref="InvalidOperationException">The transaction was committed before, or has failed: its changes are made in a new
    /// one.</exception>
    public Task<Table> CommitAsync(CancellationToken cancellationToken = default) =>
        new CommitLoop(_table, _changes, _isPatient).RunAsync(cancellationToken);

    /// <summary>Makes the commit go on as long as the table's <c>commit.retry.total-timeout-ms</c> allows, unless its owner has set
    /// <c>commit.retry.num-retries</c>. For changes that contradict no other.</summary>
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
