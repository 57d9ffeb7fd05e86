namespace Dlt.Iceberg;

/// <summary>
/// Completes the counts of manifests. Lists of version 1 may omit counts, but version 2 requires them: a count of 0 would mean that the
/// manifest has no live files.
/// </summary>
internal static class ManifestCounts
{
    /// <summary>Returns the manifests with all counts. Manifests with missing counts are read.</summary>
    public static async Task<List<ManifestFile>> CompleteAsync(
        List<ManifestFile> manifests, SnapshotReader reader, CancellationToken cancellationToken)
    {
        var complete = new List<ManifestFile>(manifests.Count);
        foreach (var manifest in manifests)
        {
            if (IsComplete(manifest))
            {
                complete.Add(manifest);
                continue;
            }

            var entries = await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false);
            complete.Add(Counted(manifest, entries));
        }

        return complete;
    }

    private static bool IsComplete(ManifestFile manifest) =>
        manifest is
        {
            AddedFiles: not null, ExistingFiles: not null, DeletedFiles: not null,
            AddedRows: not null, ExistingRows: not null, DeletedRows: not null
        };

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
