namespace Dlt.Iceberg;

/// <summary>Lists of version 1 may lack counts, which those of version 2 need: a count of 0 would say that nothing in a manifest is
/// live.</summary>
internal static class ManifestCounts
{
    /// <summary>The manifests with all counts; those that lack one are read.</summary>
    public static async Task<List<ManifestFile>> CompleteAsync(
        List<ManifestFile> manifests, SnapshotReader reader, CancellationToken cancellationToken)
    {
        var complete = new List<ManifestFile>(manifests.Count);
        foreach (var manifest in manifests)
            complete.Add(IsComplete(manifest)
                ? manifest : Counted(manifest, await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false)));
        return complete;
    }

    private static bool IsComplete(ManifestFile manifest) =>
        manifest is { AddedFiles: not null, ExistingFiles: not null, DeletedFiles: not null,
            AddedRows: not null, ExistingRows: not null, DeletedRows: not null };

    private static ManifestFile Counted(ManifestFile manifest, List<ManifestEntry> entries)
    {
        var rows = entries.ToLookup(e => e.Status, e => e.File.RecordCount);
        return manifest with
        {
            AddedFiles = rows[EntryStatus.Added].Count(),
            ExistingFiles = rows[EntryStatus.Existing].Count(),
            DeletedFiles = rows[EntryStatus.Deleted].Count(),
            AddedRows = rows[EntryStatus.Added].Sum(),
            ExistingRows = rows[EntryStatus.Existing].Sum(),
            DeletedRows = rows[EntryStatus.Deleted].Sum(),
        };
    }
}
