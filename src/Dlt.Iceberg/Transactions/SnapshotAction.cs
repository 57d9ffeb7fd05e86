using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>An action that makes a snapshot: adds files, removes files, or both (spec/iceberg.md 6).</summary>
internal abstract class SnapshotAction : TransactionAction
{
    private const long ManifestTargetBytes = 8 << 20;
    private const int MinCountToMerge = 100;

    private readonly Dictionary<string, List<ManifestFile>> _kept = new(StringComparer.Ordinal);   // what was written in earlier attempts
    private int _manifests;
    private bool _isMade;

    /// <summary>The branch that moves on.</summary>
    public string Branch { get; init; } = SnapshotRef.Main;

    /// <summary>What the writer notes in the summary.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Null when the last attempt had nothing to do, so that there is no snapshot to be found.</summary>
    public override long? SnapshotId => _isMade ? Id : null;

    /// <summary>The same in every attempt: found in a table, it tells that the commit was made.</summary>
    public long Id { get; } = NewId();

    public override long? OwnSnapshotId => Id;

    protected Guid CommitId { get; } = Guid.NewGuid();

    public override async Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        metadata.CheckTakesRows();
        var parent = BranchHead.Of(metadata, Branch);
        var reader = new SnapshotReader(attempt.Files, metadata);
        var before = parent is null ? [] : await reader.ManifestsAsync(parent, cancellationToken).ConfigureAwait(false);
        var context = new Context(metadata, parent, reader, before, attempt, metadata.LastSequenceNumber + 1);
        await ValidateAsync(context, cancellationToken).ConfigureAwait(false);
        var manifests = await ManifestsAsync(context, cancellationToken).ConfigureAwait(false);
        _isMade = manifests is not null;
        if (manifests is null) return [];
        manifests = await MergeAsync(context, manifests, cancellationToken).ConfigureAwait(false);
        manifests = await ManifestCounts.CompleteAsync(manifests, reader, cancellationToken).ConfigureAwait(false);
        var list = string.Create(
            CultureInfo.InvariantCulture, $"{TableLocations.Metadata(metadata)}/snap-{Id}-{attempt.Number}-{CommitId:D}.avro");
        await attempt.WriteAsync(list,
            ManifestListWriter.Write(manifests.Select(m => UuidSummaries.Safe(m, metadata)),
                Id, parent?.SnapshotId, context.SequenceNumber), cancellationToken).ConfigureAwait(false);
        context.Summary.Set("manifests-created", manifests.Count(m => m.AddedSnapshotId == Id));
        var timestamp = Math.Max(attempt.Now.ToUnixTimeMilliseconds(), metadata.LastUpdatedMs);
        var branch = metadata.Refs.GetValueOrDefault(Branch) ?? new SnapshotRef(Id, IsBranch: true);
        return
        [
            new TableUpdate.AddSnapshot(Snapshot(context, list, timestamp)),
            new TableUpdate.SetSnapshotRef(Branch, branch with { SnapshotId = Id }),
        ];
    }

    /// <exception cref="IcebergException">What was committed since the action was planned contradicts it.</exception>
    protected virtual Task ValidateAsync(Context context, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The manifests of the new snapshot; null when there is nothing to do.</summary>
    protected abstract Task<List<ManifestFile>?> ManifestsAsync(Context context, CancellationToken cancellationToken);

    /// <summary><c>append</c>, <c>overwrite</c>, <c>delete</c> or <c>replace</c>.</summary>
    protected abstract string Operation(SnapshotSummary summary);

    /// <summary>Manifests for new files: written once, whatever number of attempts there are.</summary>
    protected async Task<List<ManifestFile>> WriteAddedAsync(Context context, string key, IReadOnlyList<EntryToWrite> entries,
        bool isDeletes, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            if (entry.File.TableUuid is { } uuid && context.Metadata.TableUuid is { } own && uuid != own)
                throw IcebergException
                    .Illegal($"{entry.File.FilePath} was written for another table, of the uuid {uuid}, and this one has {own}. Write its "
                        + "rows with a DataFileWriter of this table.");
            context.Summary.Added(entry.File);
        }

        return await WriteOnceAsync(context, key, entries, isDeletes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes entries as manifests, one or more per spec; what an earlier attempt wrote under the same key is used again.
    /// </summary>
    protected async Task<List<ManifestFile>> WriteOnceAsync(Context context, string key, IReadOnlyList<EntryToWrite> entries,
        bool isDeletes, CancellationToken cancellationToken)
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

        // New entries take their number from the list, so that only that is written again (spec/iceberg.md 3.6).
        return [.. manifests.Select(m =>
            m with
            {
                MinSequenceNumber = m.MinSequenceNumber == m.SequenceNumber ? context.SequenceNumber : m.MinSequenceNumber,
                SequenceNumber = context.SequenceNumber,
            })];
    }

    private async Task<ManifestFile> CompleteAsync(Context context, ManifestWriter writer, CancellationToken cancellationToken)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture, $"{TableLocations.Metadata(context.Metadata)}/{CommitId:D}-m{_manifests++}.avro");
        var (content, manifest) = writer.Complete(path, Id, context.SequenceNumber);
        await context.Attempt.WriteAsync(path, content, cancellationToken).ConfigureAwait(false);
        return manifest;
    }

    /// <summary>Joins small manifests (spec/iceberg.md 6.3).</summary>
    private async Task<List<ManifestFile>> MergeAsync(Context context, List<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        if (context.Metadata.Properties.GetValueOrDefault("commit.manifest-merge.enabled") == "false") return manifests;
        var least = context.Metadata.Number("commit.manifest.min-count-to-merge") ?? MinCountToMerge;
        var result = new List<ManifestFile>();
        foreach (var group in manifests.GroupBy(m => (m.IsDeletes, m.SpecId)).OrderBy(g => g.Key.IsDeletes)
            .ThenByDescending(g => g.Key.SpecId))
        {
            foreach (var bin in Bins([.. group], TargetBytes(context.Metadata)))
            {
                if (bin.Count == 1 || (bin.Contains(group.First()) && bin.Count < least)) result.AddRange(bin);
                else result.AddRange(await MergeBinAsync(context, bin, cancellationToken).ConfigureAwait(false));
            }
        }

        return result;
    }

    /// <summary>Bins of neighbours, packed from the end, so that the first one is the one that is not full.</summary>
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

    private async Task<List<ManifestFile>> MergeBinAsync(Context context, List<ManifestFile> bin, CancellationToken cancellationToken)
    {
        // Manifests of earlier changes in the same transaction have another sequence number in every attempt.
        var key = "merge " + string.Join(' ', bin.Select(m => m.AddedSnapshotId == Id ? m.Path : KeyOf(m)));
        if (_kept.ContainsKey(key))
            return await WriteOnceAsync(context, key, [], bin[0].IsDeletes, cancellationToken).ConfigureAwait(false);
        var entries = new List<EntryToWrite>();
        foreach (var manifest in bin)
        {
            foreach (var entry in await context.Reader.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
            {
                if (entry.SnapshotId == Id && entry.Status == EntryStatus.Added)
                    entries.Add(
                        EntryToWrite.Added(entry.File, Id, entry.SequenceNumber == context.SequenceNumber ? null : entry.SequenceNumber));
                else if (entry.SnapshotId == Id && entry.Status == EntryStatus.Deleted) entries.Add(EntryToWrite.Deleted(entry, Id));
                else if (entry.IsLive) entries.Add(EntryToWrite.Existing(entry));
            }
        }

        return await WriteOnceAsync(context, key, entries, bin[0].IsDeletes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A manifest as it is read: entries inherit the sequence number of the list.</summary>
    protected static string KeyOf(ManifestFile manifest) =>
        string.Create(CultureInfo.InvariantCulture, $"{manifest.Path}@{manifest.SequenceNumber}");

    private Snapshot Snapshot(Context context, string list, long timestamp)
    {
        var members = new List<KeyValuePair<string, JsonValue>> { new("snapshot-id", JsonValue.Integer(Id)) };
        if (context.Parent is { } parent) members.Add(new("parent-snapshot-id", JsonValue.Integer(parent.SnapshotId)));
        members.Add(new("sequence-number", JsonValue.Integer(context.SequenceNumber)));
        members.Add(new("timestamp-ms", JsonValue.Integer(timestamp)));
        members.Add(new("manifest-list", JsonValue.String(list)));
        members.Add(new(
            "summary", context.Summary.ToJson(Operation(context.Summary), context.Parent?.Summary, Totals(context.Before), Properties)));
        members.Add(new("schema-id", JsonValue.Integer(context.Metadata.CurrentSchemaId)));
        return new Snapshot(JsonValue.Object(members));
    }

    private static Dictionary<string, long> Totals(List<ManifestFile> manifests) =>
        manifests.Any(m => m.AddedFiles is null || m.ExistingFiles is null || m.AddedRows is null || m.ExistingRows is null)
        ? []
        : new(StringComparer.Ordinal)
        {
            ["data-files"] = manifests.Where(m => !m.IsDeletes).Sum(m => (long)m.AddedFiles! + m.ExistingFiles!.Value),
            ["records"] = manifests.Where(m => !m.IsDeletes).Sum(m => m.AddedRows!.Value + m.ExistingRows!.Value),
            ["delete-files"] = manifests.Where(m => m.IsDeletes).Sum(m => (long)m.AddedFiles! + m.ExistingFiles!.Value),
        };

    private static long TargetBytes(TableMetadata metadata) =>
        metadata.PositiveNumber("commit.manifest.target-size-bytes", ManifestTargetBytes);

    /// <summary>Positive and random (spec/iceberg.md 2.3).</summary>
    private static long NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadInt64BigEndian(bytes) ^ BinaryPrimitives.ReadInt64BigEndian(bytes[8..])) & long.MaxValue;
    }

    /// <summary>What one attempt knows.</summary>
    protected sealed class Context(TableMetadata metadata, Snapshot? parent, SnapshotReader reader,
        List<ManifestFile> before, CommitAttempt attempt, long sequenceNumber)
    {
        public TableMetadata Metadata { get; } = metadata;

        public Snapshot? Parent { get; } = parent;

        public SnapshotReader Reader { get; } = reader;

        /// <summary>Manifests of the parent.</summary>
        public List<ManifestFile> Before { get; } = before;

        public CommitAttempt Attempt { get; } = attempt;

        public long SequenceNumber { get; } = sequenceNumber;

        public SnapshotSummary Summary { get; } = new();
    }
}
