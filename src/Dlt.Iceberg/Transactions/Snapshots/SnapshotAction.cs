using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>An action that makes a snapshot: adds files, removes files, or both (docs/spec/iceberg.md 6).</summary>
internal abstract class SnapshotAction : TransactionAction
{
    private readonly Guid _commitId = Guid.NewGuid();
    private bool _isMade;

    protected SnapshotAction() => Manifests = new(Id, _commitId);

    /// <summary>The branch that moves on.</summary>
    public string Branch { get; init; } = SnapshotRef.Main;

    /// <summary>What the writer notes in the summary.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Null when the last attempt had nothing to do, so that there is no snapshot to be found.</summary>
    public override long? SnapshotId => _isMade ? Id : null;

    /// <summary>The same in every attempt: found in a table, it tells that the commit was made.</summary>
    public long Id { get; } = NewId();

    public override long? OwnSnapshotId => Id;

    /// <summary>Writes the manifests of the snapshot.</summary>
    protected WrittenManifests Manifests { get; }

    public override async Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        metadata.CheckTakesRows();
        var parent = BranchHead.Of(metadata, Branch);
        var reader = new SnapshotReader(attempt.Files, metadata);
        var before = parent is null ? [] : await reader.ManifestsAsync(parent, cancellationToken).ConfigureAwait(false);
        var context = new SnapshotContext(metadata, parent, reader, before, attempt, metadata.LastSequenceNumber + 1);
        await ValidateAsync(context, cancellationToken).ConfigureAwait(false);
        var manifests = await ManifestsAsync(context, cancellationToken).ConfigureAwait(false);
        _isMade = manifests is not null;
        if (manifests is null) return [];
        manifests = await new ManifestMerge(Manifests, Id).MergeAsync(context, manifests, cancellationToken).ConfigureAwait(false);
        manifests = await ManifestCounts.CompleteAsync(manifests, reader, cancellationToken).ConfigureAwait(false);
        var list = string.Create(
            CultureInfo.InvariantCulture, $"{TableLocations.Metadata(metadata)}/snap-{Id}-{attempt.Number}-{_commitId:D}.avro");
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
    protected virtual Task ValidateAsync(SnapshotContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The manifests of the new snapshot; null when there is nothing to do.</summary>
    protected abstract Task<List<ManifestFile>?> ManifestsAsync(SnapshotContext context, CancellationToken cancellationToken);

    /// <summary><c>append</c>, <c>overwrite</c>, <c>delete</c> or <c>replace</c>.</summary>
    protected abstract string Operation(SnapshotSummary summary);

    /// <summary>Manifests for new files: written once, whatever number of attempts there are.</summary>
    protected async Task<List<ManifestFile>> WriteAddedAsync(SnapshotContext context, string key, IReadOnlyList<EntryToWrite> entries,
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

        return await Manifests.WriteOnceAsync(context, key, entries, isDeletes, cancellationToken).ConfigureAwait(false);
    }

    private Snapshot Snapshot(SnapshotContext context, string list, long timestamp)
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

    /// <summary>Positive and random (docs/spec/iceberg.md 2.3).</summary>
    private static long NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadInt64BigEndian(bytes) ^ BinaryPrimitives.ReadInt64BigEndian(bytes[8..])) & long.MaxValue;
    }
}
