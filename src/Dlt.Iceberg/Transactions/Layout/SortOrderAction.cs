using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Changes the order of the rows in new files; no fields for no order.</summary>
internal sealed class SortOrderAction(ImmutableArray<SortField> fields) : TransactionAction
{
    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken) => Task.FromResult(UpdatesOf(metadata));

    /// <summary>An order that the table has had becomes the default one again, under its old id.</summary>
    private ImmutableArray<TableUpdate> UpdatesOf(TableMetadata metadata)
    {
        if (metadata.SortOrders.FirstOrDefault(o => o.Fields.SequenceEqual(fields)) is not { } same)
        {
            var order = fields.IsEmpty ? SortOrder.Unsorted : new SortOrder(metadata.SortOrders.Max(o => o.OrderId) + 1, fields);
            return [new TableUpdate.AddSortOrder(order), new TableUpdate.SetDefaultSortOrder(TableUpdate.LastAdded)];
        }

        return same.OrderId == metadata.DefaultSortOrderId ? [] : [new TableUpdate.SetDefaultSortOrder(same.OrderId)];
    }
}
