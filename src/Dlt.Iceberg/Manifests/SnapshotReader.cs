namespace Dlt.Iceberg;

/// <summary>Manifests and entries of a snapshot.</summary>
internal sealed class SnapshotReader(IFileIO files, TableMetadata metadata)
{
    private const int Parallelism = 8;

    /// <exception cref="IcebergException">A list or manifest is damaged or missing.</exception>
    public async Task<List<ManifestFile>> ManifestsAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.ManifestList is { } list)
            return ManifestListReader.Read(await files.ReadAsync(list, cancellationToken).ConfigureAwait(false), list);
        var manifests = new List<ManifestFile>();
        foreach (var path in snapshot.InlineManifests)
            manifests.Add(
                ManifestReader.Describe(await files.ReadAsync(path, cancellationToken).ConfigureAwait(false), path, snapshot.SnapshotId));
        return manifests;
    }

    /// <summary>All entries of a manifest.</summary>
    /// <exception cref="IcebergException">It is damaged or missing.</exception>
    public async Task<List<ManifestEntry>> EntriesAsync(ManifestFile manifest, CancellationToken cancellationToken) =>
        ManifestReader.Read(await files.ReadAsync(manifest.Path, cancellationToken).ConfigureAwait(false),
            manifest, metadata.SpecOf(manifest.SpecId));

    /// <summary>The live entries of some manifests, in their order.</summary>
    public async Task<List<ManifestEntry>> LiveEntriesAsync(IEnumerable<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        var list = manifests.Where(m => m.MayHaveLiveFiles).ToList();
        var entries = new List<ManifestEntry>[list.Count];
        await Parallel.ForAsync(
            0, list.Count, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (i, token) => entries[i] = await EntriesAsync(list[i], token).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. entries.SelectMany(e => e).Where(e => e.IsLive)];
    }
}
