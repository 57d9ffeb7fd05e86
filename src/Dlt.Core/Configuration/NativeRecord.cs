using Dlt.Internal;

namespace Dlt.Configuration;

/// <summary>
/// A record given as one value: JSON text of an object, such as all credentials in one variable (docs/spec/pipeline.md 11.2).
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

    /// <summary>Precedence of its provider. Single fields of the same or an earlier provider take precedence.</summary>
    public int Rank { get; }

    /// <summary>Provider and key of the value, for messages.</summary>
    public string Place { get; }

    /// <exception cref="ConfigurationException">The value is not JSON text of an object. The message does not show the value.</exception>
    public static NativeRecord Parse(JsonValue raw, ConfigurationField field, ConfigurationSpec spec, LookupStep hit, string place)
    {
        if (ConfigurationValues.TryCoerce(raw, ConfigurationType.Map, out var members)) return new(members, spec, hit, place);
        var names = string.Join(", ", spec.Fields.Select(f => f.Name));
        throw new ConfigurationException(
            $"'{field.Name}' in {place} is neither a table nor JSON text of an object; its value is not shown. Nothing was run. "
            + $"Set its fields one by one ({names}), or as JSON: {{\"{spec.Fields[0].Name}\": \"…\"}}.")
        {
            Fields = [field.Name],
        };
    }

    /// <summary>Returns the member of a field by its name or a synonym; null when there is none.</summary>
    public JsonValue? Value(ConfigurationField field) =>
        field.Synonyms.Prepend(field.Name).Select(n => _members[n]).FirstOrDefault(v => v is { IsNull: false });

    /// <summary>Returns warnings for members that are not fields of the record.</summary>
    public IEnumerable<string> Unknown()
    {
        var known = _spec.Names.ToList();
        return _members.Members.Select(m => m.Key).Where(k => !known.Contains(k))
            .Select(k => $"{Place}: '{k}' is not a setting and has no effect.{NearestName.Hint(k, known)}");
    }
}
