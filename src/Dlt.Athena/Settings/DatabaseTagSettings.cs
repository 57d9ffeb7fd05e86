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
    /// <param name="warn">Receives a warning for a block that gives no tags, although it seems to.</param>
    /// <exception cref="ConfigurationException">A tag has no text as its value.</exception>
    public static DatabaseTagSettings? Read(string section, ResolvedConfiguration athena, Action<string> warn)
    {
        var block = athena.Values["lakeformation_config"];
        var name = $"{section}.lakeformation_config";
        var given = block?["tags"] is { Kind: JsonKind.Object } map ? map : JsonValue.EmptyObject;
        if (block?["enabled"] is not { Kind: JsonKind.True or JsonKind.False } enabled)
        {
            if (given.Members.Count > 0)
                warn($"'{name}.tags' has no effect, because '{name}.enabled' is not set. Set it to true to give the database these tags.");
            return null;
        }

        if (enabled.AsBool() && given.Members.Count == 0)
            warn($"'{name}.enabled' has no effect, because '{name}.tags' has no tags. Add them, such as tags = {{ domain = \"sales\" }}.");
        var tags = new SettingMap($"{name}.tags", given);
        return new(enabled.AsBool(), given.Members.Names.ToImmutableSortedDictionary(
            tag => tag.ToLowerInvariant(),
            tag => tags.Text(tag) is { Length: > 0 } value ? value : throw tags.Wrong(tag, "a text that is not empty")));
    }

    /// <summary>The tags as messages and comparisons show them.</summary>
    public override string ToString() => $"{IsEnabled}: {string.Join(", ", Tags.Select(t => $"{t.Key}={t.Value}"))}";
}
