namespace Dlt.Iceberg;

/// <summary>Changes the current schema (spec/iceberg.md 6.6).</summary>
internal sealed class SchemaAction : TransactionAction
{
    private readonly Action<SchemaUpdate> _change;
    private readonly (int Schema, int LastColumnId) _planned;
    private bool _isFirst = true;

    public SchemaAction(TableMetadata planned, Action<SchemaUpdate> change)
    {
        _change = change;
        _planned = (planned.CurrentSchemaId, planned.LastColumnId);
    }

    public override Task<TableMetadata> ApplyAsync(TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        // In one transaction with another change of the schema, the second one is planned on the first.
        if (!_isFirst && attempt.Number > 1 && (metadata.CurrentSchemaId, metadata.LastColumnId) != _planned)
            throw new IcebergException(IcebergError.Conflict, "The schema was changed by another commit since the change was planned. Nothing was committed. Plan the change again.");
        _isFirst = false;
        var update = new SchemaUpdate(metadata);
        _change(update);
        var (schema, lastColumnId) = update.Result();
        if (schema.HasSameColumns(metadata.CurrentSchema)) return Task.FromResult(metadata);
        var changed = metadata.WithCurrentSchema(schema, lastColumnId);
        return Task.FromResult(changed with { Properties = update.Properties });
    }
}
