namespace Dlt.Iceberg;

/// <summary>Plans changes of single rows on the newest snapshot of a branch (docs/spec/iceberg.md 6.4, 6.5).</summary>
internal sealed class RowChanges
{
    private readonly Table _table;
    private readonly string _branch;
    private readonly IReadOnlySet<long> _own;
    private readonly IReadOnlyDictionary<string, string> _properties;
    private readonly TaskReader _reader;
    private readonly PositionDeleteWriter _deletes;
    private readonly DeletionVectorWriter _vectors;
    private readonly Schema _stored;
    private readonly bool _isSerializable;

    /// <param name="table">The table after the earlier changes of the transaction.</param>
    /// <param name="transaction">Gives the branch and the summary properties.</param>
    /// <param name="own">Ids of the snapshots of the transaction.</param>
    /// <param name="statement"><c>delete</c>, <c>update</c> or <c>merge</c>: selects the table property with the isolation level.</param>
    /// <exception cref="IcebergException">Rows cannot be written to the table.</exception>
    public RowChanges(Table table, Transaction transaction, IReadOnlySet<long> own, string statement)
    {
        table.Metadata.CheckTakesRows();
        _table = table;
        _branch = transaction.Branch;
        _properties = transaction.SummaryProperties;
        _own = own;
        _reader = new(table.Files, table.Metadata, table.Catalog?.DataFileReader);
        _deletes = new(table);
        _vectors = new(table);
        _stored = RowLineage.SchemaOf(table.Metadata);
        _isSerializable = table.Metadata.Properties.GetValueOrDefault($"write.{statement}.isolation-level") != "snapshot";
    }

    /// <summary>Plans the overwrite that deletes the matching rows and adds the rows that <see cref="RowChange.Replace"/>
    /// returns.</summary>
    /// <param name="change">The rows and their changes.</param>
    /// <param name="cancellationToken">Cancels the planning. RemoveOrphanFilesAsync deletes the files that were written.</param>
    public async Task<OverwriteAction> PlanAsync(RowChange change, CancellationToken cancellationToken)
    {
        var head = BranchHead.Of(_table.Metadata, _branch);
        var scan = head is null ? _table.Scan() : _table.Scan().UseRef(_branch);
        scan = scan.Where(change.Filter);
        var bound = scan.BoundFilter;
        var matches = change.Matches ?? (row => Matches(bound, row));
        var touched = new List<ManifestEntry>();
        var removed = new HashSet<string>(StringComparer.Ordinal);
        var deletes = new List<DataFile>();
        var writer = new DataFileWriter(_table, _table.Metadata.DefaultSortOrder, _stored);
        await using (writer.ConfigureAwait(false))
        {
            await foreach (var task in scan.PlanFilesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (change is { Mode: RowChangeMode.CopyOnWrite, Matches: null } && change.Replace == Drop && AllMatch(bound, task))
                {
                    touched.Add(task.Entry);
                    removed.Add(task.File.FilePath);
                    continue;
                }

                var (positions, kept) = await ChangeAsync(task, change, matches, writer, cancellationToken).ConfigureAwait(false);
                if (positions.Count == 0) continue;
                touched.Add(task.Entry);
                if (change.Mode == RowChangeMode.MergeOnRead)
                {
                    deletes.Add(await DeleteAsync(task, positions, deletes.Count, cancellationToken).ConfigureAwait(false));
                    continue;
                }

                removed.Add(task.File.FilePath);
                foreach (var row in kept) await writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
            }

            foreach (var row in change.Extra)
                await writer.AddAsync(RowLineage.New(row, _stored.Fields.Length), cancellationToken).ConfigureAwait(false);
            return new OverwriteAction
            {
                Branch = _branch,
                Properties = _properties,
                Added = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false),
                AddedDeletes = deletes,
                Removes = (_, entry) => removed.Contains(entry.File.FilePath),
                MustRemove = removed,
                Check = CheckOf(change, touched),
            };
        }
    }

    /// <summary>Makes the check for commits of other writers. Files of this transaction are left out: they are part of the plan, and no
    /// other writer knows them.</summary>
    private ConflictCheck CheckOf(RowChange change, List<ManifestEntry> touched)
    {
        List<ManifestEntry> known = [.. touched.Where(t => !_own.Contains(t.SnapshotId))];
        var files = change.Mode == RowChangeMode.MergeOnRead ? known.Select(t => t.File.FilePath) : [];
        var isDelete = change.Mode == RowChangeMode.MergeOnRead && change.Replace == Drop;
        // A file has one deletion vector, so two writers cannot add one at the same time. Equality deletes stay beside it.
        var hasVectors = _table.Metadata.HasRowLineage();
        return new()
        {
            Since = BranchHead.BeforeOwn(_table.Metadata, _branch, _own)?.SnapshotId,
            Own = _own,
            MustExist = files.ToHashSet(StringComparer.Ordinal),
            IsRemovalByDeleteAConflict = change.Replace != Drop,
            NoAddedData = _isSerializable ? change.Filter : null,
            NoDeletesFor = !isDelete || hasVectors ? known : [],
            IgnoresEqualityDeletes = isDelete,
        };
    }

    private async Task<DataFile> DeleteAsync(ScanTask task, List<long> positions, int number, CancellationToken cancellationToken)
    {
        if (!_table.Metadata.HasRowLineage())
            return await _deletes.WriteAsync(task.Entry, positions, number, cancellationToken).ConfigureAwait(false);
        var before = await _reader.DeletedPositionsAsync(task, cancellationToken).ConfigureAwait(false);
        return await _vectors.WriteAsync(task.Entry, positions.Concat(before), number, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a file and gives the new rows to the writer. Returns the positions of the matching rows, and the other rows of a file
    /// that is written again.</summary>
    private async Task<(List<long> Positions, List<object?[]> Kept)> ChangeAsync(
        ScanTask task, RowChange change, Predicate<object?[]> matches, DataFileWriter writer, CancellationToken cancellationToken)
    {
        var positions = new List<long>();
        var kept = new List<object?[]>();
        var columns = _table.Metadata.CurrentSchema.Fields.Length;
        var batches = _reader.ReadAsync(task, _stored, Filter.True, cancellationToken);
        await foreach (var batch in batches.ConfigureAwait(false))
        {
            foreach (var (position, stored) in batch)
            {
                var row = RowLineage.WithoutLineage(stored, columns);
                if (!matches(row))
                {
                    if (change.Mode == RowChangeMode.CopyOnWrite) kept.Add(stored);
                    continue;
                }

                positions.Add(position);
                if (change.Replace(row) is not { } changed) continue;
                if (ReferenceEquals(changed, row))
                    await writer.AddStoredAsync(RowLineage.Returned(row, stored), cancellationToken).ConfigureAwait(false);
                else await writer.AddAsync(RowLineage.Updated(changed, stored), cancellationToken).ConfigureAwait(false);
            }
        }

        return (positions, kept);
    }

    /// <summary>Deletes a row. Plans compare with this method to recognize deletes.</summary>
    public static object?[]? Drop(object?[] row) => null;

    private bool AllMatch(Filter filter, ScanTask task)
    {
        var schema = _table.Metadata.CurrentSchema;
        if (new MetricsFilter(schema, task.File).AllMatch(filter)) return true;
        return _table.Metadata.SpecOf(task.File.SpecId) is { } spec
            && new PartitionFilter(filter, spec, schema).AllMatch(task.File.Partition);
    }

    private bool Matches(Filter filter, object?[] row) => RowFilter.Matches(filter, field =>
    {
        object? value = row;
        var fields = _table.Metadata.CurrentSchema.Fields;
        foreach (var step in _table.Metadata.CurrentSchema.PathTo(field.Id)!)
        {
            if (value is not object?[] values) return null;
            var at = fields.Select((f, i) => (f, i)).First(f => f.f.Id == step.Id).i;
            value = values[at];
            if (fields[at].Type is StructType inner) fields = inner.Fields;
        }

        return value;
    });
}
