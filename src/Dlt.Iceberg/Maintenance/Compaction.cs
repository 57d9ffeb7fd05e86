namespace Dlt.Iceberg;

/// <summary>
/// Writes data files again: small ones together, those with deletes without the deleted rows, and those with bounds that other engines
/// misread (docs/spec/iceberg.md 6.13).
/// </summary>
/// <param name="table">The table as it is now.</param>
internal sealed class Compaction(Table table)
{
    private const double SmallShare = 0.75;
    private const double LargeShare = 1.8;

    private readonly long _target = table.Metadata.TargetFileBytes();

    /// <summary>The files that are worth it.</summary>
    /// <param name="filter">Only files that may have rows such as these.</param>
    /// <param name="minInputFiles">So many small files of a partition are worth it.</param>
    /// <param name="rewriteAll">True: all files are.</param>
    /// <param name="cancellationToken">Stops.</param>
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

    /// <summary>Reads the files and commits what takes their place; the rows stay the same.</summary>
    /// <param name="chosen">The files.</param>
    /// <param name="order">The order of the rows in each written file.</param>
    /// <param name="cancellationToken">Stops; nothing is committed then.</param>
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
                    foreach (var (_, row) in batch) await writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
            }

            var paths = chosen.Select(t => t.File.FilePath).ToHashSet(StringComparer.Ordinal);
            var snapshot = table.Metadata.CurrentSnapshot!;
            var action = new OverwriteAction
            {
                Added = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false),
                // Equality deletes that come later must still apply to the rows, which are as old as they were.
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
        && !IsToBeMended(task)
        && task.File.FileSizeInBytes >= _target * SmallShare
        && task.File.FileSizeInBytes <= _target * LargeShare;

    private bool IsToBeMended(ScanTask task) => task.Deletes.Any() || UnsafeFiles.Of(table, task.Entry).Any();

    private bool IsWorthIt(List<ScanTask> group, int minInputFiles) =>
        group.Count >= minInputFiles
        || group.Exists(IsToBeMended)
        || (group.Count > 1 && group.Sum(t => t.File.FileSizeInBytes) > _target);
}
