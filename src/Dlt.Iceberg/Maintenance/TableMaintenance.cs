using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>Keeps tables small and fast: expires snapshots, joins small files and manifests, cleans up what no snapshot needs.</summary>
public static class TableMaintenance
{
    private const long DefaultTargetBytes = 512L << 20;
    private const double SmallShare = 0.75;
    private const double LargeShare = 1.8;
    private const int MinInputFiles = 5;
    private static readonly TimeSpan LeastOrphanAge = TimeSpan.FromHours(24);
    private static readonly TimeSpan DefaultOrphanAge = TimeSpan.FromDays(3);

    /// <summary>Removes old snapshots, and the files that only they needed (spec/iceberg.md 6.11). Branches, tags and the table's properties <c>history.expire.*</c> keep theirs.</summary>
    /// <param name="table">The table.</param>
    /// <param name="olderThan">Snapshots before this time go; those older than five days by default.</param>
    /// <param name="retainLast">So many of each branch stay in any case; one by default.</param>
    /// <param name="cancellationToken">Stops; the commit is then made or not, and files may be left to <see cref="RemoveOrphanFilesAsync"/>.</param>
    /// <returns>The table, and the files that were deleted.</returns>
    /// <exception cref="IcebergException">The table forbids it, or a file cannot be read; nothing is deleted then.</exception>
    public static async Task<(Table Table, IReadOnlyList<string> DeletedFiles)> ExpireSnapshotsAsync(this Table table, DateTimeOffset? olderThan = null, int? retainLast = null, CancellationToken cancellationToken = default)
    {
        TableMetadata? before = null;
        var transaction = table.NewTransaction().Add(new MetadataAction((metadata, attempt) =>
        {
            before = metadata;
            return SnapshotExpiry.Apply(metadata, attempt.Now, olderThan, retainLast);
        }));
        var after = await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        if (before is null || before.Snapshots.Length == after.Metadata.Snapshots.Length) return (after, []);
        return (after, await SnapshotExpiry.DeleteFilesAsync(table.Files, before, after.Metadata, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Joins small data files, and writes those again that have deletes, or bounds that other engines misread (<see cref="UnsafeFiles"/>; spec/iceberg.md 6.13). The rows stay the same.</summary>
    /// <param name="table">The table.</param>
    /// <param name="filter">Only files that may have rows such as these; all by default.</param>
    /// <param name="sortBy">Columns that the rows of a written file are sorted by; none for the order that they have.</param>
    /// <param name="minInputFiles">So many small files are worth it; five by default.</param>
    /// <param name="cancellationToken">Stops; nothing is committed then.</param>
    /// <exception cref="IcebergException">Another commit removed one of the files, or deleted rows of them.</exception>
    public static async Task<Table> CompactAsync(this Table table, Filter? filter = null, IReadOnlyList<string>? sortBy = null, int minInputFiles = MinInputFiles, CancellationToken cancellationToken = default)
    {
        var target = long.TryParse(table.Metadata.Properties.GetValueOrDefault("write.target-file-size-bytes"), out var bytes) && bytes > 0 ? bytes : DefaultTargetBytes;
        var groups = new Dictionary<PartitionKey, List<ScanTask>>();
        await foreach (var task in table.Scan().Where(filter ?? Filter.True).PlanFilesAsync(cancellationToken).ConfigureAwait(false))
        {
            var isOutdated = task.File.SpecId != table.Metadata.DefaultSpecId;
            if (!isOutdated && !IsToBeMended(task) && task.File.FileSizeInBytes >= target * SmallShare && task.File.FileSizeInBytes <= target * LargeShare) continue;
            var key = new PartitionKey(task.File.SpecId, task.File.Partition);
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = [];
            group.Add(task);
        }

        var chosen = groups.Values.Where(g => g.Count >= minInputFiles || g.Exists(IsToBeMended) || g.Sum(t => t.File.FileSizeInBytes) > target && g.Count > 1).SelectMany(g => g).ToList();
        if (chosen.Count == 0) return table;
        bool IsToBeMended(ScanTask task) => task.Deletes.Any() || UnsafeFiles.Of(table, task.Entry).Any();
        var schema = table.Metadata.CurrentSchema;
        var order = (sortBy ?? []).Select(c => schema.Fields.Select((f, i) => (f, i)).FirstOrDefault(f => f.f.Name == c) is { f: not null } found ? found.i : throw new ArgumentException($"There is no column '{c}'.")).ToArray();
        var reader = new ScanReader(table.Files, table.Metadata, table.Catalog?.DataFileReader);
        var writer = new DataFileWriter(table);
        await using (writer.ConfigureAwait(false))
        {
            var sorted = new List<object?[]>();
            foreach (var task in chosen)
            {
                await foreach (var batch in reader.ReadAsync(task, schema, Filter.True, cancellationToken).ConfigureAwait(false))
                {
                    foreach (var (_, row) in batch)
                    {
                        if (order.Length > 0) sorted.Add(row);
                        else await writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
                    }
                }
            }

            foreach (var row in sorted.Order(Comparer<object?[]>.Create((a, b) => Compare(a, b, order)))) await writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
            var paths = chosen.Select(t => t.File.FilePath).ToHashSet(StringComparer.Ordinal);
            var action = new OverwriteAction
            {
                Added = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false),
                // Equality deletes that come later must still apply to the rows, which are as old as they were.
                AddedSequenceNumber = table.Metadata.CurrentSnapshot!.SequenceNumber,
                FixedOperation = "replace",
                Removes = (_, entry) => paths.Contains(entry.File.FilePath),
                MustRemove = paths,
                Check = new() { Since = table.Metadata.CurrentSnapshot.SnapshotId, NoDeletesFor = [.. chosen.Select(t => t.Entry)], IgnoresEqualityDeletes = true },
            };
            return await table.NewTransaction().Add(action).CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the manifests anew, with the files of a partition side by side; no data file changes.</summary>
    public static Task<Table> RewriteManifestsAsync(this Table table, CancellationToken cancellationToken = default) => table.NewTransaction().Add(new RewriteManifestsAction()).CommitAsync(cancellationToken);

    /// <summary>Deletes files in the table's folders that nothing of its metadata names: leftovers of writers that ended early (spec/iceberg.md 6.12). Never for folders that several tables share.</summary>
    /// <param name="table">The table.</param>
    /// <param name="olderThan">Only files written before; three days ago by default, and never less than one day.</param>
    /// <param name="dryRun">True: nothing is deleted.</param>
    /// <param name="cancellationToken">Stops; some may be deleted then.</param>
    /// <returns>The files that were, or would be, deleted.</returns>
    /// <exception cref="IcebergException">A file of the table cannot be read; nothing was deleted.</exception>
    public static async Task<IReadOnlyList<string>> RemoveOrphanFilesAsync(this Table table, DateTimeOffset? olderThan = null, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        var now = (table.Catalog?.Time ?? TimeProvider.System).GetUtcNow();
        var before = olderThan ?? now - DefaultOrphanAge;
        if (before > now - LeastOrphanAge) before = now - LeastOrphanAge;   // younger ones may belong to a commit that is being made
        var metadata = table.Metadata;
        var used = (await SnapshotExpiry.FilesAsync(table.Files, metadata, metadata.Snapshots, onlyLive: false, cancellationToken).ConfigureAwait(false)).Select(Normalized).ToHashSet(StringComparer.Ordinal);
        used.Add(Normalized(table.MetadataLocation));
        foreach (var (_, file) in metadata.MetadataLog) used.Add(Normalized(file));
        foreach (var name in new[] { "statistics", "partition-statistics" })
            if (metadata.Source?[name] is { Kind: JsonKind.Array } statistics)
                foreach (var entry in statistics.Items)
                    if (entry["statistics-path"] is { Kind: JsonKind.String } path) used.Add(Normalized(path.AsString()));
        var orphans = new List<string>();
        foreach (var folder in new[] { TableLocations.Data(metadata), TableLocations.Metadata(metadata) })
        {
            await foreach (var (location, _, modified) in table.Files.ListAsync(folder, cancellationToken).ConfigureAwait(false))
                if (modified < before && !used.Contains(Normalized(location)) && !location.EndsWith("/version-hint.text", StringComparison.Ordinal)) orphans.Add(location);
        }

        if (!dryRun) await table.Files.DeleteAsync(orphans, cancellationToken).ConfigureAwait(false);
        return [.. orphans.Order(StringComparer.Ordinal)];
    }

    /// <summary>The older schemes of S3 mean the same.</summary>
    private static string Normalized(string location) =>
        location.StartsWith("s3a://", StringComparison.Ordinal) || location.StartsWith("s3n://", StringComparison.Ordinal) ? "s3" + location[3..] : location.StartsWith("file:", StringComparison.Ordinal) ? Files.LocalFileIO.PathOf(location) : location;

    private static int Compare(object?[] a, object?[] b, int[] order)
    {
        foreach (var i in order)
        {
            var compared = (a[i], b[i]) switch { (null, null) => 0, (null, _) => -1, (_, null) => 1, var (x, y) => ValueOrder.Compare(x, y) };
            if (compared != 0) return compared;
        }

        return 0;
    }
}
