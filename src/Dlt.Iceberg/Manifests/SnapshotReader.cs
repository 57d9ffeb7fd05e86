namespace Dlt.Iceberg;

/// <summary>Reads the manifests and entries of a snapshot.</summary>
internal sealed class SnapshotReader(IFileIO files, TableMetadata metadata)
{
    private const int Parallelism = 8;

    /// <summary>Reads the manifest list of a snapshot, or its inline manifests in version 1.</summary>
    /// <exception cref="IcebergException">A manifest list or manifest is damaged or missing.</exception>
    public async Task<List<ManifestFile>> ManifestsAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.ManifestList is { } list)
            return ManifestListReader.Read(await files.ReadAsync(list, cancellationToken).ConfigureAwait(false), list);
        var manifests = new List<ManifestFile>();
        foreach (var path in snapshot.InlineManifests)
        {
            var content = await files.ReadAsync(path, cancellationToken).ConfigureAwait(false);
            manifests.Add(ManifestReader.Describe(content, path, snapshot.SnapshotId));
        }

        return manifests;
    }

    /// <summary>Reads all entries of a manifest.</summary>
    /// <exception cref="IcebergException">The manifest is damaged or missing.</exception>
    public async Task<List<ManifestEntry>> EntriesAsync(ManifestFile manifest, CancellationToken cancellationToken)
    {
        var content = await files.ReadAsync(manifest.Path, cancellationToken).ConfigureAwait(false);
        return ManifestReader.Read(content, manifest, metadata.SpecOf(manifest.SpecId));
    }

    /// <summary>Reads the live entries of manifests in order.</summary>
    public async Task<List<ManifestEntry>> LiveEntriesAsync(IEnumerable<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        var list = manifests.Where(m => m.MayHaveLiveFiles).ToList();
        var entries = new List<ManifestEntry>[list.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, list.Count, options, ReadAsync).ConfigureAwait(false);
        async ValueTask ReadAsync(int i, CancellationToken token) => entries[i] = await EntriesAsync(list[i], token).ConfigureAwait(false);
        return [.. entries.SelectMany(e => e).Where(e => e.IsLive)];
    }
}
