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
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, candidates.Count, options, async (i, stop) =>
            found[i] = await MatchAsync(candidates[i], stop).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. found.OfType<MatchedFile>()];
    }

    private async Task<MatchedFile?> MatchAsync(ScanTask task, CancellationToken cancellationToken)
    {
        List<long> removed = [], changed = [];
        var rows = 0L;
        var fields = request.Looked.Fields.Concat(request.Seen);
        await foreach (var batch in _reader.ReadAsync(task, fields, cancellationToken).ConfigureAwait(false))
        {
            rows += batch.Rows;
            Match(batch, removed, changed);
        }

        return removed.Count + changed.Count == 0 ? null : new(task, removed, changed, rows);
    }

    private void Match(RowBatch batch, List<long> removed, List<long> changed)
    {
        var isRemoved = new bool[batch.Rows];
        var isChanged = new bool[batch.Rows];
        request.Removed.Evaluate(batch, isRemoved);
        request.Observed.Evaluate(batch, isChanged);
        request.Changed.Evaluate(batch, isChanged);
        for (var i = 0; i < batch.Rows; i++)
        {
            if (isRemoved[i]) removed.Add(batch.PositionOf(i));
            else if (isChanged[i]) changed.Add(batch.PositionOf(i));
        }

        if (request.OnRemoved is not { } seen || !isRemoved.Contains(true)) return;
        lock (_seen) seen(batch, isRemoved);
    }
}
