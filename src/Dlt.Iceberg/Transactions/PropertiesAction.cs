using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Sets and removes properties of the table.</summary>
internal sealed class PropertiesAction(IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> remove) : TransactionAction
{
    public override async Task<TableMetadata> ApplyAsync(TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        // As in Java, the property is no property but the wish for that version.
        var version = set.GetValueOrDefault(ReservedProperties.FormatVersion);
        ReservedProperties.Check(set.Keys.Where(k => k != ReservedProperties.FormatVersion));
        if (version is not null)
            metadata = await new FormatVersionAction(VersionOf(version)).ApplyAsync(metadata, attempt, cancellationToken)
                .ConfigureAwait(false);
        var properties = metadata.Properties.SetItems(set.Where(p => p.Key != ReservedProperties.FormatVersion)).RemoveRange(remove);
        return properties.SequenceEqual(metadata.Properties) ? metadata : metadata with { Properties = properties };
    }

    private static int VersionOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        ? version
        : throw IcebergException.Illegal($"'{text}' is no format version. Give a number, such as 2.");
}
