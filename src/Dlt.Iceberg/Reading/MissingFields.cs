using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Values of fields that a file does not have (docs/spec/iceberg.md 1.6, 1.8).</summary>
internal static class MissingFields
{
    /// <exception cref="IcebergException">The field is required and has no default.</exception>
    public static object? ValueOf(NestedField field, DataFileRequest request)
    {
        if (request.Constants.TryGetValue(field.Id, out var constant)) return constant;
        if (field.InitialDefault is { } json) return Default(field.Type, json, request.Location);
        if (!field.IsRequired) return null;
        throw IcebergException.Corrupt(request.Location, $"the file has no column for the required field '{field.Name}' (id {field.Id})");
    }

    private static object? Default(IcebergType type, JsonValue json, string location)
    {
        if (json.IsNull) return null;
        return type switch
        {
            StructType structure => structure.Fields.Select(f => MemberDefault(f, json, location)).ToArray(),
            ListType list => json.Items.Select(i => Default(list.Element, i, location)).ToList(),
            MapType map => MapDefault(map, json, location),
            PrimitiveType primitive => Literal.FromJson(primitive, json)
                ?? throw IcebergException.Corrupt(location, $"the default {json} is not a value of {type}"),
            _ => null,
        };
    }

    /// <summary>The value of a field in the default of its struct, or the field's own default.</summary>
    private static object? MemberDefault(NestedField field, JsonValue json, string location)
    {
        var member = json[field.Id.ToString(CultureInfo.InvariantCulture)] ?? field.InitialDefault;
        return member is null ? null : Default(field.Type, member, location);
    }

    private static List<KeyValuePair<object?, object?>> MapDefault(MapType map, JsonValue json, string location)
    {
        var pairs = json["keys"]!.Items.Zip(json["values"]!.Items);
        return pairs.Select(p => KeyValuePair.Create(Default(map.Key, p.First, location), Default(map.Value, p.Second, location))).ToList();
    }
}
