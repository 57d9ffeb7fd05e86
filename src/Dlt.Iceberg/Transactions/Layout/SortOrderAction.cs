using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Changes the order of the rows in new files.</summary>
/// <param name="fields">Fields of the order; empty for no order.</param>
internal sealed class SortOrderAction(ImmutableArray<SortField> fields) : TransactionAction
{
    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken) => Task.FromResult(UpdatesOf(metadata));

    /// <summary>Returns the updates that make the order the default. An order that the table already has keeps its id.</summary>
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
