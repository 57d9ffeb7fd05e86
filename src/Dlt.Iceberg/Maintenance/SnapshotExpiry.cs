namespace Dlt.Iceberg;

/// <summary>Finds and deletes the files that only expired snapshots needed (docs/spec/iceberg.md 6.11).</summary>
internal static class SnapshotExpiry
{
    /// <summary>
    /// Deletes the files that only the snapshots that are gone needed. Whatever cannot be read ends it: nothing is deleted on a guess.
    /// </summary>
    public static async Task<IReadOnlyList<string>> DeleteFilesAsync(IFileIO files, TableMetadata before,
        TableMetadata after, CancellationToken cancellationToken)
    {
        var kept = await FilesAsync(files, after, after.Snapshots, onlyLive: true, cancellationToken).ConfigureAwait(false);
        var gone = before.Snapshots.Where(s => after.Find(s.SnapshotId) is null).ToList();
        var unneeded = await FilesAsync(files, before, gone, onlyLive: false, cancellationToken).ConfigureAwait(false);
        unneeded.ExceptWith(kept);
        await files.DeleteAsync(unneeded, cancellationToken).ConfigureAwait(false);
        return [.. unneeded.Order(StringComparer.Ordinal)];
    }

    /// <summary>Lists, manifests, data and delete files of snapshots.</summary>
    public static async Task<HashSet<string>> FilesAsync(IFileIO files, TableMetadata metadata,
        IEnumerable<Snapshot> snapshots, bool onlyLive, CancellationToken cancellationToken)
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
