using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Changes the current schema (docs/spec/iceberg.md 6.6).</summary>
internal sealed class SchemaAction(Action<SchemaUpdate> change) : TransactionAction
{
    private (int Schema, int LastColumnId)? _planned;

    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        // The first preparation is the plan: the table as it was loaded, after the earlier changes of the transaction.
        _planned ??= (metadata.CurrentSchemaId, metadata.LastColumnId);
        if ((metadata.CurrentSchemaId, metadata.LastColumnId) != _planned)
            throw new IcebergException(IcebergError.Conflict,
                "The schema was changed by another commit since the change was planned. Nothing was committed. Plan the change again.");
        return Task.FromResult(SchemaUpdate.Prepare(metadata, change));
    }
}
