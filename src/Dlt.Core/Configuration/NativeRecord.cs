using Dlt.Json;

namespace Dlt.Configuration;

/// <summary>
/// A record that is given as one value: JSON text of an object, such as all credentials in one variable (docs/spec/pipeline.md 11.2).
/// </summary>
internal sealed class NativeRecord
{
    private readonly JsonValue _members;
    private readonly ConfigurationSpec _spec;

    private NativeRecord(JsonValue members, ConfigurationSpec spec, LookupStep hit, string place)
    {
        _members = members;
        _spec = spec;
        Rank = hit.Rank;
        Place = place;
    }

    /// <summary>Order of its provider: single fields of the same provider, or of an earlier one, win.</summary>
    public int Rank { get; }

    /// <summary>Where it stands.</summary>
    public string Place { get; }

    /// <exception cref="ConfigurationException">It is not JSON of an object. The value is not shown.</exception>
    public static NativeRecord Parse(JsonValue raw, ConfigurationField field, ConfigurationSpec spec, LookupStep hit, string place)
    {
        if (ConfigurationValues.TryCoerce(raw, ConfigurationType.Map, out var members)) return new(members, spec, hit, place);
        throw new ConfigurationException(
            $"'{field.Name}' in {place} is neither a table nor JSON text of an object; its value is not shown. Nothing was run. "
            + $"Set its fields one by one ({string.Join(", ", spec.Fields.Select(f => f.Name))}), or as JSON: "
            + $"{{\"{spec.Fields[0].Name}\": \"…\"}}.") { Fields = [field.Name] };
    }

    /// <summary>The member of a field, under its name or a synonym; null where none is.</summary>
    public JsonValue? Value(ConfigurationField field) =>
        field.Synonyms.Prepend(field.Name).Select(n => _members[n]).FirstOrDefault(v => v is { IsNull: false });

    /// <summary>Warnings for members that no field has.</summary>
    public IEnumerable<string> Unknown()
    {
        var known = _spec.Names.ToList();
        return _members.Members.Select(m => m.Key).Where(k => !known.Contains(k))
            .Select(k => $"{Place}: '{k}' is not a setting and has no effect.{NearestName.Hint(k, known)}");
    }
}
