using System.Buffers;

namespace Dlt.Iceberg;

/// <summary>Finds the rows of a table that a merge removes or changes. It reads only the columns that the conditions need.</summary>
/// <param name="table">The table.</param>
/// <param name="request">The change.</param>
internal sealed class MergeScan(Table table, MergeRequest request)
{
    /// <summary>The snapshot to look at; the current one by default.</summary>
    public TableScan Rows { get; init; } = table.Scan();

    private readonly RowBatchReader _reader = new(table);
    private readonly Lock _seen = new();

    /// <summary>Returns the files with such rows, in the order of the table.</summary>
    public async Task<List<MatchedFile>> RunAsync(CancellationToken cancellationToken)
    {
        var candidates = new List<ScanTask>();
        await foreach (var task in Rows.PlanFilesAsync(cancellationToken).ConfigureAwait(false))
            if (task.Entry.SnapshotId != request.Skipped && request.Looked.MayMatch(table.Metadata, task.File)) candidates.Add(task);
        var found = new MatchedFile?[candidates.Count];
        var partsAtOnce = Math.Max(1, Environment.ProcessorCount / Math.Max(1, candidates.Count));
        await Parallel.ForAsync(0, candidates.Count, Options(Environment.ProcessorCount, cancellationToken), async (i, stop) =>
            found[i] = await MatchAsync(candidates[i], partsAtOnce, stop).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. found.OfType<MatchedFile>()];
    }

    private static ParallelOptions Options(int atOnce, CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };

    private async Task<MatchedFile?> MatchAsync(ScanTask task, int partsAtOnce, CancellationToken cancellationToken)
    {
        var matches = new FileMatches(task.File.RecordCount);
        var fields = request.Looked.Fields.Concat(request.Seen);
        var file = await _reader.OpenAsync(task, fields, cancellationToken).ConfigureAwait(false);
        await Parallel.ForAsync(0, file.Parts, Options(partsAtOnce, cancellationToken), async (part, stop) =>
        {
            if (!await file.MayMatchAsync(part, request.Looked, stop).ConfigureAwait(false)) return;
            await foreach (var batch in file.ReadAsync(part, stop).ConfigureAwait(false)) Match(batch, matches);
        }).ConfigureAwait(false);
        return matches.ToFile(task, file.Rows);
    }

    private void Match(RowBatch batch, FileMatches matches)
    {
        var isRemoved = ArrayPool<bool>.Shared.Rent(batch.Rows);
        var isChanged = ArrayPool<bool>.Shared.Rent(batch.Rows);
        var removed = isRemoved.AsSpan(0, batch.Rows);
        var changed = isChanged.AsSpan(0, batch.Rows);
        request.Removed.Evaluate(batch, removed);
        if (request.Observed != RowCondition.None) request.Observed.Evaluate(batch, changed);   // for its marks only
        if (request.Changed == RowCondition.None) changed.Clear();
        else request.Changed.Evaluate(batch, changed);
        matches.Add(batch, removed, changed);
        if (request.OnRemoved is { } seen && removed.Contains(true))
            lock (_seen) seen(batch, removed);
        ArrayPool<bool>.Shared.Return(isRemoved);
        ArrayPool<bool>.Shared.Return(isChanged);
    }

    /// <summary>The matches of one file. Safe for concurrent use.</summary>
    private sealed class FileMatches(long fileRows)
    {
        private readonly Lock _gate = new();
        private RowPositions? _removed;
        private RowPositions? _changed;
        private long _rows;

        public void Add(RowBatch batch, ReadOnlySpan<bool> removed, ReadOnlySpan<bool> changed)
        {
            lock (_gate)
            {
                _rows += batch.Rows;
                for (var i = Next(removed, 0); i >= 0; i = Next(removed, i + 1)) (_removed ??= new(fileRows)).Add(batch.PositionOf(i));
                for (var i = Next(changed, 0); i >= 0; i = Next(changed, i + 1))
                    if (!removed[i]) (_changed ??= new(fileRows)).Add(batch.PositionOf(i));
            }
        }

        /// <returns>Null when no row matched.</returns>
        public MatchedFile? ToFile(ScanTask task, long? rows) => _removed is null && _changed is null
            ? null : new(task, _removed ?? new(fileRows), _changed ?? new(fileRows), rows ?? _rows);

        /// <summary>Index of the next match; -1 for none.</summary>
        private static int Next(ReadOnlySpan<bool> matches, int from) =>
            matches[from..].IndexOf(true) is var next and >= 0 ? from + next : -1;
    }
}
