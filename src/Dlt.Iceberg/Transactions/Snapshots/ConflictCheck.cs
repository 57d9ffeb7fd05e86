namespace Dlt.Iceberg;

/// <summary>What other commits must not have done since a change was planned (docs/spec/iceberg.md 6.7).</summary>
internal sealed class ConflictCheck
{
    /// <summary>The snapshot that the change was planned on; null for a table without rows.</summary>
    public long? Since { get; init; }

    /// <summary>Snapshots of the transaction itself: what its earlier changes did is no conflict.</summary>
    public IReadOnlySet<long> Own { get; init; } = new HashSet<long>();

    /// <summary>No data file may have been added that has rows of this filter; null for no such rule.</summary>
    public Filter? NoAddedData { get; init; }

    /// <summary>No deletes may have been added that concern rows of this filter; null for no such rule.</summary>
    public Filter? NoAddedDeletes { get; init; }

    /// <summary>No data file with rows of this filter may have been removed; null for no such rule.</summary>
    public Filter? NoRemovedData { get; init; }

    /// <summary>No deletes may have been added that concern these files.</summary>
    public IReadOnlyList<ManifestEntry> NoDeletesFor { get; init; } = [];

    /// <summary>True: equality deletes do not matter, because the new files keep the age of the old ones.</summary>
    public bool IgnoresEqualityDeletes { get; init; }

    /// <summary>Files that must still be there, because deletes that come in concern them.</summary>
    public IReadOnlySet<string> MustExist { get; init; } = new HashSet<string>();

    /// <summary>
    /// True: that one of them was removed by a delete is a conflict too. Deletes of the same rows do not mind; changes of them do.
    /// </summary>
    public bool IsRemovalByDeleteAConflict { get; init; }

    /// <exception cref="IcebergException">One of the rules is broken.</exception>
    public async Task ValidateAsync(TableMetadata metadata, Snapshot? parent, SnapshotReader reader, CancellationToken cancellationToken)
    {
        if (parent?.SnapshotId == Since) return;
        var history = new Dictionary<long, Snapshot>();
        var at = parent;
        for (; at is not null && at.SnapshotId != Since; at = at.ParentSnapshotId is { } id ? metadata.Find(id) : null)
            if (!Own.Contains(at.SnapshotId)) history[at.SnapshotId] = at;
        if (at is null && Since is not null) throw Conflict("the table was rolled back or replaced since the change was planned");
        if (history.Count == 0) return;
        // What a snapshot wrote stands in its own list; a later one may leave out what has nothing live in it.
        var manifests = new List<ManifestFile>();
        foreach (var snapshot in history.Values)
            manifests.AddRange((await reader.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false))
                .Where(m => m.AddedSnapshotId == snapshot.SnapshotId));
        await RemovedFilesAsync(history, reader, manifests, cancellationToken).ConfigureAwait(false);
        await AddedDataAsync(metadata, history, reader, manifests, cancellationToken).ConfigureAwait(false);
        await AddedDeletesAsync(metadata, history, reader, manifests, cancellationToken).ConfigureAwait(false);
        await RemovedDataAsync(metadata, history, reader, manifests, cancellationToken).ConfigureAwait(false);
    }

    private async Task RemovedFilesAsync(Dictionary<long, Snapshot> history, SnapshotReader reader,
        List<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        if (MustExist.Count == 0) return;
        foreach (var manifest in Of(manifests, history, isDeletes: false,
            IsRemovalByDeleteAConflict ? ["overwrite", "replace", "delete"] : ["overwrite", "replace"]))
        {
            foreach (var entry in await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
                if (entry.Status == EntryStatus.Deleted && MustExist.Contains(entry.File.FilePath))
                    throw Conflict($"{entry.File.FilePath} was removed since");
        }
    }

    private async Task AddedDataAsync(TableMetadata metadata, Dictionary<long, Snapshot> history,
        SnapshotReader reader, List<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        if (NoAddedData is not { } filter) return;
        foreach (var manifest in Of(manifests, history, isDeletes: false, "append", "overwrite"))
        {
            foreach (var entry in await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
                if (entry.Status == EntryStatus.Added && history.ContainsKey(entry.SnapshotId) && MayMatch(metadata, filter, entry.File))
                    throw Conflict($"{entry.File.FilePath} was added since, and may hold rows that the change is about");
        }
    }

    private async Task AddedDeletesAsync(TableMetadata metadata, Dictionary<long, Snapshot> history,
        SnapshotReader reader, List<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        if (NoAddedDeletes is null && NoDeletesFor.Count == 0) return;
        var added = new List<ManifestEntry>();
        foreach (var manifest in Of(manifests, history, isDeletes: true, "overwrite", "delete", "replace"))
            added.AddRange((await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
                .Where(e => e.Status == EntryStatus.Added && history.ContainsKey(e.SnapshotId)));
        if (IgnoresEqualityDeletes) added.RemoveAll(e => e.File.Content == FileContent.EqualityDeletes);
        if (NoAddedDeletes is { } filter && added.FirstOrDefault(e => PartitionMayMatch(metadata, filter, e.File)) is { } hit)
            throw Conflict($"deletes were added since ({hit.File.FilePath}) that may concern the same rows");
        if (NoDeletesFor.Count == 0 || added.Count == 0) return;
        var index = new DeleteIndex(added, metadata);
        foreach (var file in NoDeletesFor)
            if (index.Of(file) is [var first, ..])
                throw Conflict($"rows of {file.File.FilePath} were deleted since, by {first.File.FilePath}");
    }

    private async Task RemovedDataAsync(TableMetadata metadata, Dictionary<long, Snapshot> history,
        SnapshotReader reader, List<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        if (NoRemovedData is not { } filter) return;
        foreach (var manifest in Of(manifests, history, isDeletes: false, "overwrite", "delete", "replace"))
        {
            foreach (var entry in await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
                if (entry.Status == EntryStatus.Deleted && history.ContainsKey(entry.SnapshotId) && MayMatch(metadata, filter, entry.File))
                    throw Conflict($"{entry.File.FilePath} was removed since, and may have held rows that the change is about");
        }
    }

    /// <summary>Manifests that snapshots of the history added; an unknown operation counts as any.</summary>
    private static IEnumerable<ManifestFile> Of(List<ManifestFile> manifests, Dictionary<long, Snapshot> history,
        bool isDeletes, params string[] operations) =>
        manifests.Where(m => m.IsDeletes == isDeletes && history.TryGetValue(m.AddedSnapshotId, out var snapshot)
            && (snapshot.Operation is null || operations.Contains(snapshot.Operation)));

    private static bool MayMatch(TableMetadata metadata, Filter filter, DataFile file)
    {
        var bound = FilterBinder.Bind(filter, metadata.CurrentSchema);
        return PartitionMayMatch(metadata, filter, file) && new MetricsFilter(metadata.CurrentSchema, file).MayMatch(bound);
    }

    private static bool PartitionMayMatch(TableMetadata metadata, Filter filter, DataFile file) =>
        metadata.SpecOf(file.SpecId) is not { } spec
            || new PartitionFilter(FilterBinder.Bind(filter, metadata.CurrentSchema), spec, metadata.CurrentSchema)
            .MayMatch(file.Partition);

    private static IcebergException Conflict(string what) =>
        new(IcebergError.Conflict,
            $"The change was not committed: {what}. The table is as other commits left it. "
                + "Plan the change again on the table as it is now.");
}
