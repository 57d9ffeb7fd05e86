namespace Dlt.Configuration;

/// <summary>A section with the record of settings that belong in it.</summary>
/// <param name="Section">Dotted name of the section, such as <c>destination.filesystem</c>.</param>
/// <param name="Spec">The record of the section.</param>
internal sealed record SettingHome(string Section, ConfigurationSpec Spec)
{
    /// <summary>Returns the section, and the sections of its embedded records.</summary>
    public static IEnumerable<SettingHome> Of(string section, ConfigurationSpec spec) => spec.Fields.Where(f => f.Embedded is not null)
        .SelectMany(f => Of($"{section}.{f.Name}", f.Embedded!)).Prepend(new(section, spec));

    /// <summary>
    /// Returns the field with a name in any spelling, <c>read_only</c>, <c>read-only</c> or <c>readOnly</c>; null when there is none.
    /// </summary>
    public ConfigurationField? Field(string name) =>
        Spec.Fields.Concat(Spec.Others).FirstOrDefault(f => f.Synonyms.Prepend(f.Name).Any(n => Letters(n) == Letters(name)));

    private static string Letters(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
