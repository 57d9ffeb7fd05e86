using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>Rows as JSON: for people, and for engines that read it. Times and decimals are texts, bytes base64, maps objects.</summary>
internal static class ValueJson
{
    public static JsonValue Of(IcebergType type, object? value) => (type, value) switch
    {
        (_, null) => JsonValue.Null,
        (StructType structure, object?[] values) =>
            JsonValue.Object(structure.Fields.Select((f, i) => KeyValuePair.Create(f.Name, Of(f.Type, values[i])))),
        (ListType list, List<object?> items) => JsonValue.Array([.. items.Select(i => Of(list.Element, i))]),
        (MapType map, List<KeyValuePair<object?, object?>> pairs) =>
            JsonValue.Object(
                pairs.Select(p => KeyValuePair.Create(p.Key is string text ? text : ValueText.Of((PrimitiveType)map.Key, p.Key),
                    Of(map.Value, p.Value)))),
        (_, bool flag) => JsonValue.Bool(flag),
        (PrimitiveType { Kind: PrimitiveKind.Int }, int number) => JsonValue.Integer(number),
        (PrimitiveType { Kind: PrimitiveKind.Long }, long number) => JsonValue.Integer(number),
        (_, float number) => Real(number),
        (_, double number) => Real(number),
        (_, string text) => JsonValue.String(text),
        (PrimitiveType { Kind: PrimitiveKind.Time }, long micros) => JsonValue.String(TimeSpan.FromMicroseconds(micros).ToString("c")),
        (PrimitiveType primitive, _) => JsonValue.String(ValueText.Of(primitive, value)),
        _ => throw new InvalidOperationException($"{value!.GetType().Name} is no value of {type}."),
    };

    private static JsonValue Real(double number) => double.IsFinite(number)
        ? JsonValue.Real(number) : JsonValue.String(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
}
