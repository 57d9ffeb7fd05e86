using System.Collections.Immutable;

namespace Dlt.Configuration;

/// <summary>The values of a configuration record, with the warnings and lookups of resolving it.</summary>
/// <param name="Values">Every field of the record; embedded records are objects.</param>
/// <param name="Warnings">Warnings for the user: synonyms with different values, unknown names in JSON text.</param>
/// <param name="Lookups">The lookups of each field.</param>
internal sealed record ResolvedConfiguration(
    JsonValue Values, IReadOnlyList<string> Warnings, IReadOnlyDictionary<string, List<LookupStep>> Lookups)
{
    /// <summary>Embedded records that were given as one value, by the name of their field.</summary>
    public IReadOnlyDictionary<string, NativeRecord> Natives { get; init; } = ImmutableDictionary<string, NativeRecord>.Empty;

    /// <summary>
    /// The section of an embedded record, by the name of its field, if it is one of <see cref="ConfigurationResolver.Before"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string[]> Owners { get; init; } = ImmutableDictionary<string, string[]>.Empty;

    /// <summary>Names of the fields that the caller of the resolver gave.</summary>
    public IReadOnlySet<string> Given { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>True when a field is set, rather than at its default.</summary>
    public bool IsSet(string field) => Given.Contains(field) || HitOf(field) is not null;

    public string? Text(string field) => Values[field] is { Kind: JsonKind.String } value ? value.AsString() : null;

    public bool? Bool(string field) => Values[field] is { Kind: JsonKind.True or JsonKind.False } value ? value.AsBool() : null;

    /// <summary>Returns the provider of a field; null when the field has its default.</summary>
    public string? ProviderOf(string field) => HitOf(field)?.Provider;

    /// <summary>Returns the place of a field for messages, such as <c>config.toml (destination.filesystem.layout)</c>.</summary>
    public string PlaceOf(string field) =>
        HitOf(field) is { } hit ? $"{hit.Provider} ({hit.Key})" : Given.Contains(field) ? "the arguments" : "the defaults";

    /// <summary>Returns the lookup that found a field; null when the field has its default.</summary>
    public LookupStep? HitOf(string field) => Lookups.TryGetValue(field, out var trace) ? trace.FindLast(s => s.IsHit) : null;

    public long? Integer(string field) => Values[field] is { Kind: JsonKind.Integer } value ? value.AsInt64() : null;
}

/// <summary>Resolves the values of a record field by field (docs/spec/pipeline.md 11.2).</summary>
internal sealed class ConfigurationResolver(DltConfiguration configuration, IReadOnlyList<string> sections, string? pipelineName)
{
    private readonly List<string> _warnings = [];
    private readonly Dictionary<string, NativeRecord> _natives = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LookupStep>> _lookups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _owners = new(StringComparer.Ordinal);
    private string[]? _owner;

    /// <summary>
    /// Collects the problems of several records. Its owner calls <see cref="SettingProblems.Check"/> before it uses the values. Null:
    /// <see cref="Resolve"/> throws instead.
    /// </summary>
    public SettingProblems? Problems { get; init; }

    /// <summary>
    /// Sections that are searched before those of the record, the most specific first, each in all providers. They lend single fields, but
    /// an embedded record, such as a login, comes as a whole from the first section that has one of its fields.
    /// </summary>
    public IReadOnlyList<string[]> Before { get; init; } = [];

    private SettingProblems Found => field ??= Problems ?? new SettingProblems(configuration);

    private bool IsOfDestination => sections is ["destination", ..];

    /// <param name="spec">Record to resolve.</param>
    /// <param name="explicitValues">Arguments given in code, which take precedence over every provider.</param>
    /// <exception cref="ConfigurationException">Fields are missing, placeholders remain, or a value has the wrong type.</exception>
    public ResolvedConfiguration Resolve(ConfigurationSpec spec, JsonValue? explicitValues = null)
    {
        var values = Record(spec, [], spec.Section, explicitValues);
        if (Problems is null) Found.Check();
        return new(values, _warnings, _lookups)
        {
            Natives = _natives,
            Owners = _owners,
            Given = explicitValues?.Members.Names.ToHashSet() ?? [],
        };
    }

    private JsonValue Record(ConfigurationSpec spec, string[] embedded, string? own, JsonValue? given, NativeRecord? native = null)
    {
        var values = new List<KeyValuePair<string, JsonValue>>();
        foreach (var field in spec.Fields)
        {
            if (given is { Kind: JsonKind.Object } && given.Members.TryGet(field.Name, out var explicitValue) && field.Embedded is null)
            {
                var name = NameOf(embedded, own, field);
                values.Add(new(field.Name, Coerce(name, field, explicitValue, "the arguments", isSecretPlace: false)));
                continue;
            }

            values.Add(new(field.Name, field.Embedded is { } record
                ? Embedded(field, record, embedded, given?[field.Name])
                : Scalar(spec, field, embedded, own, native)));
        }

        var result = JsonValue.Object(values);
        RequireTogether(spec, embedded, own, result);
        return result;
    }

    /// <summary>
    /// Reports fields that must be set together when only some are. For an embedded record, names the embedding field, as Python dlt does.
    /// </summary>
    private void RequireTogether(ConfigurationSpec spec, string[] embedded, string? own, JsonValue values)
    {
        if (spec.Together.All(name => values[name] is null or { IsNull: true })) return;
        var set = string.Join(", ", spec.Together.Where(n => values[n] is { IsNull: false }).Select(n => $"{n} is set ({LastHit(n)})"));
        foreach (var field in spec.Fields.Where(f => spec.Together.Contains(f.Name) && values[f.Name] is null or { IsNull: true }))
            AddMissing(field, embedded, own, own, set);
    }

    private void AddMissing(ConfigurationField field, string[] embedded, string? own, string? name = null, string? reason = null)
    {
        string[] all = [.. sections, .. embedded, .. own is null ? [] : new[] { own }];
        // A source with the name of its module is written once: [sources.shop].
        if (all is ["sources", var module, var source] && module == source) all = all[..2];
        Found.Add(new MissingSetting(all, field.Name, field.Type, _lookups.GetValueOrDefault(field.Name, []))
        {
            Name = name ?? field.Name,
            IsSecret = field.IsSecret,
            Reason = reason,
        });
    }

    /// <summary>
    /// Resolves an embedded record. A native value of the whole record comes first: JSON text, or a table, whose fields are then looked up.
    /// </summary>
    private JsonValue Embedded(ConfigurationField field, ConfigurationSpec record, string[] embedded, JsonValue? given)
    {
        _owner = Before.FirstOrDefault(b => Owns(b, field, record, embedded));
        if (_owner is not null) _owners[field.Name] = _owner;
        var raw = Look(record, field, embedded, own: null, field.Name);
        var isLeft = raw is { Kind: JsonKind.String } && Placeholders.IsPlaceholder(raw.AsString());
        if (isLeft && !record.MayBePlaceholder) AddPlaceholder(field, raw!.AsString());
        var native = isLeft || raw is null or { Kind: JsonKind.Null or JsonKind.Object }
            ? null
            : NativeRecord.Parse(raw!, field, record, _lookups[field.Name].FindLast(s => s.IsHit)!, LastHit(field.Name));
        if (native is not null)
        {
            _natives[field.Name] = native;
            _warnings.AddRange(native.Unknown());
        }

        var values = Record(record, embedded, field.Name, given, native);
        _owner = null;
        return values;
    }

    /// <summary>True when a section has a field of an embedded record, or the whole record as one value.</summary>
    private bool Owns(string[] section, ConfigurationField field, ConfigurationSpec record, string[] embedded)
    {
        string[] all = [.. section, .. embedded];
        return configuration.Has(field.Name, all, pipelineName, field.IsSecret)
            || record.Fields.Any(f => f.Synonyms.Prepend(f.Name)
                .Any(n => configuration.Has(n, [.. all, field.Name], pipelineName, f.IsSecret)));
    }

    /// <summary>
    /// Returns the sections that are searched for a field, in turns. A turn searches every provider, so that a variable or a file of the
    /// plain section does not hide a section of <see cref="Before"/> in a later file.
    /// </summary>
    private List<List<string[]>> Turns(string[] embedded, string? own)
    {
        var plain = DltConfiguration.SectionPaths(sections, embedded, own);
        return _owner is { } owner ? [[Full(owner)], plain[1..]] : [.. Before.Select(b => new List<string[]> { Full(b) }), plain];

        string[] Full(string[] section) => DltConfiguration.SectionPaths(section, embedded, own)[0];
    }

    private JsonValue Scalar(ConfigurationSpec spec, ConfigurationField field, string[] embedded, string? own, NativeRecord? native)
    {
        var found = Look(spec, field, embedded, own, field.Name);
        foreach (var synonym in field.Synonyms)
        {
            var other = Look(spec, field, embedded, own, synonym);
            if (found is null) found = other;
            else if (other is not null && !other.Equals(found))
                _warnings.Add($"'{field.Name}' and '{synonym}' mean the same and are set differently; '{field.Name}' is used.");
        }

        var hit = _lookups[field.Name].FindLast(s => s.IsHit);
        if (native?.Value(field) is { } member && (found is null || found.IsNull || hit!.Rank > native.Rank))
        {
            var isLeft = member.Kind == JsonKind.String && Placeholders.IsPlaceholder(member.AsString());
            if (isLeft && spec.MayBePlaceholder) return JsonValue.Null;
            if (isLeft)
            {
                Found.Add(new Placeholder(native.Place, field.Name, member.AsString()), IsOfDestination);
                return member;
            }

            return Coerce(NameOf(embedded, own, field), field, member, native.Place, isSecretPlace: true);
        }

        if (found is not null && !found.IsNull)
        {
            var isLeft = found.Kind == JsonKind.String && Placeholders.IsPlaceholder(found.AsString());
            if (isLeft && spec.MayBePlaceholder) return JsonValue.Null;
            if (isLeft)
            {
                AddPlaceholder(field, found.AsString());
                return found;
            }

            return Coerce(NameOf(hit!), field, found, LastHit(field.Name), hit!.Provider == TomlProvider.Secrets);
        }

        if (field.Default is { } value) return value;
        if (!field.IsOptional) AddMissing(field, embedded, own);
        return JsonValue.Null;
    }

    private void AddPlaceholder(ConfigurationField field, string text)
    {
        var hit = _lookups[field.Name].Last(s => s.IsHit);
        var file = hit.Provider == EnvironmentProvider.ProviderName ? hit.Provider : hit.Location ?? hit.Provider;
        Found.Add(new Placeholder(file, hit.Key, text), IsOfDestination);
    }

    private JsonValue? Look(ConfigurationSpec spec, ConfigurationField field, string[] embedded, string? own, string name)
    {
        if (!_lookups.TryGetValue(field.Name, out var trace)) _lookups[field.Name] = trace = [];
        var asked = new AskedSetting(spec.Name, field.Default, IsEmbedded: field.Embedded is not null);
        var turns = Turns(embedded, own);
        for (var turn = 0; turn < turns.Count; turn++)
            if (configuration.Find(name, turns[turn], pipelineName, field.IsSecret, trace, asked, turn) is { } value) return value;
        return null;
    }

    private static JsonValue Coerce(string name, ConfigurationField field, JsonValue raw, string place, bool isSecretPlace)
    {
        var isHidden = field.IsSecret || isSecretPlace || raw.Kind is JsonKind.Object or JsonKind.Array;
        if (!ConfigurationValues.TryCoerce(raw, field.Type, out var value))
        {
            var type = field.Type.ToString().ToLowerInvariant();
            throw new ConfigurationException($"'{name}' is {Shown(raw)} in {place}, which is not of the type {type}. Nothing was run.")
            {
                Fields = [field.Name],
            };
        }

        if (field.Allowed.Length > 0 && value.Kind == JsonKind.String && !field.Allowed.Contains(value.AsString())
            && field.AlsoAllowed?.Invoke(value.AsString()) != true)
        {
            var allowed = string.Join(", ", field.Allowed);
            throw new ConfigurationException($"'{name}' is {Shown(value)} in {place}; allowed are {allowed}. Nothing was run.")
            {
                Fields = [field.Name],
            };
        }

        if (field.Range is { } range && !range.Holds(value))
        {
            throw new ConfigurationException(
                $"'{name}' is {Shown(raw)} in {place}; allowed is {range}. Nothing was run. Correct it and run again.")
            {
                Fields = [field.Name],
            };
        }

        return value;

        string Shown(JsonValue rejected)
        {
            var text = rejected.Kind == JsonKind.String ? rejected.AsString() : rejected.ToString();
            return SecretText.Shown(field.Name, text, isHidden);
        }
    }

    /// <summary>Returns the dotted name of a setting that was found, such as <c>normalize.workers</c> for NORMALIZE__WORKERS.</summary>
    private static string NameOf(LookupStep hit) =>
        hit.Provider == EnvironmentProvider.ProviderName
        ? hit.Key.Replace("__", ".", StringComparison.Ordinal).ToLowerInvariant()
        : hit.Key;

    /// <summary>Returns the dotted name of a field in its most specific section.</summary>
    private string NameOf(string[] embedded, string? own, ConfigurationField field) =>
        string.Join('.', [.. sections, .. embedded, .. own is null ? [] : new[] { own }, field.Name]);

    private string LastHit(string field) =>
        _lookups.TryGetValue(field, out var trace) && trace.FindLast(s => s.IsHit) is { } hit
        ? $"{hit.Provider} ({hit.Key})"
        : "the configuration";
}
