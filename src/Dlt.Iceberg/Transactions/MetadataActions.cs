using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Changes the metadata alone.</summary>
internal sealed class MetadataAction(Func<TableMetadata, CommitAttempt, TableMetadata> change) : TransactionAction
{
    public override Task<TableMetadata> ApplyAsync(TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken) => Task.FromResult(change(metadata, attempt));

    /// <summary>Sets a branch or tag, which must still be what it was.</summary>
    public static MetadataAction SetRef(string name, SnapshotRef reference, SnapshotRef? planned, bool mustBeAncestor = false) => new((metadata, attempt) =>
    {
        var now = metadata.Refs.GetValueOrDefault(name);
        if (now?.SnapshotId != planned?.SnapshotId) throw new IcebergException(IcebergError.Conflict, $"'{name}' was {(planned is null ? "made" : now is null ? "removed" : "moved")} by another commit. Nothing was committed. Look at the table again.");
        if (mustBeAncestor && now is not null && metadata.AncestorsOf(metadata.Find(reference.SnapshotId)).All(s => s.SnapshotId != now.SnapshotId))
            throw IcebergException.Illegal($"'{name}' cannot be forwarded: its snapshot {now.SnapshotId} is no ancestor of {reference.SnapshotId}.");
        return metadata.WithRef(name, reference, Now(metadata, attempt));
    });

    public static MetadataAction RemoveRef(string name, SnapshotRef? planned) => new((metadata, _) =>
    {
        if (name == SnapshotRef.Main) throw IcebergException.Illegal("'main' cannot be removed.");
        var now = metadata.Refs.GetValueOrDefault(name);
        if (now is null && planned is null) throw IcebergException.Illegal($"There is no branch or tag '{name}'.");
        if (now?.SnapshotId != planned?.SnapshotId) throw new IcebergException(IcebergError.Conflict, $"'{name}' was {(now is null ? "removed" : "moved")} by another commit. Nothing was committed. Look at the table again.");
        return metadata with { Refs = metadata.Refs.Remove(name) };
    });

    /// <summary>Makes an older snapshot main's; a roll-back wants an ancestor.</summary>
    public static MetadataAction SetCurrent(long snapshotId, bool mustBeAncestor) => new((metadata, attempt) =>
    {
        if (metadata.Find(snapshotId) is null) throw IcebergException.Illegal($"There is no snapshot {snapshotId}; it may have expired.");
        if (mustBeAncestor && metadata.AncestorsOf(metadata.CurrentSnapshot).All(s => s.SnapshotId != snapshotId)) throw IcebergException.Illegal($"Snapshot {snapshotId} is no ancestor of the current one. Set it as the current one instead of rolling back.");
        var main = metadata.Refs.GetValueOrDefault(SnapshotRef.Main) ?? new SnapshotRef(0, IsBranch: true);
        return metadata.WithRef(SnapshotRef.Main, main with { SnapshotId = snapshotId }, Now(metadata, attempt));
    });

    /// <summary>Changes the default spec, which must still be the one that the change was planned on.</summary>
    public static MetadataAction UpdateSpec(TableMetadata planned, Action<PartitionSpecUpdate> change) => new((metadata, _) =>
    {
        if ((metadata.DefaultSpecId, metadata.LastPartitionId) != (planned.DefaultSpecId, planned.LastPartitionId)) throw new IcebergException(IcebergError.Conflict, "The partition spec was changed by another commit. Nothing was committed. Plan the change again.");
        var update = new PartitionSpecUpdate(metadata);
        change(update);
        return metadata.WithDefaultSpec(update.Result());
    });

    public static MetadataAction ReplaceSortOrder(ImmutableArray<SortField> fields) => new((metadata, _) =>
    {
        foreach (var field in fields)
            if (metadata.CurrentSchema.Find(field.SourceId)?.Type is not PrimitiveType type || field.Transform.ResultType(type) is null) throw IcebergException.Illegal($"The table cannot be sorted by {field.Transform} of the field {field.SourceId}.");
        if (fields.IsEmpty) return metadata with { DefaultSortOrderId = 0, SortOrders = metadata.SortOrders.Any(o => o.OrderId == 0) ? metadata.SortOrders : metadata.SortOrders.Add(SortOrder.Unsorted) };
        if (metadata.SortOrders.FirstOrDefault(o => o.Fields.SequenceEqual(fields)) is { } same) return metadata with { DefaultSortOrderId = same.OrderId };
        var id = metadata.SortOrders.Max(o => o.OrderId) + 1;
        return metadata with { SortOrders = metadata.SortOrders.Add(new(id, fields)), DefaultSortOrderId = id };
    });

    private static long Now(TableMetadata metadata, CommitAttempt attempt) => Math.Max(attempt.Now.ToUnixTimeMilliseconds(), metadata.LastUpdatedMs);
}
