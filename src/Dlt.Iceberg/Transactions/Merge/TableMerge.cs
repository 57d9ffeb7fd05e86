namespace Dlt.Iceberg;

/// <summary>
/// Plans a merge on the current snapshot of a table: finds the rows, writes the files with such rows again without them, and rewrites the
/// files with new rows of which some are dropped. Files without such rows stay as they are (docs/spec/iceberg.md 6.5).
/// </summary>
/// <param name="table">The table.</param>
internal sealed class TableMerge(Table table)
{
    /// <summary>Plans a change.</summary>
    /// <param name="request">The change.</param>
    /// <param name="cancellationToken">Cancels the plan. Orphan removal deletes the files that were written.</param>
    /// <exception cref="IcebergException">Rows cannot be written to the table, or a file is damaged.</exception>
    public async Task<MergePlan> PlanAsync(MergeRequest request, CancellationToken cancellationToken)
    {
        table.Metadata.CheckMerges();
        var matched = await new MergeScan(table, request).RunAsync(cancellationToken).ConfigureAwait(false);
        var mode = RowChangeModes.Of(table.Metadata, "merge");
        if (mode == RowChangeMode.CopyOnWrite)
            request.OnRewrite?.Invoke([.. matched.Where(m => !m.IsRemovedWhole).Select(m => m.Task.File)]);
        var added = request.Added();
        var deletes = mode == RowChangeMode.MergeOnRead
            ? await DeletesAsync(matched, cancellationToken).ConfigureAwait(false) : [];
        var written = await RewriteAsync(request, added, matched, mode, cancellationToken).ConfigureAwait(false);
        var whole = added.Where(n => n.IsWhole && n.Count > 0).Select(n => n.File);
        var gone = matched.Where(m => mode == RowChangeMode.CopyOnWrite || m.IsRemovedWhole).Select(m => m.Task.File.FilePath);
        return new(
            matched.Sum(m => m.Removed.Count), matched.Sum(m => m.Changed.Count), added.Sum(n => n.Count))
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
            List<long> positions = [.. file.Removed.Ascending().Concat(file.Changed.Ascending()).Order()];
            deletes.Add(await writer.WriteAsync(file.Task.Entry, positions, deletes.Count, cancellationToken).ConfigureAwait(false));
        }

        return deletes;
    }

    private Task<IReadOnlyList<DataFile>> RewriteAsync(
        MergeRequest request, IReadOnlyList<NewRows> added, List<MatchedFile> matched, RowChangeMode mode,
        CancellationToken cancellationToken)
    {
        var rest = mode == RowChangeMode.CopyOnWrite
            ? matched.Where(m => !m.IsRemovedWhole).Select(m => RestOf(m, request.Values))
            : matched.Where(m => m.Changed.Count > 0).Select(m => new RewriteSource(m.Task, m.Changed, m.Changed, request.Values));
        var parts = added.Where(n => !n.IsWhole && n.Count > 0).Select(PartOf);
        return new FileRewrite(table, request.TemporaryFolder).RunAsync(rest.Concat(parts), cancellationToken);
    }

    private static RewriteSource RestOf(MatchedFile file, IReadOnlyDictionary<int, object?> values)
    {
        var kept = RowPositions.All(file.Task.File.RecordCount);
        kept.RemoveAll(file.Removed);
        return new(file.Task, kept, file.Changed.Count > 0 ? file.Changed : null, values);
    }

    private static RewriteSource PartOf(NewRows rows)
    {
        var kept = RowPositions.All(rows.File.RecordCount);
        foreach (var position in rows.Dropped) kept.Remove(position);
        return new(NewRows.TaskOf(rows.File), kept, rows.Values.Count > 0 ? kept : null, rows.Values);
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
