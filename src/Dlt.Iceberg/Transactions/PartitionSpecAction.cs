namespace Dlt.Iceberg;

/// <summary>Changes the default partition spec (spec/iceberg.md 6.6).</summary>
internal sealed class PartitionSpecAction(Action<PartitionSpecUpdate> change) : TransactionAction
{
    private (int Spec, int LastPartitionId)? _planned;

    public override Task<TableMetadata> ApplyAsync(TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        // The first application is the plan: the table as it was loaded, after the earlier changes of the transaction.
        _planned ??= (metadata.DefaultSpecId, metadata.LastPartitionId);
        if ((metadata.DefaultSpecId, metadata.LastPartitionId) != _planned)
            throw new IcebergException(IcebergError.Conflict,
                "The partition spec was changed by another commit since the change was planned. Nothing was committed. Plan the change "
                + "again.");
        var update = new PartitionSpecUpdate(metadata);
        change(update);
        return Task.FromResult(metadata.WithDefaultSpec(update.Result()));
    }
}
