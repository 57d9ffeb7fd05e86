namespace Dlt.Iceberg;

/// <summary>
/// Plans a merge on the current snapshot of a table: finds the rows, writes the files with such rows again without them, and rewrites the
/// files with new rows of which some are dropped. Files without such rows stay as they are (docs/spec/iceberg.md 6.5).
/// </summary>
/// <param name="table">The table.</param>
internal sealed class TableMerge(Table table)
{
    private readonly RowBatchReader _reader = new(table);

    /// <summary>Plans a change.</summary>
    /// <param name="request">The change.</param>
    /// <param name="cancellationToken">Cancels the plan. Orphan removal deletes the files that were written.</param>
    /// <exception cref="IcebergException">Rows cannot be written to the table, or a file is damaged.</exception>
    public async Task<MergePlan> PlanAsync(MergeRequest request, CancellationToken cancellationToken)
    {
        table.Metadata.CheckMerges();
        var matched = await new MergeScan(table, request).RunAsync(cancellationToken).ConfigureAwait(false);
        request.OnMatched?.Invoke(matched);
        var added = request.Added();
        var mode = RowChangeModes.Of(table.Metadata, "merge");
        var deletes = mode == RowChangeMode.MergeOnRead
            ? await DeletesAsync(matched, cancellationToken).ConfigureAwait(false) : [];
        var written = await RewriteAsync(request, added, matched, mode, cancellationToken).ConfigureAwait(false);
        var whole = added.Where(n => n.IsWhole && n.Count > 0).Select(n => n.File);
        var gone = matched.Where(m => mode == RowChangeMode.CopyOnWrite || m.IsRemovedWhole).Select(m => m.Task.File.FilePath);
        return new(
            matched.Sum(m => (long)m.Removed.Count), matched.Sum(m => (long)m.Changed.Count), added.Sum(n => n.Count))
        {
            AddedFiles = [.. whole, .. written],
            AddedDeletes = deletes,
            RemovedFiles = gone.ToHashSet(StringComparer.Ordinal),
            Written = [.. written.Concat(deletes).Select(f => f.FilePath)],
            Unused = [.. added.Where(n => !n.IsCopied && (!n.IsWhole || n.Count == 0)).Select(n => n.File.FilePath)],
            Check = CheckOf(request, matched, mode),
        };
    }

    private async Task<List<DataFile>> DeletesAsync(List<MatchedFile> matched, CancellationToken cancellationToken)
    {
        var writer = new PositionDeleteWriter(table);
        var deletes = new List<DataFile>();
        foreach (var file in matched.Where(m => !m.IsRemovedWhole))
        {
            List<long> positions = [.. file.Removed.Concat(file.Changed).Order()];
            deletes.Add(await writer.WriteAsync(file.Task.Entry, positions, deletes.Count, cancellationToken).ConfigureAwait(false));
        }

        return deletes;
    }

    private async Task<IReadOnlyList<DataFile>> RewriteAsync(
        MergeRequest request, IReadOnlyList<NewRows> added, List<MatchedFile> matched, RowChangeMode mode,
        CancellationToken cancellationToken)
    {
        var writer = new DataFileWriter(table);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var file in matched.Where(m => !m.IsRemovedWhole))
            {
                var keepsOthers = mode == RowChangeMode.CopyOnWrite;
                await CopyAsync(file, request, keepsOthers, writer, cancellationToken).ConfigureAwait(false);
            }

            foreach (var rows in added.Where(n => !n.IsWhole && n.Count > 0))
                await CopyAsync(rows, writer, cancellationToken).ConfigureAwait(false);
            return await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CopyAsync(
        MatchedFile file, MergeRequest request, bool keepsOthers, DataFileWriter writer, CancellationToken cancellationToken)
    {
        if (!keepsOthers && file.Changed.Count == 0) return;
        var removed = file.Removed.ToHashSet();
        var changed = file.Changed.ToHashSet();
        await foreach (var batch in _reader.ReadRowsAsync(file.Task, cancellationToken).ConfigureAwait(false))
        {
            foreach (var (position, row) in batch)
            {
                if (removed.Contains(position) || !(keepsOthers || changed.Contains(position))) continue;
                if (changed.Contains(position)) Set(row, request.Values);
                await writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task CopyAsync(NewRows rows, DataFileWriter writer, CancellationToken cancellationToken)
    {
        await foreach (var batch in _reader.ReadRowsAsync(NewRows.TaskOf(rows.File), cancellationToken).ConfigureAwait(false))
        {
            foreach (var (position, row) in batch)
            {
                if (rows.Dropped.Contains(position)) continue;
                Set(row, rows.Values);
                await writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Set(object?[] row, IReadOnlyDictionary<int, object?> values)
    {
        if (values.Count == 0) return;
        var fields = table.Metadata.CurrentSchema.Fields;
        for (var i = 0; i < fields.Length; i++)
            if (values.TryGetValue(fields[i].Id, out var value)) row[i] = value;
    }

    private ConflictCheck CheckOf(MergeRequest request, List<MatchedFile> matched, RowChangeMode mode)
    {
        var isSerializable = table.Metadata.Properties.GetValueOrDefault("write.merge.isolation-level") != "snapshot";
        return new()
        {
            Since = table.Metadata.CurrentSnapshot?.SnapshotId,
            MustExist = mode == RowChangeMode.MergeOnRead
                ? matched.Select(m => m.Task.File.FilePath).ToHashSet(StringComparer.Ordinal) : new HashSet<string>(),
            IsRemovalByDeleteAConflict = true,
            NoAddedRows = isSerializable ? request.Looked : null,
            NoDeletesFor = [.. matched.Select(m => m.Task.Entry)],
        };
    }
}
