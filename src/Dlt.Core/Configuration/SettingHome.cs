namespace Dlt.Configuration;

/// <summary>A section where settings belong.</summary>
/// <param name="Section">Its dotted name, such as <c>destination.filesystem</c>.</param>
/// <param name="Spec">The record that lives there.</param>
internal sealed record SettingHome(string Section, ConfigurationSpec Spec)
{
    /// <summary>The section, and those of the records that it embeds.</summary>
    public static IEnumerable<SettingHome> Of(string section, ConfigurationSpec spec) => spec.Fields.Where(f => f.Embedded is not null)
        .SelectMany(f => Of($"{section}.{f.Name}", f.Embedded!)).Prepend(new(section, spec));

    /// <summary>
    /// The field of a name, however its words are joined: <c>read_only</c>, <c>read-only</c>, <c>readOnly</c>; null where there is none.
    /// </summary>
    public ConfigurationField? Field(string name) =>
        Spec.Fields.Concat(Spec.Others).FirstOrDefault(f => f.Synonyms.Prepend(f.Name).Any(n => Letters(n) == Letters(name)));

    private static string Letters(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
