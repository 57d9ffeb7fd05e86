using System.Collections.Immutable;
using Dlt.Configuration;

namespace Dlt.Destinations.Settings;

/// <summary>The LF-tags that a database shall have (<c>lakeformation_config</c>, docs/spec/athena-destination.md 6.7).</summary>
/// <param name="IsEnabled">True to give the tags; false to take all tags from the database.</param>
/// <param name="Tags">Value of each tag by its key; none without effect.</param>
internal sealed record DatabaseTagSettings(bool IsEnabled, ImmutableSortedDictionary<string, string> Tags)
{
    /// <summary>Reads the settings; null when <c>enabled</c> is not set, so that tags stay as they are.</summary>
    /// <param name="section">Dotted name of the section of the destination.</param>
    /// <param name="athena">Its settings.</param>
    /// <exception cref="ConfigurationException">A tag has no text as its value.</exception>
    public static DatabaseTagSettings? Read(string section, ResolvedConfiguration athena)
    {
        var block = athena.Values["lakeformation_config"];
        if (block?["enabled"] is not { Kind: JsonKind.True or JsonKind.False } enabled) return null;
        var given = block["tags"] is { Kind: JsonKind.Object } map ? map : JsonValue.EmptyObject;
        var tags = new SettingMap($"{section}.lakeformation_config.tags", given);
        return new(enabled.AsBool(), given.Members.Names.ToImmutableSortedDictionary(
            name => name.ToLowerInvariant(),
            name => tags.Text(name) is { Length: > 0 } value ? value : throw tags.Wrong(name, "a text that is not empty")));
    }

    /// <summary>The tags as messages and comparisons show them.</summary>
    public override string ToString() => $"{IsEnabled}: {string.Join(", ", Tags.Select(t => $"{t.Key}={t.Value}"))}";
}
