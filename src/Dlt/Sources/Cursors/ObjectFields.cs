using Dlt.Items;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Reads single fields of objects and dictionaries of user code, with the same values as in the JSON of the whole object.
/// </summary>
internal sealed class ObjectFields
{
    private readonly Dictionary<Type, Dictionary<string, Func<object, object?>>?> _types = [];

    /// <summary>Reads the cursor value of an object; no value when the field does not exist.</summary>
    /// <returns>False when only the serializer can convert the object to JSON.</returns>
    public bool TryGet(object? item, string field, out CursorSample value)
    {
        value = default;
        if (item is Dictionary<string, object?> dictionary)
        {
            if (dictionary.TryGetValue(field, out var entry)) value = CursorSample.OfObject(entry);
            return true;
        }

        if (item is null || FieldsOf(item.GetType()) is not { } fields) return false;
        if (fields.TryGetValue(field, out var get)) value = CursorSample.OfObject(get(item));
        return true;
    }

    /// <summary>Returns whether the item is known to have all of these fields, with or without a value.</summary>
    public bool HasAll(object? item, IReadOnlyList<string> names) => item switch
    {
        Dictionary<string, object?> dictionary => names.All(dictionary.ContainsKey),
        not null when FieldsOf(item.GetType()) is { } fields => names.All(fields.ContainsKey),
        _ => false,
    };

    /// <summary>Returns an object with these fields only. The item must have all of them.</summary>
    public JsonValue Take(object item, IReadOnlyList<string> names)
    {
        var fields = item is Dictionary<string, object?> ? null : FieldsOf(item.GetType());
        object? ValueOf(string name) => fields is null ? ((Dictionary<string, object?>)item)[name] : fields[name](item);
        return JsonValue.Object(names.Select(name => KeyValuePair.Create(name, ItemWriter.ToJson(ValueOf(name)) ?? JsonValue.Null)));
    }

    private Dictionary<string, Func<object, object?>>? FieldsOf(Type type)
    {
        if (_types.TryGetValue(type, out var known)) return known;
        var properties = PlainProperties.Of(type, ItemWriter.Options);
        var fields = properties?.ToDictionary(p => p.Name, p => p.Get!, StringComparer.Ordinal);
        _types.Add(type, fields);
        return fields;
    }
}
