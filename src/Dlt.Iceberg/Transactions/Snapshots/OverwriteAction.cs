namespace Dlt.Iceberg;

/// <summary>Removes data files and adds new files in one snapshot (docs/spec/iceberg.md 6.4).</summary>
internal sealed class OverwriteAction : SnapshotAction
{
    private readonly List<DataFile> _more = [];

    /// <summary>Data files to add.</summary>
    public IReadOnlyList<DataFile> Added { get; init; } = [];

    /// <summary>Delete files to add.</summary>
    public IReadOnlyList<DataFile> AddedDeletes { get; init; } = [];

    /// <summary>Selects the live data files to remove; null for none.</summary>
    public Func<TableMetadata, ManifestEntry, bool>? Removes { get; init; }

    /// <summary>Locations of data files that the action must remove. A missing one was removed by another commit, which is a
    /// conflict.</summary>
    public IReadOnlySet<string> MustRemove { get; init; } = new HashSet<string>();

    /// <summary>Returns whether to remove all delete files too, because no row is left that they concern; null for no.</summary>
    public Func<TableMetadata, bool>? RemovesAllDeletes { get; init; }

    /// <summary>Locations of delete files that concern only removed data files, so they are removed too.</summary>
    public IReadOnlySet<string> ObsoleteDeletes { get; init; } = new HashSet<string>();

    /// <summary><c>replace</c> when the added files contain the same rows as the removed files; null derives the operation from the
    /// changes.</summary>
    public string? FixedOperation { get; init; }

    /// <summary>Sequence number of the added data files; null for the number of the new snapshot.</summary>
    public long? AddedSequenceNumber { get; init; }

    /// <summary>Checks the commits since the action was planned; null for no check.</summary>
    public ConflictCheck? Check { get; init; }

    private List<DataFile> AllAdded => [.. Added, .. _more];

    public override IEnumerable<string> FilesInUse => AllAdded.Concat(AddedDeletes).Select(f => f.FilePath);

    /// <summary>Adds further data files. Call it before the first attempt.</summary>
    public void Add(IEnumerable<DataFile> files) => _more.AddRange(files);

    protected override string Operation(SnapshotSummary summary)
    {
        if (FixedOperation is not null) return FixedOperation;
        if (!summary.HasAddedData) return "delete";
        return summary.HasRemovedData || AddedDeletes.Count > 0 ? "overwrite" : "append";
    }

    protected override Task ValidateAsync(SnapshotContext context, CancellationToken cancellationToken) =>
        Check is null ? Task.CompletedTask : Check.ValidateAsync(context.Metadata, context.Parent, context.Reader, cancellationToken);

    protected override async Task<List<ManifestFile>?> ManifestsAsync(SnapshotContext context, CancellationToken cancellationToken)
    {
        var data = new List<ManifestFile>();
        var removed = new List<ManifestEntry>();
        foreach (var manifest in context.Before.Where(m => !m.IsDeletes && m.MayHaveLiveFiles))
            data.AddRange(await FilterAsync(context, manifest, IsRemoved, removed, cancellationToken).ConfigureAwait(false));
        var removedPaths = removed.Select(e => e.File.FilePath).ToHashSet(StringComparer.Ordinal);
        if (MustRemove.FirstOrDefault(p => !removedPaths.Contains(p)) is { } missing)
        {
            throw new IcebergException(
                IcebergError.Conflict,
                $"{missing} was removed by another commit. Nothing was committed, and the table is as that commit left it. "
                + "Plan the change again.");
        }

        var deletes = new List<ManifestFile>();
        var removesAllDeletes = RemovesAllDeletes?.Invoke(context.Metadata) ?? false;
        var replaced = AddedDeletes.Where(d => d.IsDeletionVector).Select(d => d.ReferencedDataFile).ToHashSet();
        foreach (var manifest in context.Before.Where(m => m.IsDeletes && m.MayHaveLiveFiles))
        {
            if (removedPaths.Count == 0 && replaced.Count == 0) deletes.Add(manifest);
            else deletes.AddRange(await FilterAsync(context, manifest, IsObsolete, removed, cancellationToken).ConfigureAwait(false));
        }

        if (removed.Count == 0 && AllAdded.Count == 0 && AddedDeletes.Count == 0 && Properties.Count == 0) return null;
        foreach (var entry in removed) context.Summary.Removed(entry.File);
        List<EntryToWrite> newData = [.. AllAdded.Select(f => EntryToWrite.Added(f, Id, AddedSequenceNumber))];
        var added = await WriteAddedAsync(context, "added", newData, isDeletes: false, cancellationToken).ConfigureAwait(false);
        List<EntryToWrite> newDeletes = [.. AddedDeletes.Select(f => EntryToWrite.Added(f, Id))];
        var addedDeletes = await WriteAddedAsync(context, "added deletes", newDeletes, isDeletes: true, cancellationToken)
            .ConfigureAwait(false);
        return [.. added, .. data, .. addedDeletes, .. deletes];

        bool IsRemoved(ManifestEntry entry) => Removes?.Invoke(context.Metadata, entry) ?? false;

        // Deletes of a removed data file no longer concern any row. A new deletion vector contains the older deletes of its file.
        bool IsObsolete(ManifestEntry entry) =>
            removesAllDeletes || ObsoleteDeletes.Contains(entry.File.FilePath)
            || (DeleteIndex.TargetOf(entry.File) is { } target && (removedPaths.Contains(target) || replaced.Contains(target)));
    }

    /// <summary>Returns the manifest unchanged when no entry is removed; else writes a manifest that marks those entries as
    /// deleted.</summary>
    private async Task<List<ManifestFile>> FilterAsync(
        SnapshotContext context, ManifestFile manifest, Func<ManifestEntry, bool> removes, List<ManifestEntry> removed,
        CancellationToken cancellationToken)
    {
        var all = await context.Reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false);
        var live = all.Where(e => e.IsLive).ToList();
        var selected = live.Where(removes).ToHashSet(ReferenceEqualityComparer.Instance);
        if (selected.Count == 0) return [manifest];
        removed.AddRange(selected.Cast<ManifestEntry>());
        var paths = selected.Cast<ManifestEntry>().Select(e => e.File.FilePath);
        var key = $"filter {WrittenManifests.KeyOf(manifest)} {string.Join(' ', paths)}";
        List<EntryToWrite> entries = [.. live.Select(e => selected.Contains(e) ? EntryToWrite.Deleted(e, Id) : EntryToWrite.Existing(e))];
        return await Manifests.WriteOnceAsync(context, key, entries, manifest.IsDeletes, cancellationToken).ConfigureAwait(false);
    }
}
