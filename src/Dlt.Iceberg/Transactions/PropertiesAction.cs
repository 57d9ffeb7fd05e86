using System.Collections.Immutable;
using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Sets and removes properties of the table. As in Java, <c>format-version</c> is not stored as a property: setting it upgrades
/// the table to that version.</summary>
/// <param name="set">Names and values of the properties to set.</param>
/// <param name="remove">Names of the properties to remove.</param>
internal sealed class PropertiesAction(IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> remove) : TransactionAction
{
    public override async Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        var wanted = set.Where(p => p.Key != ReservedProperties.FormatVersion).ToList();
        ReservedProperties.Check(wanted.Select(p => p.Key));
        ImmutableArray<TableUpdate> upgrade = [];
        if (set.GetValueOrDefault(ReservedProperties.FormatVersion) is { } version)
        {
            var action = new FormatVersionAction(VersionOf(version));
            upgrade = await action.PrepareAsync(metadata, attempt, cancellationToken).ConfigureAwait(false);
        }

        var properties = metadata.Properties.SetItems(wanted).RemoveRange(remove);
        return [.. upgrade, .. PropertyUpdates.Between(metadata.Properties, properties)];
    }

    private static int VersionOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        ? version
        : throw IcebergException.Illegal($"'{text}' is not a format version. Set the property format-version to a number, such as 2.");
}
