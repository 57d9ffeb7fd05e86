namespace Dlt.Iceberg;

/// <summary>Removes data files and adds others in one snapshot (docs/spec/iceberg.md 6.4).</summary>
internal sealed class OverwriteAction : SnapshotAction
{
    private readonly List<DataFile> _more = [];

    public IReadOnlyList<DataFile> Added { get; init; } = [];

    /// <summary>Adds further files, before the first attempt.</summary>
    public void Add(IEnumerable<DataFile> files) => _more.AddRange(files);

    /// <summary>Delete files that come in.</summary>
    public IReadOnlyList<DataFile> AddedDeletes { get; init; } = [];

    /// <summary>Which of the live data files go; null for none.</summary>
    public Func<TableMetadata, ManifestEntry, bool>? Removes { get; init; }

    /// <summary>Locations that must be among the removed ones: otherwise another commit removed them.</summary>
    public IReadOnlySet<string> MustRemove { get; init; } = new HashSet<string>();

    /// <summary>Whether every delete file goes as well, since nothing is left that they could concern; null for no.</summary>
    public Func<TableMetadata, bool>? RemovesAllDeletes { get; init; }

    /// <summary><c>replace</c> for files that hold the same rows as those they replace; else it follows from what was done.</summary>
    public string? FixedOperation { get; init; }

    /// <summary>Age of the rows in the added files; null for that of the commit.</summary>
    public long? AddedSequenceNumber { get; init; }

    /// <summary>What must not have happened since the action was planned.</summary>
    public ConflictCheck? Check { get; init; }

    private List<DataFile> AllAdded => [.. Added, .. _more];

    public override IEnumerable<string> FilesInUse => AllAdded.Concat(AddedDeletes).Select(f => f.FilePath);

    protected override string Operation(SnapshotSummary summary) =>
        FixedOperation ?? (summary.HasAddedData ? summary.HasRemovedData || AddedDeletes.Count > 0 ? "overwrite" : "append" : "delete");

    protected override Task ValidateAsync(SnapshotContext context, CancellationToken cancellationToken) =>
        Check is null ? Task.CompletedTask : Check.ValidateAsync(context.Metadata, context.Parent, context.Reader, cancellationToken);

    protected override async Task<List<ManifestFile>?> ManifestsAsync(SnapshotContext context, CancellationToken cancellationToken)
    {
        var data = new List<ManifestFile>();
        var removed = new List<ManifestEntry>();
        foreach (var manifest in context.Before.Where(m => !m.IsDeletes && m.MayHaveLiveFiles))
            data.AddRange(await FilterAsync(context, manifest, e => Removes?.Invoke(context.Metadata, e) ?? false,
                removed, cancellationToken).ConfigureAwait(false));
        var gone = removed.Select(e => e.File.FilePath).ToHashSet(StringComparer.Ordinal);
        if (MustRemove.FirstOrDefault(p => !gone.Contains(p)) is { } missing)
            throw new IcebergException(IcebergError.Conflict,
                $"{missing} was removed by another commit. Nothing was committed; the table is as that commit left it. Plan the "
                    + "change again.");
        var deletes = new List<ManifestFile>();
        var removesAllDeletes = RemovesAllDeletes?.Invoke(context.Metadata) ?? false;
        foreach (var manifest in context.Before.Where(m => m.IsDeletes && m.MayHaveLiveFiles))
        {
            // Deletes of a file that is gone have nothing to delete.
            if (gone.Count == 0) deletes.Add(manifest);
            else deletes.AddRange(await FilterAsync(context, manifest, e => removesAllDeletes
                || (DeleteIndex.TargetOf(e.File) is { } target && gone.Contains(target)), removed,
                cancellationToken).ConfigureAwait(false));
        }

        if (removed.Count == 0 && AllAdded.Count == 0 && AddedDeletes.Count == 0 && Properties.Count == 0) return null;
        foreach (var entry in removed) context.Summary.Removed(entry.File);
        var added = await WriteAddedAsync(context, "added", [.. AllAdded.Select(f => EntryToWrite.Added(f, Id, AddedSequenceNumber))],
            isDeletes: false, cancellationToken).ConfigureAwait(false);
        var addedDeletes = await WriteAddedAsync(context, "added deletes", [.. AddedDeletes.Select(f => EntryToWrite.Added(f, Id))],
            isDeletes: true, cancellationToken).ConfigureAwait(false);
        return [.. added, .. data, .. addedDeletes, .. deletes];
    }

    /// <summary>The manifest as it is, or one with what is left in it and what was removed.</summary>
    private async Task<List<ManifestFile>> FilterAsync(SnapshotContext context, ManifestFile manifest,
        Func<ManifestEntry, bool> removes, List<ManifestEntry> removed, CancellationToken cancellationToken)
    {
        var entries = (await context.Reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false)).Where(e => e.IsLive).ToList();
        var going = entries.Where(removes).ToHashSet(ReferenceEqualityComparer.Instance);
        if (going.Count == 0) return [manifest];
        removed.AddRange(going.Cast<ManifestEntry>());
        var paths = going.Cast<ManifestEntry>().Select(e => e.File.FilePath);
        return await Manifests.WriteOnceAsync(
            context, $"filter {WrittenManifests.KeyOf(manifest)} {string.Join(' ', paths)}",
            [.. entries.Select(e => going.Contains(e) ? EntryToWrite.Deleted(e, Id) : EntryToWrite.Existing(e))],
            manifest.IsDeletes, cancellationToken).ConfigureAwait(false);
    }
}
