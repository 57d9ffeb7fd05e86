using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Changes the current schema (docs/spec/iceberg.md 6.6).</summary>
/// <param name="change">Makes the changes.</param>
internal sealed class SchemaAction(Action<SchemaUpdate> change) : TransactionAction
{
    private (int Schema, int LastColumnId)? _planned;

    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        // The first preparation is the plan. Later attempts must find the same schema, because field ids depend on it.
        _planned ??= (metadata.CurrentSchemaId, metadata.LastColumnId);
        if ((metadata.CurrentSchemaId, metadata.LastColumnId) != _planned)
        {
            throw new IcebergException(
                IcebergError.Conflict,
                "Another commit changed the schema since the change was planned. Nothing was committed. Load the table and plan the change "
                + "again.");
        }

        return Task.FromResult(SchemaUpdate.Prepare(metadata, change));
    }
}
