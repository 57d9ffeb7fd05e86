using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Changes of a table that are committed together: all of them or none (spec/iceberg.md 6.1).</summary>
public sealed class Transaction
{
    private readonly Catalog _catalog;
    private readonly Table _table;
    private readonly List<TransactionAction> _actions = [];
    private readonly List<string> _written = [];

    internal Transaction(Table table)
    {
        _table = table;
        _catalog = table.Catalog ?? throw new InvalidOperationException($"'{table.Name}' was opened by its metadata file. Load it from a catalog to change it.");
    }

    /// <summary>What the snapshots of this transaction note in their summaries.</summary>
    public Dictionary<string, string> SummaryProperties { get; } = new(StringComparer.Ordinal);

    /// <summary>The branch that the snapshots go to.</summary>
    public string Branch { get; init; } = SnapshotRef.Main;

    /// <summary>Adds data files.</summary>
    public Transaction Append(IEnumerable<DataFile> files) => Add(new AppendAction([.. files]) { Branch = Branch, Properties = SummaryProperties });

    /// <summary>Puts data files in the place of all others; rows that come in between are replaced as well.</summary>
    public Transaction ReplaceAll(IEnumerable<DataFile> files) => Add(new OverwriteAction { Branch = Branch, Properties = SummaryProperties, Added = [.. files], Removes = (_, _) => true, RemovesAllDeletes = true });

    /// <summary>Puts data files in the place of all others of their partitions.</summary>
    public Transaction ReplacePartitions(IEnumerable<DataFile> files)
    {
        List<DataFile> added = [.. files];
        var partitions = added.Select(f => new PartitionKey(f.SpecId, f.Partition)).ToHashSet();
        return Add(new OverwriteAction
        {
            Branch = Branch, Properties = new Dictionary<string, string>(SummaryProperties) { ["replace-partitions"] = "true" }, Added = added,
            Removes = (_, entry) => partitions.Contains(new(entry.File.SpecId, entry.File.Partition)),
        });
    }

    /// <summary>Deletes the rows that match. What was added by others in between and may match is a conflict, unless the table's property <c>write.delete.isolation-level</c> is <c>snapshot</c>.</summary>
    /// <exception cref="ArgumentException">The filter names a column that is not there.</exception>
    public Task<Transaction> DeleteAsync(Filter filter, RowChangeMode mode = RowChangeMode.CopyOnWrite, CancellationToken cancellationToken = default) =>
        ChangeAsync("delete", filter, RowChanges.Drop, mode, [], cancellationToken);

    /// <summary>Changes the rows that match.</summary>
    /// <param name="filter">Which rows.</param>
    /// <param name="change">The new row for an old one; both have one value per column of the table.</param>
    /// <param name="mode">How.</param>
    /// <param name="cancellationToken">Stops; nothing is committed.</param>
    public Task<Transaction> UpdateAsync(Filter filter, Func<object?[], object?[]> change, RowChangeMode mode = RowChangeMode.CopyOnWrite, CancellationToken cancellationToken = default) =>
        ChangeAsync("update", filter, change, mode, [], cancellationToken);

    /// <summary>Deletes the rows that match, and adds others in the same snapshot.</summary>
    public Task<Transaction> OverwriteAsync(Filter filter, IEnumerable<object?[]> rows, CancellationToken cancellationToken = default) =>
        ChangeAsync("delete", filter, RowChanges.Drop, RowChangeMode.CopyOnWrite, [.. rows], cancellationToken);

    /// <summary>Updates rows that have the key of a given one, and adds those whose key is new.</summary>
    /// <param name="rows">Rows with one value per column of the table.</param>
    /// <param name="keys">Columns of the key; the table's identifier fields by default. A null in a key matches nothing.</param>
    /// <param name="mode">How rows are changed.</param>
    /// <param name="cancellationToken">Stops; nothing is committed.</param>
    /// <exception cref="ArgumentException">There is no key, or two rows have the same one.</exception>
    public async Task<Transaction> UpsertAsync(IEnumerable<object?[]> rows, IReadOnlyList<string>? keys = null, RowChangeMode mode = RowChangeMode.CopyOnWrite, CancellationToken cancellationToken = default)
    {
        var schema = _table.Metadata.CurrentSchema;
        var names = keys ?? [.. schema.IdentifierFieldIds.Select(i => schema.NameOf(i)!)];
        if (names.Count == 0) throw new ArgumentException($"Table '{_table.Name}' has no identifier fields; name the columns of the key.");
        var at = names.Select(n => schema.Fields.Select((f, i) => (f, i)).FirstOrDefault(f => f.f.Name == n) is { f: not null } found ? found.i : throw new ArgumentException($"There is no column '{n}'.")).ToArray();
        PartitionKey KeyOf(object?[] row) => new(0, [.. at.Select(i => row[i])]);
        var source = new Dictionary<PartitionKey, object?[]>();
        var loose = new List<object?[]>();
        var conversion = new RowConversion(_table);
        var number = 0L;
        foreach (var row in rows)
        {
            var own = conversion.Convert(row, ++number);
            if (at.Any(i => own[i] is null)) loose.Add(own);
            else if (!source.TryAdd(KeyOf(own), own)) throw new ArgumentException($"Two rows have the key {string.Join(", ", at.Select(i => own[i]))}.");
        }

        if (source.Count == 0) return await ChangeAsync("merge", Filter.False, RowChanges.Drop, mode, loose, cancellationToken).ConfigureAwait(false);
        // The first column of the key narrows the files that are looked at; rows are compared by the whole key.
        var filter = at.Select(i => Filter.In(schema.Fields[i].Name, [.. source.Keys.Select(k => k.Values[Array.IndexOf(at, i)]!).Distinct()])).Aggregate(Filter.And);
        var seen = new HashSet<PartitionKey>();
        var plan = new RowChanges(_table, "merge");
        var action = await plan.PlanAsync(
            filter,
            row =>
            {
                if (!source.TryGetValue(KeyOf(row), out var changed)) return row;
                seen.Add(KeyOf(row));
                return changed;
            },
            mode, [], (Branch, SummaryProperties), cancellationToken).ConfigureAwait(false);
        loose.AddRange(source.Where(s => !seen.Contains(s.Key)).Select(s => s.Value));
        Add(action);
        if (loose.Count == 0) return this;
        var writer = new DataFileWriter(_table);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var row in loose) await writer.AddAsync(row, cancellationToken).ConfigureAwait(false);
            action.Add(await writer.CompleteAsync(cancellationToken).ConfigureAwait(false));
        }

        return this;
    }

    /// <summary>Names a snapshot with a branch, which later commits may move on.</summary>
    public Transaction CreateBranch(string name, long? snapshotId = null) => CreateRef(name, snapshotId, isBranch: true);

    /// <summary>Names a snapshot with a tag.</summary>
    public Transaction CreateTag(string name, long? snapshotId = null) => CreateRef(name, snapshotId, isBranch: false);

    /// <summary>Removes a branch or tag; its snapshots stay until they expire.</summary>
    public Transaction RemoveRef(string name) => Add(MetadataAction.RemoveRef(name, _table.Metadata.Refs.GetValueOrDefault(name)));

    /// <summary>Moves a branch on to the head of another one, which it must be an ancestor of.</summary>
    /// <exception cref="IcebergException">There is no such branch.</exception>
    public Transaction FastForward(string branch, string to)
    {
        if (!_table.Metadata.Refs.TryGetValue(to, out var target)) throw IcebergException.Illegal($"There is no branch or tag '{to}'.");
        var now = _table.Metadata.Refs.GetValueOrDefault(branch);
        return Add(MetadataAction.SetRef(branch, (now ?? new SnapshotRef(0, IsBranch: true)) with { SnapshotId = target.SnapshotId }, now, mustBeAncestor: true));
    }

    /// <summary>Makes an ancestor of the current snapshot the current one again.</summary>
    public Transaction RollBackTo(long snapshotId) => Add(MetadataAction.SetCurrent(snapshotId, mustBeAncestor: true));

    /// <summary>Makes any snapshot the current one.</summary>
    public Transaction SetCurrentSnapshot(long snapshotId) => Add(MetadataAction.SetCurrent(snapshotId, mustBeAncestor: false));

    /// <summary>Changes how new files are partitioned.</summary>
    public Transaction UpdateSpec(Action<PartitionSpecUpdate> change) => Add(MetadataAction.UpdateSpec(_table.Metadata, change));

    /// <summary>Changes how the rows of new files are sorted; none for not at all.</summary>
    public Transaction ReplaceSortOrder(params IEnumerable<SortField> fields) => Add(MetadataAction.ReplaceSortOrder([.. fields]));

    /// <summary>Sets properties of the table, and removes others.</summary>
    public Transaction UpdateProperties(IReadOnlyDictionary<string, string> set, IEnumerable<string>? remove = null) => Add(new PropertiesAction(set, [.. remove ?? []]));

    /// <summary>Changes the columns.</summary>
    public Transaction UpdateSchema(Action<SchemaUpdate> change) => Add(new SchemaAction(_table.Metadata, change));

    private Transaction CreateRef(string name, long? snapshotId, bool isBranch)
    {
        if (_table.Metadata.Refs.ContainsKey(name)) throw IcebergException.Illegal($"There is a branch or tag '{name}' already.");
        var id = snapshotId ?? _table.Metadata.CurrentSnapshot?.SnapshotId ?? throw IcebergException.Illegal("The table has no snapshot to be named.");
        return Add(MetadataAction.SetRef(name, new SnapshotRef(id, isBranch), null));
    }

    private async Task<Transaction> ChangeAsync(string statement, Filter filter, Func<object?[], object?[]?> replace, RowChangeMode mode, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken) =>
        Add(await new RowChanges(_table, statement).PlanAsync(filter, replace, mode, rows, (Branch, SummaryProperties), cancellationToken).ConfigureAwait(false));

    internal Transaction Add(TransactionAction action)
    {
        _actions.Add(action);
        return this;
    }

    /// <summary>Commits; other commits in between are no hindrance unless they contradict this one.</summary>
    /// <returns>The table as it is then.</returns>
    /// <exception cref="IcebergException">
    /// The change is not legal or contradicts another commit, and nothing was committed; or the catalog's answer was lost and the table does not tell what happened (<see cref="IcebergError.CommitStateUnknown"/>).
    /// </exception>
    public async Task<Table> CommitAsync(CancellationToken cancellationToken = default)
    {
        var retries = new RetrySettings(_table.Metadata.Properties);
        var basis = _table;
        for (var attempt = 1; ; attempt++)
        {
            TableMetadata next;
            string location;
            Swap swap;
            try
            {
                next = await ApplyAsync(basis, attempt, cancellationToken).ConfigureAwait(false);
                if (ReferenceEquals(next, basis.Metadata)) return basis;
                next = next.Committed(basis, _catalog.Time.GetUtcNow());
                location = _catalog.NextMetadataLocation(basis, next);
                swap = await _catalog.SwapAsync(basis, location, next, cancellationToken).ConfigureAwait(false);
            }
            catch (IcebergException error) when (error.Error != IcebergError.CommitStateUnknown)
            {
                await DeleteAsync(_written, CancellationToken.None).ConfigureAwait(false);
                throw;
            }

            if (swap.Outcome == SwapOutcome.Unknown) swap = await FindOutAsync(basis, location, retries, cancellationToken).ConfigureAwait(false);
            if (swap.Outcome == SwapOutcome.Committed) return await FinishAsync(basis, swap.Table ?? new Table(_table.Name, next, location, _table.Files, _catalog) { Space = _table.Space }).ConfigureAwait(false);
            if (attempt > retries.Retries)
            {
                await DeleteAsync(_written, CancellationToken.None).ConfigureAwait(false);
                throw new IcebergException(IcebergError.Conflict, $"Table '{_table.Name}' was changed by others during each of {attempt} attempts to commit. Nothing was committed. Try again, or raise the table's property commit.retry.num-retries.");
            }

            await Task.Delay(retries.Wait(attempt), _catalog.Time, cancellationToken).ConfigureAwait(false);
            basis = await ReloadAsync(cancellationToken).ConfigureAwait(false);
            if (HasLanded(basis)) return basis;
        }
    }

    private async Task<TableMetadata> ApplyAsync(Table basis, int number, CancellationToken cancellationToken)
    {
        var attempt = new CommitAttempt(_table.Files, _catalog.DataFileReader, _catalog.Time.GetUtcNow(), number, _written);
        var metadata = basis.Metadata;
        foreach (var action in _actions) metadata = await action.ApplyAsync(metadata, attempt, cancellationToken).ConfigureAwait(false);
        return metadata;
    }

    private async Task<Table> ReloadAsync(CancellationToken cancellationToken)
    {
        var (space, name) = Split(_table.Name);
        var table = await _catalog.LoadTableAsync(space, name, cancellationToken).ConfigureAwait(false);
        return table.Metadata.TableUuid == _table.Metadata.TableUuid || _table.Metadata.TableUuid is null
            ? table
            : throw new IcebergException(IcebergError.Conflict, $"Table '{_table.Name}' was dropped and made anew by others. Nothing was committed. Load it again.");
    }

    /// <summary>A lost answer: the table tells, or nothing does (spec/iceberg.md 6.8).</summary>
    private async Task<Swap> FindOutAsync(Table basis, string location, RetrySettings retries, CancellationToken cancellationToken)
    {
        for (var check = 1; check <= retries.StatusChecks; check++)
        {
            await Task.Delay(retries.StatusWait(check), _catalog.Time, cancellationToken).ConfigureAwait(false);
            try
            {
                var now = await ReloadAsync(cancellationToken).ConfigureAwait(false);
                if (HasLanded(now)) return new(SwapOutcome.Committed, _catalog.WritesMetadata ? null : now);
                if (now.MetadataLocation == location || now.Metadata.MetadataLog.Any(e => e.MetadataFile == location)) return SwapOutcome.Committed;
                // Another commit is current: a swap that depends on what was before it can never succeed any more. Where the server names the files, it may be this very one, if no snapshot tells.
                if (now.MetadataLocation != basis.MetadataLocation && (_catalog.WritesMetadata || _actions.Exists(a => a.SnapshotId is not null))) return SwapOutcome.Conflict;
            }
            catch (DltException) when (check < retries.StatusChecks)
            {
                // The catalog does not answer yet.
            }
        }

        throw new IcebergException(
            IcebergError.CommitStateUnknown,
            $"The answer to a commit to table '{_table.Name}' was lost, and the table does not show it; it may still come. All files were kept. Look at the table's snapshots before committing again{(_catalog.WritesMetadata ? $"; {location} would be its metadata file" : "")}.") { File = location };
    }

    private bool HasLanded(Table table) => _actions.Any(a => a.SnapshotId is not null) && _actions.All(a => a.SnapshotId is not { } id || table.Metadata.Find(id) is not null);

    /// <summary>The commit is made: whatever happens to the tidying up, it is told so.</summary>
    private async Task<Table> FinishAsync(Table basis, Table table)
    {
        var next = table.Metadata;
        try
        {
            // Lists of earlier attempts, and manifests that were merged away.
            var used = await UsedAsync(next).ConfigureAwait(false);
            await DeleteAsync(_written.Where(w => !used.Contains(w)), CancellationToken.None).ConfigureAwait(false);
            if (_catalog.WritesMetadata && next.Properties.GetValueOrDefault("write.metadata.delete-after-commit.enabled") == "true")
                await DeleteAsync(basis.Metadata.MetadataLog.Select(e => e.MetadataFile).Except(next.MetadataLog.Select(e => e.MetadataFile)), CancellationToken.None).ConfigureAwait(false);
        }
        catch (DltException)
        {
            // What was not deleted is found by the cleaning of orphans.
        }

        return table;
    }

    private async Task<HashSet<string>> UsedAsync(TableMetadata next)
    {
        var reader = new SnapshotReader(_table.Files, next);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in _actions.Select(a => a.SnapshotId).OfType<long>())
        {
            if (next.Find(id) is not { } snapshot) continue;
            used.Add(snapshot.ManifestList!);
            if (_written.Count > 2) used.UnionWith((await reader.ManifestsAsync(snapshot, CancellationToken.None).ConfigureAwait(false)).Select(m => m.Path));
            else used.UnionWith(_written);
        }

        return used;
    }

    /// <summary>Files that nothing needs; one that stays is found by the cleaning of orphans.</summary>
    private async Task DeleteAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        List<string> unneeded = [.. files.Distinct()];
        if (unneeded.Count == 0) return;
        try
        {
            await _table.Files.DeleteAsync(unneeded, cancellationToken).ConfigureAwait(false);
        }
        catch (DltException)
        {
            // The commit, or its failure, matters more.
        }
    }

    private static (string Space, string Name) Split(string name)
    {
        var point = name.LastIndexOf('.');
        return (name[..point], name[(point + 1)..]);
    }

    /// <summary>How often, and after which time (spec/iceberg.md 2.5).</summary>
    private sealed class RetrySettings(IReadOnlyDictionary<string, string> properties)
    {
        private const int DefaultRetries = 4;
        private const int DefaultChecks = 3;

        public int Retries { get; } = Number(properties, "commit.retry.num-retries", DefaultRetries);

        public int StatusChecks { get; } = Math.Max(1, Number(properties, "commit.status-check.num-retries", DefaultChecks));

        public TimeSpan Wait(int attempt) => Backoff(Number(properties, "commit.retry.min-wait-ms", 100), Number(properties, "commit.retry.max-wait-ms", 60_000), attempt);

        public TimeSpan StatusWait(int check) => Backoff(Number(properties, "commit.status-check.min-wait-ms", 1000), Number(properties, "commit.status-check.max-wait-ms", 60_000), check);

        private static TimeSpan Backoff(int least, int most, int attempt) => TimeSpan.FromMilliseconds(Math.Min(most, least * Math.Pow(2, attempt - 1)) * (0.5 + Random.Shared.NextDouble() / 2));

        private static int Number(IReadOnlyDictionary<string, string> properties, string name, int defaultValue) =>
            properties.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : defaultValue;
    }
}
