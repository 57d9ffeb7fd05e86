using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Changes the metadata alone.</summary>
internal sealed class MetadataAction(Func<TableMetadata, CommitAttempt, TableMetadata> change) : TransactionAction
{
    public override Task<TableMetadata> ApplyAsync(TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken) =>
        Task.FromResult(change(metadata, attempt));

    /// <summary>Moves a branch to another snapshot; a roll-back wants an ancestor.</summary>
    public static MetadataAction SetCurrent(string branch, long snapshotId, bool mustBeAncestor) => new((metadata, attempt) =>
    {
        if (metadata.Find(snapshotId) is null) throw IcebergException.Illegal($"There is no snapshot {snapshotId}; it may have expired.");
        var head = BranchHead.Of(metadata, branch);
        if (mustBeAncestor && metadata.AncestorsOf(head).All(s => s.SnapshotId != snapshotId))
            throw IcebergException.Illegal(
                $"Snapshot {snapshotId} is no ancestor of the current one. Set it as the current one instead of rolling back.");
        var reference = metadata.Refs.GetValueOrDefault(branch) ?? new SnapshotRef(0, IsBranch: true);
        return metadata.WithRef(branch, reference with { SnapshotId = snapshotId }, Now(metadata, attempt));
    });

    public static MetadataAction ReplaceSortOrder(ImmutableArray<SortField> fields) => new((metadata, _) =>
    {
        SortRules.Check(fields, metadata.CurrentSchema);
        if (fields.IsEmpty)
        {
            var hasUnsorted = metadata.SortOrders.Any(o => o.OrderId == 0);
            return metadata with
            {
                DefaultSortOrderId = 0,
                SortOrders = hasUnsorted ? metadata.SortOrders : metadata.SortOrders.Add(SortOrder.Unsorted),
            };
        }

        if (metadata.SortOrders.FirstOrDefault(o => o.Fields.SequenceEqual(fields)) is { } same)
            return metadata with { DefaultSortOrderId = same.OrderId };
        var id = metadata.SortOrders.Max(o => o.OrderId) + 1;
        return metadata with { SortOrders = metadata.SortOrders.Add(new(id, fields)), DefaultSortOrderId = id };
    });

    private static long Now(TableMetadata metadata, CommitAttempt attempt) =>
        Math.Max(attempt.Now.ToUnixTimeMilliseconds(), metadata.LastUpdatedMs);
}
