namespace Dlt.Iceberg;

/// <summary>
/// Rewrites data files: merges small files, drops deleted rows, and replaces bounds that other engines misread (docs/spec/iceberg.md 6.13).
/// </summary>
/// <param name="table">The version of the table on which the rewrite is planned.</param>
internal sealed class Compaction(Table table)
{
    private const double SmallShare = 0.75;
    private const double LargeShare = 1.8;

    /// <summary>Share of deleted rows from which a repeated compaction rewrites a file.</summary>
    private const double LadenShare = 0.3;

    /// <summary>Number of delete files of a data file from which a repeated compaction rewrites it.</summary>
    private const int LadenFiles = 5;

    /// <summary>A file is merged with the smaller ones of its partition if it is at most this many times as large as all of them.</summary>
    private const int TierFactor = 2;

    private readonly long _target = table.Metadata.TargetFileBytes();

    /// <summary>Chooses the data files to rewrite.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="cancellationToken">Cancels the choice.</param>
    public async Task<CompactionChoice> ChooseAsync(CompactionRules rules, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<PartitionKey, List<ScanTask>>();
        var concerned = new Dictionary<string, int>(StringComparer.Ordinal);   // live data files by delete file
        var stayed = 0;
        await foreach (var task in table.Scan().Where(rules.Filter).PlanFilesAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var delete in task.Deletes) concerned[delete.FilePath] = concerned.GetValueOrDefault(delete.FilePath) + 1;
            if (!rules.RewriteAll && IsFine(task, rules)) continue;
            if (rules.Stays(task.Entry))
            {
                stayed++;
                continue;
            }

            var key = new PartitionKey(task.File.SpecId, task.File.Partition);
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = [];
            group.Add(task);
        }

        var chosen = groups.Values.Select(g => rules.IsRepeated ? Tier(g, rules) : g)
            .Where(g => g.Count > 0 && (rules.RewriteAll || IsWorthIt(g, rules))).ToList();
        // A filter hides files that a delete file may concern.
        return new(chosen, rules.Filter == Filter.True ? Obsolete(chosen, concerned) : new Dictionary<string, int>(), stayed);
    }

    /// <summary>
    /// Rewrites data files and commits the result. The rows stay the same. If another commit contradicts the rewrite, the new files are
    /// deleted.
    /// </summary>
    /// <param name="transaction">
    /// A transaction of the planned version or a later one, to which the rewrite is added. Its other changes are committed too.
    /// </param>
    /// <param name="batch">The data files to rewrite.</param>
    /// <param name="order">Order of the rows in each written file.</param>
    /// <param name="cancellationToken">Cancels the rewrite. Nothing is committed.</param>
    /// <exception cref="IcebergException">Another commit removed one of the files or deleted rows of them.</exception>
    public async Task<Table> RewriteAsync(
        Transaction transaction, CompactionBatch batch, SortOrder order, CancellationToken cancellationToken)
    {
        var schema = RowLineage.SchemaOf(table.Metadata);
        var reader = new TaskReader(table.Files, table.Metadata, table.Catalog?.DataFileReader);
        var writer = new DataFileWriter(table, order, schema);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var task in batch.Tasks)
            {
                await foreach (var rows in reader.ReadAsync(task, schema, Filter.True, cancellationToken).ConfigureAwait(false))
                {
                    foreach (var (_, row) in rows) await writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
                }
            }

            var added = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await transaction.Add(ActionOf(batch, added)).CommitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IcebergException error) when (error.Error != IcebergError.CommitStateUnknown)
            {
                await DeleteAsync(added).ConfigureAwait(false);
                throw;
            }
        }
    }

    private OverwriteAction ActionOf(CompactionBatch batch, IReadOnlyList<DataFile> added)
    {
        var paths = batch.Tasks.Select(t => t.File.FilePath).ToHashSet(StringComparer.Ordinal);
        var snapshot = table.Metadata.CurrentSnapshot!;
        return new OverwriteAction
        {
            Added = added,
            // With the old sequence number, equality deletes of other writers still apply to the rewritten rows.
            AddedSequenceNumber = snapshot.SequenceNumber,
            FixedOperation = "replace",
            Removes = (_, entry) => paths.Contains(entry.File.FilePath),
            MustRemove = paths,
            ObsoleteDeletes = batch.ObsoleteDeletes,
            Check = new()
            {
                Since = snapshot.SnapshotId,
                NoDeletesFor = [.. batch.Tasks.Select(t => t.Entry)],
                // They are bound to the partition of an older spec, so they would not apply to files of the current one.
                IgnoresEqualityDeletes = batch.Tasks.All(t => t.File.SpecId == table.Metadata.DefaultSpecId),
            },
        };
    }

    /// <summary>Deletes files that no table refers to. What stays after a failure is found as an orphan.</summary>
    private async Task DeleteAsync(IReadOnlyList<DataFile> files)
    {
        try
        {
            await table.Files.DeleteAsync([.. files.Select(f => f.FilePath)], CancellationToken.None).ConfigureAwait(false);
        }
        catch (DltException)
        {
            // The caller must see why the commit failed.
        }
    }

    private bool IsFine(ScanTask task, CompactionRules rules) =>
        task.File.SpecId == table.Metadata.DefaultSpecId
        && !NeedsRewrite(task, rules)
        && task.File.FileSizeInBytes >= _target * SmallShare
        && task.File.FileSizeInBytes <= _target * LargeShare;

    private bool NeedsRewrite(ScanTask task, CompactionRules rules) =>
        (rules.IsRepeated ? IsLaden(task) : task.Deletes.Any()) || UnsafeFiles.Of(table, task.Entry).Any();

    /// <summary>True for a file with many deleted rows, or with many delete files, which each scan opens.</summary>
    private static bool IsLaden(ScanTask task)
    {
        var own = task.Deletes.Where(d => DeleteIndex.TargetOf(d) == task.File.FilePath).Sum(d => d.RecordCount);
        return own >= task.File.RecordCount * LadenShare || task.DeleteEntries.Length >= LadenFiles;
    }

    private bool IsWorthIt(List<ScanTask> group, CompactionRules rules) =>
        group.Count >= rules.MinInputFiles
        || group.Exists(t => NeedsRewrite(t, rules))
        || (group.Count > 1 && group.Sum(t => t.File.FileSizeInBytes) > _target);

    /// <summary>The files that need it, and of the others the smallest, up to one that is large compared with the smaller ones.</summary>
    private List<ScanTask> Tier(List<ScanTask> group, CompactionRules rules)
    {
        var needed = group.FindAll(t => NeedsRewrite(t, rules));
        var sizes = 0L;
        var tier = new List<ScanTask>();
        foreach (var task in group.Except(needed).OrderBy(t => t.File.FileSizeInBytes))
        {
            if (tier.Count > 0 && task.File.FileSizeInBytes > TierFactor * sizes) break;
            tier.Add(task);
            sizes += task.File.FileSizeInBytes;
        }

        return tier.Count + needed.Count >= rules.MinInputFiles ? [.. needed, .. tier] : needed;
    }

    /// <summary>Finds the delete files that concern only files of one group.</summary>
    private static Dictionary<string, int> Obsolete(List<List<ScanTask>> groups, Dictionary<string, int> concerned)
    {
        var obsolete = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < groups.Count; i++)
        {
            foreach (var delete in groups[i].SelectMany(t => t.Deletes).GroupBy(d => d.FilePath))
                if (delete.Count() == concerned[delete.Key]) obsolete[delete.Key] = i;
        }

        return obsolete;
    }
}
