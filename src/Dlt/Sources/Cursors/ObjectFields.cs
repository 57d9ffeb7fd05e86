using Dlt.Extract;
using Dlt.Json;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Single fields of objects and dictionaries of user code, as they are in the JSON of the whole: a cursor needs one of many.
/// </summary>
internal sealed class ObjectFields
{
    private readonly Dictionary<Type, Dictionary<string, Func<object, object?>>?> _types = [];

    /// <summary>Reads a field; null when there is none, or when its value is.</summary>
    /// <returns>False when only the serializer knows what the item is as JSON.</returns>
    public bool TryGet(object? item, string field, out JsonValue? value)
    {
        value = null;
        if (item is Dictionary<string, object?> dictionary)
        {
            if (dictionary.TryGetValue(field, out var entry)) value = ItemWriter.ToJson(entry);
            return true;
        }

        if (item is null || FieldsOf(item.GetType()) is not { } fields) return false;
        if (fields.TryGetValue(field, out var get)) value = ItemWriter.ToJson(get(item));
        return true;
    }

    /// <summary>True when the item is known to have all of these fields, be they null.</summary>
    public bool HasAll(object? item, IReadOnlyList<string> names) => item switch
    {
        Dictionary<string, object?> dictionary => names.All(dictionary.ContainsKey),
        not null when FieldsOf(item.GetType()) is { } fields => names.All(fields.ContainsKey),
        _ => false,
    };

    /// <summary>These fields alone, all of which the item has.</summary>
    public JsonValue Take(object item, IReadOnlyList<string> names) =>
        JsonValue.Object(names.Select(name =>
            KeyValuePair.Create(name, TryGet(item, name, out var value) && value is not null ? value : JsonValue.Null)));

    private Dictionary<string, Func<object, object?>>? FieldsOf(Type type)
    {
        if (!_types.TryGetValue(type, out var fields))
            _types.Add(type, fields = PlainProperties.Of(type, ItemWriter.Options)?.ToDictionary(
                p => p.Name, p => p.Get!, StringComparer.Ordinal));
        return fields;
    }
}
