using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Changes the default partition spec (docs/spec/iceberg.md 6.6).</summary>
/// <param name="change">Makes the changes.</param>
internal sealed class PartitionSpecAction(Action<PartitionSpecUpdate> change) : TransactionAction
{
    private (int Spec, int LastPartitionId)? _planned;

    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        // The first preparation is the plan. Later attempts must find the same spec, because field ids depend on it.
        _planned ??= (metadata.DefaultSpecId, metadata.LastPartitionId);
        if ((metadata.DefaultSpecId, metadata.LastPartitionId) != _planned)
        {
            throw new IcebergException(
                IcebergError.Conflict,
                "Another commit changed the partition spec since the change was planned. Nothing was committed. Load the table and plan "
                + "the change again.");
        }

        var update = new PartitionSpecUpdate(metadata);
        change(update);
        return Task.FromResult(UpdatesOf(metadata, update.Result()));
    }

    /// <summary>Returns the updates that make a spec the default. A spec that the table already has keeps its id.</summary>
    private static ImmutableArray<TableUpdate> UpdatesOf(TableMetadata metadata, ImmutableArray<PartitionField> fields)
    {
        var spec = new PartitionSpec(metadata.PartitionSpecs.Max(s => s.SpecId) + 1, fields);
        if (metadata.PartitionSpecs.FirstOrDefault(s => s.IsCompatible(spec)) is not { } same)
            return [new TableUpdate.AddSpec(spec), new TableUpdate.SetDefaultSpec(TableUpdate.LastAdded)];
        return same.SpecId == metadata.DefaultSpecId ? [] : [new TableUpdate.SetDefaultSpec(same.SpecId)];
    }
}
