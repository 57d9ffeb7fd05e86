namespace Dlt.Iceberg;

/// <summary>Checks that the commits of other writers since a change was planned do not contradict it (docs/spec/iceberg.md 6.7).</summary>
internal sealed class ConflictCheck
{
    /// <summary>Id of the snapshot that the change was planned on; null for a table without rows.</summary>
    public long? Since { get; init; }

    /// <summary>Ids of the snapshots of the same transaction, which cannot be a conflict.</summary>
    public IReadOnlySet<long> Own { get; init; } = new HashSet<long>();

    /// <summary>A filter whose rows no added data file may contain; null for no such rule.</summary>
    public Filter? NoAddedData { get; init; }

    /// <summary>A condition on rows that no added data file may contain; null for no such rule.</summary>
    public RowCondition? NoAddedRows { get; init; }

    /// <summary>A filter whose rows no added delete file may concern; null for no such rule.</summary>
    public Filter? NoAddedDeletes { get; init; }

    /// <summary>A filter whose rows no removed data file may have contained; null for no such rule.</summary>
    public Filter? NoRemovedData { get; init; }

    /// <summary>Data files that no added delete file may concern.</summary>
    public IReadOnlyList<ManifestEntry> NoDeletesFor { get; init; } = [];

    /// <summary>True ignores equality deletes: they still apply to the new files, which keep the sequence number of the old
    /// files.</summary>
    public bool IgnoresEqualityDeletes { get; init; }

    /// <summary>Locations of data files that must still exist, because the change adds deletes for them.</summary>
    public IReadOnlySet<string> MustExist { get; init; } = new HashSet<string>();

    /// <summary>
    /// True when a delete that removed a file of <see cref="MustExist"/> is a conflict too. It is one for changes of the same rows, but not
    /// for deletes of them.
    /// </summary>
    public bool IsRemovalByDeleteAConflict { get; init; }

    /// <summary>Checks all rules on the snapshots between <see cref="Since"/> and the parent of the new snapshot.</summary>
    /// <exception cref="IcebergException">A commit of another writer breaks a rule.</exception>
    public async Task ValidateAsync(TableMetadata metadata, Snapshot? parent, SnapshotReader reader, CancellationToken cancellationToken)
    {
        if (parent?.SnapshotId == Since) return;
        var history = new Dictionary<long, Snapshot>();
        var at = parent;
        for (; at is not null && at.SnapshotId != Since; at = at.ParentSnapshotId is { } id ? metadata.Find(id) : null)
            if (!Own.Contains(at.SnapshotId)) history[at.SnapshotId] = at;
        if (at is null && Since is not null) throw Conflict("the table was rolled back or replaced since the change was planned");
        if (history.Count == 0) return;
        // Every list of the history is read, because a later list may omit manifests without live files.
        var manifests = new List<ManifestFile>();
        foreach (var snapshot in history.Values)
        {
            var listed = await reader.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false);
            manifests.AddRange(listed.Where(m => m.AddedSnapshotId == snapshot.SnapshotId));
        }

        await CheckRemovedFilesAsync(history, reader, manifests, cancellationToken).ConfigureAwait(false);
        await CheckAddedDataAsync(metadata, history, reader, manifests, cancellationToken).ConfigureAwait(false);
        await CheckAddedDeletesAsync(metadata, history, reader, manifests, cancellationToken).ConfigureAwait(false);
        await CheckRemovedDataAsync(metadata, history, reader, manifests, cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckRemovedFilesAsync(
        Dictionary<long, Snapshot> history, SnapshotReader reader, List<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        if (MustExist.Count == 0) return;
        string[] operations = IsRemovalByDeleteAConflict ? ["overwrite", "replace", "delete"] : ["overwrite", "replace"];
        foreach (var manifest in Of(manifests, history, isDeletes: false, operations))
        {
            foreach (var entry in await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
                if (entry.Status == EntryStatus.Deleted && MustExist.Contains(entry.File.FilePath))
                    throw Conflict($"another commit removed {entry.File.FilePath}");
        }
    }

    private async Task CheckAddedDataAsync(
        TableMetadata metadata, Dictionary<long, Snapshot> history, SnapshotReader reader, List<ManifestFile> manifests,
        CancellationToken cancellationToken)
    {
        if (NoAddedData is null && NoAddedRows is null) return;
        foreach (var manifest in Of(manifests, history, isDeletes: false, "append", "overwrite"))
        {
            foreach (var entry in await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
                if (entry.Status == EntryStatus.Added && history.ContainsKey(entry.SnapshotId) && MayBeAddedRows(metadata, entry.File))
                    throw Conflict($"another commit added {entry.File.FilePath}, which may contain rows that the change concerns");
        }
    }

    private async Task CheckAddedDeletesAsync(
        TableMetadata metadata, Dictionary<long, Snapshot> history, SnapshotReader reader, List<ManifestFile> manifests,
        CancellationToken cancellationToken)
    {
        if (NoAddedDeletes is null && NoDeletesFor.Count == 0) return;
        var added = new List<ManifestEntry>();
        foreach (var manifest in Of(manifests, history, isDeletes: true, "overwrite", "delete", "replace"))
        {
            var entries = await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false);
            added.AddRange(entries.Where(e => e.Status == EntryStatus.Added && history.ContainsKey(e.SnapshotId)));
        }

        if (IgnoresEqualityDeletes) added.RemoveAll(e => e.File.Content == FileContent.EqualityDeletes);
        if (NoAddedDeletes is { } filter && added.FirstOrDefault(e => PartitionMayMatch(metadata, filter, e.File)) is { } hit)
            throw Conflict($"another commit added deletes that may concern the same rows ({hit.File.FilePath})");
        if (NoDeletesFor.Count == 0 || added.Count == 0) return;
        var index = new DeleteIndex(added, metadata);
        foreach (var file in NoDeletesFor)
            if (index.Of(file) is [var first, ..])
                throw Conflict($"another commit deleted rows of {file.File.FilePath} by {first.File.FilePath}");
    }

    private async Task CheckRemovedDataAsync(
        TableMetadata metadata, Dictionary<long, Snapshot> history, SnapshotReader reader, List<ManifestFile> manifests,
        CancellationToken cancellationToken)
    {
        if (NoRemovedData is not { } filter) return;
        foreach (var manifest in Of(manifests, history, isDeletes: false, "overwrite", "delete", "replace"))
        {
            foreach (var entry in await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
                if (entry.Status == EntryStatus.Deleted && history.ContainsKey(entry.SnapshotId) && MayMatch(metadata, filter, entry.File))
                    throw Conflict($"another commit removed {entry.File.FilePath}, which may have contained rows that the change concerns");
        }
    }

    private bool MayBeAddedRows(TableMetadata metadata, DataFile file) =>
        (NoAddedData is not null && MayMatch(metadata, NoAddedData, file)) || (NoAddedRows?.MayMatch(metadata, file) ?? false);

    /// <summary>Selects the manifests that snapshots with one of the operations added. A snapshot without an operation counts as all of
    /// them.</summary>
    private static IEnumerable<ManifestFile> Of(
        List<ManifestFile> manifests, Dictionary<long, Snapshot> history, bool isDeletes, params string[] operations) =>
        manifests.Where(m => m.IsDeletes == isDeletes && history.TryGetValue(m.AddedSnapshotId, out var snapshot)
            && (snapshot.Operation is null || operations.Contains(snapshot.Operation)));

    private static bool MayMatch(TableMetadata metadata, Filter filter, DataFile file)
    {
        var bound = FilterBinder.Bind(filter, metadata.CurrentSchema);
        return PartitionMayMatch(metadata, filter, file) && new MetricsFilter(metadata.CurrentSchema, file).MayMatch(bound);
    }

    private static bool PartitionMayMatch(TableMetadata metadata, Filter filter, DataFile file)
    {
        if (metadata.SpecOf(file.SpecId) is not { } spec) return true;
        var bound = FilterBinder.Bind(filter, metadata.CurrentSchema);
        return new PartitionFilter(bound, spec, metadata.CurrentSchema).MayMatch(file.Partition);
    }

    private static IcebergException Conflict(string what) => new(
        IcebergError.Conflict,
        $"The change was not committed: {what}. The table is as the other commit left it. Load the table and plan the change again.");
}
