namespace Dlt.Iceberg;

/// <summary>Sets and removes properties of the table.</summary>
internal sealed class PropertiesAction(IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> remove) : TransactionAction
{
    public override Task<TableMetadata> ApplyAsync(TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        var properties = metadata.Properties.SetItems(set).RemoveRange(remove);
        return Task.FromResult(properties.SequenceEqual(metadata.Properties) ? metadata : metadata with { Properties = properties });
    }
}
