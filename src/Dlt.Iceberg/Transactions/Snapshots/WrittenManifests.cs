using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Writes the manifests of a snapshot, each once whatever number of attempts the commit takes.</summary>
/// <param name="snapshotId">The snapshot.</param>
/// <param name="commitId">Part of the names of the files.</param>
internal sealed class WrittenManifests(long snapshotId, Guid commitId)
{
    private const long DefaultTargetBytes = 8 << 20;

    private readonly Dictionary<string, List<ManifestFile>> _kept = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Bytes at which a manifest is complete: <c>commit.manifest.target-size-bytes</c>, 8 MiB by default.</summary>
    public static long TargetBytes(TableMetadata metadata) =>
        metadata.PositiveNumber("commit.manifest.target-size-bytes", DefaultTargetBytes);

    /// <summary>Identifies a manifest as it is read: entries inherit the sequence number of the list.</summary>
    public static string KeyOf(ManifestFile manifest) =>
        string.Create(CultureInfo.InvariantCulture, $"{manifest.Path}@{manifest.SequenceNumber}");

    /// <summary>Tells whether an earlier attempt has written manifests under a key.</summary>
    public bool Has(string key) => _kept.ContainsKey(key);

    /// <summary>
    /// Writes entries as manifests, one or more per spec; what an earlier attempt wrote under the same key is used again.
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

        // New entries take their number from the list, so that only that is written again (docs/spec/iceberg.md 3.6).
        return [.. manifests.Select(m =>
            m with
            {
                MinSequenceNumber = m.MinSequenceNumber == m.SequenceNumber ? context.SequenceNumber : m.MinSequenceNumber,
                SequenceNumber = context.SequenceNumber,
            })];
    }

    private async Task<ManifestFile> CompleteAsync(
        SnapshotContext context, ManifestWriter writer, CancellationToken cancellationToken)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture, $"{TableLocations.Metadata(context.Metadata)}/{commitId:D}-m{_count++}.avro");
        var (content, manifest) = writer.Complete(path, snapshotId, context.SequenceNumber);
        await context.Attempt.WriteAsync(path, content, cancellationToken).ConfigureAwait(false);
        return manifest;
    }
}
