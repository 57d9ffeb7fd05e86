namespace Dlt.Iceberg;

/// <summary>Merges small manifests, so scans of a table with many commits read few files (docs/spec/iceberg.md 6.3).</summary>
/// <param name="written">Writes the merged manifests.</param>
/// <param name="snapshotId">Id of the new snapshot.</param>
internal sealed class ManifestMerge(WrittenManifests written, long snapshotId)
{
    private const int MinCountToMerge = 100;

    /// <summary>Merges manifests of the same kind and partition spec.</summary>
    /// <param name="context">The attempt to create the snapshot.</param>
    /// <param name="manifests">The manifests of the new snapshot.</param>
    /// <param name="cancellationToken">Cancels the merge.</param>
    /// <returns>Manifests with the same live entries.</returns>
    public async Task<List<ManifestFile>> MergeAsync(
        SnapshotContext context, List<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        if (context.Metadata.Properties.GetValueOrDefault("commit.manifest-merge.enabled") == "false") return manifests;
        var minCount = context.Metadata.Number("commit.manifest.min-count-to-merge") ?? MinCountToMerge;
        var result = new List<ManifestFile>();
        var groups = manifests.GroupBy(m => (m.IsDeletes, m.SpecId));
        foreach (var group in groups.OrderBy(g => g.Key.IsDeletes).ThenByDescending(g => g.Key.SpecId))
        {
            foreach (var bin in Bins([.. group], WrittenManifests.TargetBytes(context.Metadata)))
            {
                if (bin.Count == 1 || (bin.Contains(group.First()) && bin.Count < minCount)) result.AddRange(bin);
                else result.AddRange(await MergeBinAsync(context, bin, cancellationToken).ConfigureAwait(false));
            }
        }

        return result;
    }

    /// <summary>Packs adjacent manifests into bins, starting at the end. So only the first bin, with the newest manifests, is not
    /// full.</summary>
    private static List<List<ManifestFile>> Bins(List<ManifestFile> manifests, long target)
    {
        var bins = new List<List<ManifestFile>>();
        var size = long.MaxValue;
        for (var i = manifests.Count - 1; i >= 0; i--)
        {
            if (size + manifests[i].Length > target || size == long.MaxValue)
            {
                bins.Insert(0, []);
                size = 0;
            }

            bins[0].Insert(0, manifests[i]);
            size += manifests[i].Length;
        }

        return bins;
    }

    private async Task<List<ManifestFile>> MergeBinAsync(
        SnapshotContext context, List<ManifestFile> bin, CancellationToken cancellationToken)
    {
        // Manifests of earlier changes in the same transaction have another sequence number in every attempt.
        var key = "merge " + string.Join(' ', bin.Select(m => m.AddedSnapshotId == snapshotId ? m.Path : WrittenManifests.KeyOf(m)));
        if (written.Has(key))
            return await written.WriteOnceAsync(context, key, [], bin[0].IsDeletes, cancellationToken).ConfigureAwait(false);
        var entries = new List<EntryToWrite>();
        foreach (var manifest in bin)
        {
            foreach (var entry in await context.Reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
                if (Kept(entry, context.SequenceNumber) is { } kept) entries.Add(kept);
        }

        return await written.WriteOnceAsync(context, key, entries, bin[0].IsDeletes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the entry of the merged manifest; null for an entry that an earlier snapshot deleted.</summary>
    private EntryToWrite? Kept(ManifestEntry entry, long sequenceNumber)
    {
        var isOwn = entry.SnapshotId == snapshotId;
        if (isOwn && entry.Status == EntryStatus.Added)
            return EntryToWrite.Added(entry.File, snapshotId, entry.SequenceNumber == sequenceNumber ? null : entry.SequenceNumber);
        if (isOwn && entry.Status == EntryStatus.Deleted) return EntryToWrite.Deleted(entry, snapshotId);
        return entry.IsLive ? EntryToWrite.Existing(entry) : null;
    }
}
