using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Writes the manifests of a snapshot, each only once even if the commit needs several attempts.</summary>
/// <param name="snapshotId">Id of the snapshot.</param>
/// <param name="commitId">Makes the file names unique.</param>
internal sealed class WrittenManifests(long snapshotId, Guid commitId)
{
    private const long DefaultTargetBytes = 8 << 20;

    private readonly Dictionary<string, List<ManifestFile>> _kept = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Returns the size in bytes at which a manifest is complete: <c>commit.manifest.target-size-bytes</c>, 8 MiB by
    /// default.</summary>
    public static long TargetBytes(TableMetadata metadata) =>
        metadata.PositiveNumber("commit.manifest.target-size-bytes", DefaultTargetBytes);

    /// <summary>Returns a key for the entries of a manifest. It includes the sequence number, which entries inherit from the manifest
    /// list.</summary>
    public static string KeyOf(ManifestFile manifest) =>
        string.Create(CultureInfo.InvariantCulture, $"{manifest.Path}@{manifest.SequenceNumber}");

    /// <summary>Returns whether an earlier attempt wrote manifests under a key.</summary>
    public bool Has(string key) => _kept.ContainsKey(key);

    /// <summary>
    /// Writes entries as manifests, one or more per partition spec. Manifests that an earlier attempt wrote under the same key are used
    /// again.
    /// </summary>
    public async Task<List<ManifestFile>> WriteOnceAsync(
        SnapshotContext context, string key, IReadOnlyList<EntryToWrite> entries, bool isDeletes, CancellationToken cancellationToken)
    {
        if (!_kept.TryGetValue(key, out var manifests))
        {
            manifests = [];
            foreach (var spec in entries.GroupBy(e => e.File.SpecId).OrderByDescending(g => g.Key))
            {
                var writer = new ManifestWriter(context.Metadata, spec.Key, isDeletes);
                foreach (var entry in spec)
                {
                    writer.Add(entry);
                    if (writer.Length < TargetBytes(context.Metadata)) continue;
                    manifests.Add(await CompleteAsync(context, writer, cancellationToken).ConfigureAwait(false));
                    writer = new ManifestWriter(context.Metadata, spec.Key, isDeletes);
                }

                if (writer.Entries > 0) manifests.Add(await CompleteAsync(context, writer, cancellationToken).ConfigureAwait(false));
            }

            _kept[key] = manifests;
        }

        // New entries inherit their sequence number from the manifest list, so only the list is written again (docs/spec/iceberg.md 3.6).
        return [.. manifests.Select(m => WithSequenceNumber(m, context.SequenceNumber))];
    }

    private static ManifestFile WithSequenceNumber(ManifestFile manifest, long number) => manifest with
    {
        MinSequenceNumber = manifest.MinSequenceNumber == manifest.SequenceNumber ? number : manifest.MinSequenceNumber,
        SequenceNumber = number,
    };

    private async Task<ManifestFile> CompleteAsync(
        SnapshotContext context, ManifestWriter writer, CancellationToken cancellationToken)
    {
        var folder = TableLocations.Metadata(context.Metadata);
        var path = string.Create(CultureInfo.InvariantCulture, $"{folder}/{commitId:D}-m{_count++}.avro");
        var (content, manifest) = writer.Complete(path, snapshotId, context.SequenceNumber);
        await context.Attempt.WriteAsync(path, content, cancellationToken).ConfigureAwait(false);
        return manifest;
    }
}
