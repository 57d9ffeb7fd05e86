using Dlt.Json;

namespace Dlt.Configuration;

/// <summary>
/// Finds names in sections that no setting has: likely typing errors, which would otherwise have no effect and say nothing.
/// </summary>
/// <param name="configuration">Where to look.</param>
/// <param name="pipelineName">The pipeline that may have sections of its own.</param>
internal sealed class UnknownSettings(DltConfiguration configuration, string? pipelineName)
{
    /// <summary>Names of sections up to this length are misspelt by one letter, longer ones by two.</summary>
    private const int ShortName = 6;

    private readonly List<string> _warnings = [];
    private readonly List<RefusedSetting> _refused = [];

    /// <summary>Where settings belong, to tell the right place of one that stands elsewhere.</summary>
    public IReadOnlyList<SettingHome> Homes { get; init; } = [];

    /// <summary>For the user; values are never shown.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Settings that stand in a wrong place and stop what they would stop in the right one.</summary>
    public IReadOnlyList<RefusedSetting> Refused => _refused;

    /// <summary>Looks at a section, also below the pipeline's name.</summary>
    /// <param name="sections">The section.</param>
    /// <param name="specs">The records that live in it.</param>
    /// <param name="hasOthers">True: tables of the section that no record knows belong to somebody else.</param>
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

    /// <summary>Looks at the names of tables: one that is nearly that of a section is a misspelt one.</summary>
    /// <param name="sections">The table that holds them; empty for the file itself.</param>
    /// <param name="known">Their names.</param>
    /// <param name="hasNamed">True: a name that goes on after a known one, such as <c>athena_prod</c>, is meant as one too.</param>
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
                if (value.Kind == JsonKind.Object && specs.SelectMany(s => s.Fields)
                    .FirstOrDefault(f => f.Name == key)?.Embedded is { } record) Table(provider, value, [record], [.. path, key], false);
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

    /// <summary>A name that its section does not know: it belongs elsewhere, or is misspelt.</summary>
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
        var harm = homes.SelectMany(h => new NeglectedSettings(configuration, [], null).Check(h.Field!, raw, place).Refused)
            .FirstOrDefault();
        if (harm is null) _warnings.Add($"{place}: '{shown}' is not a setting and has no effect. It belongs to {right}.");
        else _refused.Add(harm with
        { Field = shown, Place = $" ({place})", IsMisplaced = true,
        Text = $"{place}: '{shown}' belongs to {right}, which cannot be obeyed: {homes[0].Field!.Neglect!.Reason}." });
    }

    private void Add(string place, string path, string what, string hint) =>
        _warnings.Add($"{place}: '{path}' is not {what} and has no effect.{hint}");
}
