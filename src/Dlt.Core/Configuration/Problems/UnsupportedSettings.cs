using Dlt.Internal;

namespace Dlt.Configuration;

/// <summary>
/// Finds settings of a record that are not supported here. Harmless ones become warnings, all other ones refusals. Values are never shown.
/// </summary>
/// <param name="configuration">Configuration to search.</param>
/// <param name="sections">Sections of the record, such as destination, athena.</param>
/// <param name="pipelineName">Name of the pipeline; its own settings take precedence.</param>
internal sealed class UnsupportedSettings(DltConfiguration configuration, IReadOnlyList<string> sections, string? pipelineName)
{
    private readonly List<string> _warnings = [];
    private readonly List<RefusedSetting> _refused = [];

    public IReadOnlyList<string> Warnings => _warnings;

    public IReadOnlyList<RefusedSetting> Refused => _refused;

    /// <summary>Checks the settings of a record.</summary>
    /// <param name="spec">Definition of the record.</param>
    /// <param name="resolved">Values of the record.</param>
    public UnsupportedSettings Check(ConfigurationSpec spec, ResolvedConfiguration resolved)
    {
        Record(spec, resolved, resolved.Values, [.. sections, .. spec.Section is { } own ? new[] { own } : []], native: null);
        return this;
    }

    /// <summary>Checks a single value from another place.</summary>
    /// <param name="field">Field that the value is meant for.</param>
    /// <param name="value">The value.</param>
    /// <param name="place">Place of the value, for messages.</param>
    public UnsupportedSettings Check(ConfigurationField field, JsonValue value, string place)
    {
        Field(field, value, sections: [], place);
        return this;
    }

    private void Record(ConfigurationSpec spec, ResolvedConfiguration resolved, JsonValue values, string[] path, NativeRecord? native)
    {
        foreach (var field in spec.Fields)
        {
            if (values[field.Name] is not { } value) continue;
            if (field.Embedded is { } record)
                Record(record, resolved, value, [.. path, field.Name], resolved.Natives.GetValueOrDefault(field.Name));
            else if (field.Unsupported is not { IsOwnSectionOnly: true } || configuration.Has(field.Name, path, pipelineName))
                Field(field, value, SectionsOf(resolved, field) ?? path, resolved.ProviderOf(field.Name) ?? native?.Place);
        }

        foreach (var field in spec.Others) Other(field, path, spec.Section, native);
    }

    /// <summary>
    /// The sections of the file in which a setting was found, such as <c>destination.filesystem</c> for the bucket of a destination with
    /// a name; null when no file has it.
    /// </summary>
    private static string[]? SectionsOf(ResolvedConfiguration resolved, ConfigurationField field) =>
        resolved.HitOf(field.Name) is { } hit && hit.Key.EndsWith($".{field.Name}", StringComparison.Ordinal)
            ? hit.Key[..^(field.Name.Length + 1)].Split('.')
            : null;

    /// <summary>Checks a field in the record's own sections only, because other records may use the same name elsewhere.</summary>
    private void Other(ConfigurationField field, string[] path, string? own, NativeRecord? native)
    {
        if (native?.Value(field) is { } member) Field(field, member, path, native.Place);
        foreach (var sections in own is null || path[^1] != own || path.Length == 1 ? [path] : new[] { path, [own] })
        {
            var trace = new List<LookupStep>();
            if (configuration.Find(field.Name, [sections], pipelineName, field.IsSecret, trace) is { } value)
                Field(field, value, sections, trace.FindLast(s => s.IsHit)!.Provider);
        }
    }

    private void Field(ConfigurationField field, JsonValue raw, string[] sections, string? provider)
    {
        var value = ConfigurationValues.TryCoerce(raw, field.Type, out var typed) ? typed : raw;
        if (field.Unsupported is not { } unsupported || value.IsNull) return;
        if (value.Equals(field.Default) || unsupported.Same.Contains(value)) return;
        var path = string.Join('.', sections.Append(field.Name));
        if (value.Kind != JsonKind.Object)
        {
            Add(unsupported, unsupported.Stops, unsupported.Reason, path, provider);
            return;
        }

        foreach (var (key, inner) in value.Members)
        {
            if (IsEmpty(inner) || unsupported.SupportedKeys.Contains(key)) continue;
            if (unsupported.SameWhenTrue.Contains(key) && IsSame(inner, true)) continue;
            if (unsupported.SameWhenFalse.Contains(key) && IsSame(inner, false)) continue;
            if (unsupported.HarmlessKeys.Contains(key)) Add(unsupported, Stops.None, unsupported.HarmlessReason, $"{path}.{key}", provider);
            else Add(unsupported, unsupported.Stops, unsupported.Reason + Near(unsupported, key), $"{path}.{key}", provider);
        }
    }

    private static string Near(UnsupportedSetting unsupported, string key) =>
        NearestName.Near(key, unsupported.SupportedKeys) is { } near ? $" (the nearest supported one is '{near}')" : "";

    private static bool IsSame(JsonValue value, bool same) =>
        ConfigurationValues.TryCoerce(value, ConfigurationType.Bool, out var flag) && flag.Equals(JsonValue.Bool(same));

    /// <summary>Returns true for null and for an empty object, which set no option.</summary>
    private static bool IsEmpty(JsonValue value) => value.IsNull || value is { Kind: JsonKind.Object, Members.Count: 0 };

    private void Add(UnsupportedSetting unsupported, Stops stops, string reason, string path, string? provider)
    {
        var place = provider is null ? "" : $" ({provider})";
        if (stops == Stops.None)
        {
            _warnings.Add($"'{path}'{place} has no effect: {reason}.");
            return;
        }

        var text = $"'{path}'{place} is not supported: {reason}.";
        _refused.Add(new(path, text, stops) { Place = place, StopsLocally = unsupported.StopsLocally });
    }
}
