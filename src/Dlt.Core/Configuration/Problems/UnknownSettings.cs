using Dlt.Internal;

namespace Dlt.Configuration;

/// <summary>Finds names in sections that are not settings: typing errors that would otherwise be ignored silently.</summary>
/// <param name="configuration">Configuration to search.</param>
/// <param name="pipelineName">Name of the pipeline, which may have its own sections.</param>
internal sealed class UnknownSettings(DltConfiguration configuration, string? pipelineName)
{
    /// <summary>Section names up to this length count as misspelt with one different letter, longer names with two.</summary>
    private const int ShortName = 6;

    private readonly List<string> _warnings = [];
    private readonly List<RefusedSetting> _refused = [];

    /// <summary>Sections of all settings, to name the right place of a misplaced setting.</summary>
    public IReadOnlyList<SettingHome> Homes { get; init; } = [];

    /// <summary>Warnings for the user; they never show values.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Misplaced settings that would stop an operation in the right place.</summary>
    public IReadOnlyList<RefusedSetting> Refused => _refused;

    /// <summary>Checks a section, also below the pipeline's name.</summary>
    /// <param name="sections">The section to check.</param>
    /// <param name="specs">The records of the section.</param>
    /// <param name="hasOthers">True when other programs may have tables in the section.</param>
    public UnknownSettings Check(IReadOnlyList<string> sections, IReadOnlyList<ConfigurationSpec> specs, bool hasOthers = false)
    {
        foreach (var path in pipelineName is null ? [sections] : new[] { [pipelineName, .. sections], sections })
        {
            foreach (var provider in configuration.Providers.OfType<TomlProvider>())
                if (provider.Find(path[^1], [.. path.Take(path.Count - 1)], false) is { Kind: JsonKind.Object } section)
                    Table(provider, section, specs, path, hasOthers);
            Environment(path, [.. specs.SelectMany(s => s.Names)], [.. specs.SelectMany(s => s.Fields).Where(f => f.Embedded is not null)]);
        }

        return this;
    }

    /// <summary>Checks the names of tables. A name that is similar to a section is reported as misspelt.</summary>
    /// <param name="sections">The table that contains them; empty for the top level of the file.</param>
    /// <param name="known">Names of the known sections.</param>
    /// <param name="hasNamed">True when a name that begins with a known one, such as <c>athena_prod</c>, is also known.</param>
    public UnknownSettings CheckTables(IReadOnlyList<string> sections, IReadOnlyList<string> known, bool hasNamed = false)
    {
        foreach (var provider in configuration.Providers.OfType<TomlProvider>())
        {
            var table = sections.Count == 0
                ? provider.Document
                : provider.Find(sections[^1], [.. sections.Take(sections.Count - 1)], false);
            if (table is not { Kind: JsonKind.Object }) continue;
            foreach (var (name, value) in table.Members)
            {
                if (value.Kind != JsonKind.Object || known.Contains(name) || name == pipelineName) continue;
                var nearest = NearestName.Of(name, known);
                var isNamed = hasNamed && known.Any(k => name.StartsWith(k + "_", StringComparison.Ordinal));
                if (!isNamed && NearestName.Distance(name, nearest) > (nearest.Length <= ShortName ? 1 : 2)) continue;
                Add(provider.LocationOf(name, sections) ?? provider.Name, string.Join('.', sections.Append(name)), "a section",
                    $" The nearest one is '{nearest}'.");
            }
        }

        return this;
    }

    private void Table(
        TomlProvider provider, JsonValue section, IReadOnlyList<ConfigurationSpec> specs, IReadOnlyList<string> path, bool hasOthers)
    {
        var known = specs.SelectMany(s => s.Names).ToList();
        foreach (var (key, value) in section.Members)
        {
            if (known.Contains(key))
            {
                var field = specs.SelectMany(s => s.Fields).FirstOrDefault(f => f.Name == key);
                if (value.Kind == JsonKind.Object && field?.Embedded is { } record)
                    Table(provider, value, [record], [.. path, key], false);
                continue;
            }

            if (value.Kind == JsonKind.Object && hasOthers) continue;
            Setting(provider, [.. path, key], string.Join('.', path.Append(key)), value, known);
        }
    }

    private void Environment(IReadOnlyList<string> path, IReadOnlyList<string> known, IReadOnlyList<ConfigurationField> embedded)
    {
        foreach (var field in embedded) Environment([.. path, field.Name], [.. field.Embedded!.Names], []);
        var prefix = string.Join("__", path).ToUpperInvariant() + "__";
        foreach (var variable in configuration.Context.EnvironmentNames)
        {
            if (!variable.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var name = variable[prefix.Length..].ToLowerInvariant();
            if (name.Contains("__", StringComparison.Ordinal) || known.Contains(name)) continue;
            Setting(configuration.Providers.First(p => p.Name == EnvironmentProvider.ProviderName), [.. path, name], variable, value: null,
                known);
        }
    }

    /// <summary>Reports a name that its section does not have: it belongs to another section or is misspelt.</summary>
    private void Setting(IConfigurationProvider provider, string[] path, string shown, JsonValue? value, IReadOnlyList<string> known)
    {
        var place = provider.Name == EnvironmentProvider.ProviderName
            ? provider.Name
            : provider.LocationOf(path[^1], path[..^1]) ?? provider.Name;
        var section = string.Join('.', path[0] == pipelineName ? path[1..^1] : path[..^1]);
        var homes = Homes.OrderByDescending(h => h.Section == section).Select(h => (Place: h.Section, Field: h.Field(path[^1])))
            .Where(h => h.Field is not null).ToList();
        if (homes.Count == 0)
        {
            Add(place, shown, "a setting", NearestName.Hint(path[^1], known));
            return;
        }

        if (homes[0].Place == section) homes = homes[..1];
        var right = string.Join(" or ", homes.Select(h => $"{h.Place}.{h.Field!.Name}"));
        var raw = value ?? provider.Find(path[^1], path[..^1], isSecret: false) ?? JsonValue.Null;
        var harm = homes
            .SelectMany(h => new UnsupportedSettings(configuration, [], null).Check(h.Field!, raw, place).Refused)
            .FirstOrDefault();
        if (Harmful(homes[0].Field!, raw) is { } misplaced)
        {
            _refused.Add(new(shown, $"{place}: '{shown}' has no effect there. It belongs to {right}.", misplaced.StopsWhereMisplaced)
            { Place = $" ({place})", IsMisplaced = true, StopsLocally = misplaced.StopsLocally });
            return;
        }

        if (harm is null)
        {
            _warnings.Add($"{place}: '{shown}' is not a setting and has no effect. It belongs to {right}.");
            return;
        }

        _refused.Add(harm with
        {
            Field = shown,
            Place = $" ({place})",
            IsMisplaced = true,
            Text = $"{place}: '{shown}' belongs to {right}, which is not supported: {homes[0].Field!.Unsupported!.Reason}.",
        });
    }

    /// <summary>Returns the field if a value of it must not be ignored; null for its default and for nothing.</summary>
    private static ConfigurationField? Harmful(ConfigurationField field, JsonValue raw)
    {
        if (field.StopsWhereMisplaced == Stops.None || raw.IsNull) return null;
        var value = ConfigurationValues.TryCoerce(raw, field.Type, out var typed) ? typed : raw;
        return value.Equals(field.Default) || value is { Kind: JsonKind.Object, Members.Count: 0 } ? null : field;
    }

    private void Add(string place, string path, string what, string hint) =>
        _warnings.Add($"{place}: '{path}' is not {what} and has no effect.{hint}");
}
