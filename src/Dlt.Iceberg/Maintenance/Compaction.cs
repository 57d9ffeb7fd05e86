namespace Dlt.Iceberg;

/// <summary>
/// Rewrites data files: merges small files, drops deleted rows, and replaces bounds that other engines misread (docs/spec/iceberg.md 6.13).
/// </summary>
/// <param name="table">The current version of the table.</param>
internal sealed class Compaction(Table table)
{
    private const double SmallShare = 0.75;
    private const double LargeShare = 1.8;

    private readonly long _target = table.Metadata.TargetFileBytes();

    /// <summary>Chooses the data files to rewrite.</summary>
    /// <param name="filter">Leaves out files that cannot contain matching rows.</param>
    /// <param name="minInputFiles">Number of files of a partition, counting those to rewrite, from which they are merged.</param>
    /// <param name="rewriteAll">True chooses all files.</param>
    /// <param name="cancellationToken">Cancels the choice.</param>
    public async Task<List<ScanTask>> ChooseAsync(Filter filter, int minInputFiles, bool rewriteAll, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<PartitionKey, List<ScanTask>>();
        await foreach (var task in table.Scan().Where(filter).PlanFilesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!rewriteAll && IsFine(task)) continue;
            var key = new PartitionKey(task.File.SpecId, task.File.Partition);
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = [];
            group.Add(task);
        }

        return [.. groups.Values.Where(g => rewriteAll || IsWorthIt(g, minInputFiles)).SelectMany(g => g)];
    }

    /// <summary>Rewrites data files and commits the result. The rows stay the same.</summary>
    /// <param name="chosen">The data files to rewrite.</param>
    /// <param name="order">Order of the rows in each written file.</param>
    /// <param name="cancellationToken">Cancels the rewrite. Nothing is committed.</param>
    public async Task<Table> RewriteAsync(List<ScanTask> chosen, SortOrder order, CancellationToken cancellationToken)
    {
        var schema = table.Metadata.CurrentSchema;
        var reader = new TaskReader(table.Files, table.Metadata, table.Catalog?.DataFileReader);
        var writer = new DataFileWriter(table, order);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var task in chosen)
            {
                await foreach (var batch in reader.ReadAsync(task, schema, Filter.True, cancellationToken).ConfigureAwait(false))
                {
                    foreach (var (_, row) in batch) await writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
                }
            }

            var paths = chosen.Select(t => t.File.FilePath).ToHashSet(StringComparer.Ordinal);
            var snapshot = table.Metadata.CurrentSnapshot!;
            var action = new OverwriteAction
            {
                Added = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false),
                // With the old sequence number, equality deletes of other writers still apply to the rewritten rows.
                AddedSequenceNumber = snapshot.SequenceNumber,
                FixedOperation = "replace",
                Removes = (_, entry) => paths.Contains(entry.File.FilePath),
                MustRemove = paths,
                Check = new()
                {
                    Since = snapshot.SnapshotId,
                    NoDeletesFor = [.. chosen.Select(t => t.Entry)],
                    IgnoresEqualityDeletes = true,
                },
            };
            return await table.NewTransaction().Add(action).CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsFine(ScanTask task) =>
        task.File.SpecId == table.Metadata.DefaultSpecId
        && !NeedsRewrite(task)
        && task.File.FileSizeInBytes >= _target * SmallShare
        && task.File.FileSizeInBytes <= _target * LargeShare;

    private bool NeedsRewrite(ScanTask task) => task.Deletes.Any() || UnsafeFiles.Of(table, task.Entry).Any();

    private bool IsWorthIt(List<ScanTask> group, int minInputFiles) =>
        group.Count >= minInputFiles
        || group.Exists(NeedsRewrite)
        || (group.Count > 1 && group.Sum(t => t.File.FileSizeInBytes) > _target);
}
