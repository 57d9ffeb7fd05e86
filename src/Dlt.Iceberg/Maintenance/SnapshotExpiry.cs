namespace Dlt.Iceberg;

/// <summary>Finds and deletes the files that only expired snapshots needed (docs/spec/iceberg.md 6.11).</summary>
internal static class SnapshotExpiry
{
    /// <summary>
    /// Deletes the files that only removed snapshots needed. If a manifest cannot be read, it deletes nothing and throws.
    /// </summary>
    public static async Task<IReadOnlyList<string>> DeleteFilesAsync(
        IFileIO files, TableMetadata before, TableMetadata after, CancellationToken cancellationToken)
    {
        var kept = await FilesAsync(files, after, after.Snapshots, onlyLive: true, cancellationToken).ConfigureAwait(false);
        var removed = before.Snapshots.Where(s => after.Find(s.SnapshotId) is null).ToList();
        var unneeded = await FilesAsync(files, before, removed, onlyLive: false, cancellationToken).ConfigureAwait(false);
        unneeded.ExceptWith(kept);
        await files.DeleteAsync(unneeded, cancellationToken).ConfigureAwait(false);
        return [.. unneeded.Order(StringComparer.Ordinal)];
    }

    /// <summary>Collects the locations of the manifest lists, manifests, data files and delete files of snapshots.</summary>
    public static async Task<HashSet<string>> FilesAsync(
        IFileIO files, TableMetadata metadata, IEnumerable<Snapshot> snapshots, bool onlyLive, CancellationToken cancellationToken)
    {
        var result = new HashSet<string>(StringComparer.Ordinal);
        var reader = new SnapshotReader(files, metadata);
        foreach (var snapshot in snapshots)
        {
            if (snapshot.ManifestList is { } list) result.Add(list);
            foreach (var manifest in await reader.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false))
            {
                if (!result.Add(manifest.Path)) continue;
                foreach (var entry in await reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
                    if (entry.IsLive || !onlyLive) result.Add(entry.File.FilePath);
            }
        }

        return result;
    }
}
