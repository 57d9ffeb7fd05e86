using Dlt.Iceberg.Files;

namespace Dlt.Iceberg;

/// <summary>Which snapshots expire, and which files only they need (spec/iceberg.md 6.11).</summary>
internal static class SnapshotExpiry
{
    private const long DefaultMaxAgeMs = 432_000_000;

    /// <summary>Removes expired refs and snapshots from the metadata.</summary>
    public static TableMetadata Apply(TableMetadata metadata, DateTimeOffset now, DateTimeOffset? olderThan, int? retainLast)
    {
        if (metadata.Properties.GetValueOrDefault("gc.enabled") == "false")
            throw IcebergException.Illegal("The table's property gc.enabled is false: its snapshots must not expire.");
        var nowMs = now.ToUnixTimeMilliseconds();
        var refs = metadata.Refs.RemoveRange(metadata.Refs
            .Where(r => r.Key != SnapshotRef.Main && (r.Value.MaxRefAgeMs ?? metadata.Number("history.expire.max-ref-age-ms")) is { } age
                && nowMs - metadata.Find(r.Value.SnapshotId)!.TimestampMs > age)
            .Select(r => r.Key));
        var kept = refs.Values.Select(r => r.SnapshotId).ToHashSet();
        var reachable = new HashSet<long>(kept);
        var cutOff = olderThan?.ToUnixTimeMilliseconds()
            ?? nowMs - (metadata.Number("history.expire.max-snapshot-age-ms") ?? DefaultMaxAgeMs);
        foreach (var reference in refs.Values.Where(r => r.IsBranch))
        {
            var least = reference.MinSnapshotsToKeep ?? retainLast ?? (int)(metadata.Number("history.expire.min-snapshots-to-keep") ?? 1);
            var oldest = reference.MaxSnapshotAgeMs is { } age ? nowMs - age : cutOff;
            var count = 0;
            var isKept = true;
            foreach (var snapshot in metadata.AncestorsOf(metadata.Find(reference.SnapshotId)))
            {
                reachable.Add(snapshot.SnapshotId);
                isKept = isKept && (count < least || snapshot.TimestampMs >= oldest);
                if (isKept) kept.Add(snapshot.SnapshotId);
                count++;
            }
        }

        foreach (var snapshot in metadata.Snapshots)
            if (!reachable.Contains(snapshot.SnapshotId) && snapshot.TimestampMs >= cutOff) kept.Add(snapshot.SnapshotId);
        var expired = metadata.Snapshots.Select(s => s.SnapshotId).Where(id => !kept.Contains(id)).ToHashSet();
        return expired.Count == 0 && refs.Count == metadata.Refs.Count
            ? metadata : (metadata with { Refs = refs }).WithoutSnapshots(expired);
    }

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
