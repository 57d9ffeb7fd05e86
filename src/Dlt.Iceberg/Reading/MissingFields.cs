using Dlt.Json;

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
            StructType structure =>
                structure.Fields.Select(f => json[f.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)] is { } member ? Default(
                    f.Type, member, location) : f.InitialDefault is { } inner ? Default(f.Type, inner, location) : null).ToArray(),
            ListType list => json.Items.Select(i => Default(list.Element, i, location)).ToList(),
            MapType map => json["keys"]!.Items.Zip(json["values"]!.Items,
                (k, v) => KeyValuePair.Create(Default(map.Key, k, location), Default(map.Value, v, location))).ToList(),
            PrimitiveType primitive =>
                Literal.FromJson(primitive, json) ?? throw IcebergException.Corrupt(location, $"the default {json} is no {type}"),
            _ => null,
        };
    }
}
