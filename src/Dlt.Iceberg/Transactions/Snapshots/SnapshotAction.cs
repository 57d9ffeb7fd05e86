using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Creates a snapshot that adds files, removes files, or both (docs/spec/iceberg.md 6).</summary>
internal abstract class SnapshotAction : TransactionAction
{
    private readonly Guid _commitId = Guid.NewGuid();
    private bool _isMade;

    protected SnapshotAction() => Manifests = new(Id, _commitId);

    /// <summary>Name of the branch that the snapshot is added to.</summary>
    public string Branch { get; init; } = SnapshotRef.Main;

    /// <summary>Entries that the writer adds to the summary of the snapshot.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Id of the snapshot; null when the last attempt had nothing to do and created no snapshot.</summary>
    public override long? SnapshotId => _isMade ? Id : null;

    /// <summary>Id of the snapshot, the same in every attempt. A table that contains it shows that the commit was made.</summary>
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
        var folder = TableLocations.Metadata(metadata);
        var list = string.Create(CultureInfo.InvariantCulture, $"{folder}/snap-{Id}-{attempt.Number}-{_commitId:D}.avro");
        var (listed, rowIds) = RowIds.Assign(manifests, metadata);
        var safe = listed.Select(m => UuidSummaries.Safe(m, metadata));
        var content = ManifestListWriter.Write(safe, Id, parent?.SnapshotId, context.SequenceNumber, rowIds?.First);
        await attempt.WriteAsync(list, content, cancellationToken).ConfigureAwait(false);
        context.Summary.Set("manifests-created", manifests.Count(m => m.AddedSnapshotId == Id));
        var timestamp = Math.Max(attempt.Now.ToUnixTimeMilliseconds(), metadata.LastUpdatedMs);
        var branch = metadata.Refs.GetValueOrDefault(Branch) ?? new SnapshotRef(Id, IsBranch: true);
        return
        [
            new TableUpdate.AddSnapshot(Snapshot(context, list, timestamp, rowIds)),
            new TableUpdate.SetSnapshotRef(Branch, branch with { SnapshotId = Id }),
        ];
    }

    /// <summary>Checks the commits that were made since the action was planned.</summary>
    /// <exception cref="IcebergException">One of them contradicts the action.</exception>
    protected virtual Task ValidateAsync(SnapshotContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Returns the manifests of the new snapshot; null when there is nothing to do.</summary>
    protected abstract Task<List<ManifestFile>?> ManifestsAsync(SnapshotContext context, CancellationToken cancellationToken);

    /// <summary>Returns the operation of the snapshot: <c>append</c>, <c>overwrite</c>, <c>delete</c> or <c>replace</c>.</summary>
    protected abstract string Operation(SnapshotSummary summary);

    /// <summary>Writes the manifests of new files. Later attempts use them again.</summary>
    protected async Task<List<ManifestFile>> WriteAddedAsync(
        SnapshotContext context, string key, IReadOnlyList<EntryToWrite> entries, bool isDeletes, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            if (entry.File.TableUuid is { } uuid && context.Metadata.TableUuid is { } own && uuid != own)
            {
                throw IcebergException.Illegal(
                    $"{entry.File.FilePath} was written for another table (uuid {uuid}), not for this one (uuid {own}). "
                    + "Write its rows with a DataFileWriter of this table.");
            }

            context.Summary.Added(entry.File);
        }

        return await Manifests.WriteOnceAsync(context, key, entries, isDeletes, cancellationToken).ConfigureAwait(false);
    }

    private Snapshot Snapshot(SnapshotContext context, string list, long timestamp, RowIds? rowIds)
    {
        var members = new List<KeyValuePair<string, JsonValue>> { new("snapshot-id", JsonValue.Integer(Id)) };
        if (context.Parent is { } parent) members.Add(new("parent-snapshot-id", JsonValue.Integer(parent.SnapshotId)));
        members.Add(new("sequence-number", JsonValue.Integer(context.SequenceNumber)));
        members.Add(new("timestamp-ms", JsonValue.Integer(timestamp)));
        members.Add(new("manifest-list", JsonValue.String(list)));
        var operation = Operation(context.Summary);
        members.Add(new("summary", context.Summary.ToJson(operation, context.Parent?.Summary, Totals(context.Before), Properties)));
        members.Add(new("schema-id", JsonValue.Integer(context.Metadata.CurrentSchemaId)));
        if (rowIds is { } ids)
        {
            members.Add(new("first-row-id", JsonValue.Integer(ids.First)));
            members.Add(new("added-rows", JsonValue.Integer(ids.Count)));
        }

        return new Snapshot(JsonValue.Object(members));
    }

    /// <summary>Counts the files and rows of the parent; empty when a manifest lacks its counts.</summary>
    private static Dictionary<string, long> Totals(List<ManifestFile> manifests)
    {
        if (manifests.Any(m => m.AddedFiles is null || m.ExistingFiles is null || m.AddedRows is null || m.ExistingRows is null)) return [];
        return new(StringComparer.Ordinal)
        {
            ["data-files"] = manifests.Where(m => !m.IsDeletes).Sum(m => (long)m.AddedFiles! + m.ExistingFiles!.Value),
            ["records"] = manifests.Where(m => !m.IsDeletes).Sum(m => m.AddedRows!.Value + m.ExistingRows!.Value),
            ["delete-files"] = manifests.Where(m => m.IsDeletes).Sum(m => (long)m.AddedFiles! + m.ExistingFiles!.Value),
        };
    }

    /// <summary>Returns a random positive id (docs/spec/iceberg.md 2.3).</summary>
    private static long NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadInt64BigEndian(bytes) ^ BinaryPrimitives.ReadInt64BigEndian(bytes[8..])) & long.MaxValue;
    }
}
