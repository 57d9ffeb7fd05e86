using Dlt.Json;

namespace Dlt.Configuration;

/// <summary>A record with its values, and what was noticed while finding them.</summary>
/// <param name="Values">Every field of the record; embedded records are objects.</param>
/// <param name="Warnings">For the user: unknown keys, synonyms set differently, placeholders.</param>
/// <param name="Lookups">Per field, the places that were looked at.</param>
internal sealed record ResolvedConfiguration(JsonValue Values, IReadOnlyList<string> Warnings, IReadOnlyDictionary<string, List<LookupStep>> Lookups)
{
    public string? Text(string field) => Values[field] is { Kind: JsonKind.String } value ? value.AsString() : null;

    public bool? Bool(string field) => Values[field] is { Kind: JsonKind.True or JsonKind.False } value ? value.AsBool() : null;

    public long? Integer(string field) => Values[field] is { Kind: JsonKind.Integer } value ? value.AsInt64() : null;
}

/// <summary>Finds the values of a record field by field (spec/pipeline.md 11.2).</summary>
internal sealed class ConfigurationResolver(DltConfiguration configuration, IReadOnlyList<string> sections, string? pipelineName)
{
    private readonly List<string> _warnings = [];
    private readonly Dictionary<string, List<LookupStep>> _lookups = new(StringComparer.Ordinal);
    private readonly List<(string Field, List<LookupStep> Trace)> _missing = [];

    /// <param name="spec">The record.</param>
    /// <param name="explicitValues">Arguments given in code; they win over every provider.</param>
    /// <exception cref="ConfigurationException">Fields are missing, or a value has the wrong type.</exception>
    public ResolvedConfiguration Resolve(ConfigurationSpec spec, JsonValue? explicitValues = null)
    {
        var values = Record(spec, [], spec.Section, explicitValues);
        WarnUnknownKeys(spec);
        return _missing.Count > 0 ? throw configuration.Missing(spec.Name, _missing) : new(values, _warnings, _lookups);
    }

    private JsonValue Record(ConfigurationSpec spec, string[] embedded, string? own, JsonValue? given)
    {
        var values = new List<KeyValuePair<string, JsonValue>>();
        foreach (var field in spec.Fields)
        {
            if (given is { Kind: JsonKind.Object } && given.Members.TryGet(field.Name, out var explicitValue) && field.Embedded is null)
            {
                values.Add(new(field.Name, Coerce(spec, field, explicitValue, "the arguments")));
                continue;
            }

            values.Add(new(field.Name, field.Embedded is { } record
                ? Embedded(field, record, embedded, given?[field.Name])
                : Scalar(spec, field, embedded, own)));
        }

        return JsonValue.Object(values);
    }

    private JsonValue Embedded(ConfigurationField field, ConfigurationSpec record, string[] embedded, JsonValue? given)
    {
        // The native form of the whole record comes first: a table here, which the fields below find again.
        Look(field, embedded, own: null, field.Name);
        return Record(record, embedded, field.Name, given);
    }

    private JsonValue Scalar(ConfigurationSpec spec, ConfigurationField field, string[] embedded, string? own)
    {
        var found = Look(field, embedded, own, field.Name);
        foreach (var synonym in field.Synonyms)
        {
            var other = Look(field, embedded, own, synonym);
            if (found is null) found = other;
            else if (other is not null && !other.Equals(found))
                _warnings.Add($"'{field.Name}' and '{synonym}' mean the same and are set differently; '{field.Name}' = {found} is used.");
        }

        if (found is not null && !found.IsNull)
        {
            if (found.Kind == JsonKind.String && Placeholders.IsPlaceholder(found.AsString())) ThrowPlaceholder(field, found.AsString());
            return Coerce(spec, field, found, LastHit(field.Name));
        }

        if (field.Default is { } value) return value;
        if (!field.IsOptional) _missing.Add((field.Name, _lookups[field.Name]));
        return JsonValue.Null;
    }

    private void ThrowPlaceholder(ConfigurationField field, string text)
    {
        var hit = _lookups[field.Name].Last(s => s.IsHit);
        var file = configuration.Providers.OfType<TomlProvider>().FirstOrDefault(p => p.Name == hit.Provider)?.LoadedFiles.FirstOrDefault();
        throw Placeholders.Error(file ?? hit.Provider, hit.Key, text);
    }

    private JsonValue? Look(ConfigurationField field, string[] embedded, string? own, string name)
    {
        var paths = DltConfiguration.SectionPaths(sections, embedded, own);
        if (!_lookups.TryGetValue(field.Name, out var trace)) _lookups[field.Name] = trace = [];
        return configuration.Find(name, paths, pipelineName, field.IsSecret, trace);
    }

    private JsonValue Coerce(ConfigurationSpec spec, ConfigurationField field, JsonValue raw, string place)
    {
        if (!ConfigurationValues.TryCoerce(raw, field.Type, out var value))
        {
            var shown = field.IsSecret ? "a value" : $"'{raw}'";
            throw new ConfigurationException($"'{field.Name}' of {spec.Name} is {shown} in {place}, which is not of the type {field.Type.ToString().ToLowerInvariant()}. Nothing was run.") { Fields = [field.Name] };
        }

        if (field.Allowed.Length > 0 && value.Kind == JsonKind.String && !field.Allowed.Contains(value.AsString()))
        {
            throw new ConfigurationException(
                $"'{field.Name}' of {spec.Name} is '{value.AsString()}' in {place}; allowed are {string.Join(", ", field.Allowed)}. Nothing was run.") { Fields = [field.Name] };
        }

        return value;
    }

    private string LastHit(string field) => _lookups.TryGetValue(field, out var trace) && trace.FindLast(s => s.IsHit) is { } hit ? $"{hit.Provider} ({hit.Key})" : "the configuration";

    /// <summary>Keys of the record's own section that no field has: likely typing errors.</summary>
    private void WarnUnknownKeys(ConfigurationSpec spec)
    {
        foreach (var provider in configuration.Providers.OfType<TomlProvider>())
        {
            if (sections.Count == 0 || provider.Find(sections[^1], [.. sections.Take(sections.Count - 1)], false) is not { Kind: JsonKind.Object } section) continue;
            Warn(provider, section, spec, string.Join('.', sections));
        }
    }

    private void Warn(TomlProvider provider, JsonValue section, ConfigurationSpec spec, string path)
    {
        var known = spec.Fields.SelectMany(f => f.Synonyms.Prepend(f.Name)).ToList();
        foreach (var (key, value) in section.Members)
        {
            if (spec.Fields.FirstOrDefault(f => f.Name == key)?.Embedded is { } record)
            {
                if (value.Kind == JsonKind.Object) Warn(provider, value, record, $"{path}.{key}");
                continue;
            }

            if (known.Contains(key)) continue;
            var file = provider.LoadedFiles.FirstOrDefault() ?? provider.Name;
            _warnings.Add($"{file}: '{path}.{key}' is not a setting and has no effect. The nearest one is '{Nearest(key, known)}'.");
        }
    }

    private static string Nearest(string key, IEnumerable<string> known) => known.MinBy(k => Distance(key, k))!;

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
