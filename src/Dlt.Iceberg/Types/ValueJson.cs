using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>
/// Values as JSON, for people and for engines that read it. Dates, times, decimals, uuids and numbers that JSON does not have are texts,
/// bytes base64, structs and maps objects.
/// </summary>
public static class ValueJson
{
    /// <summary>A value as JSON.</summary>
    /// <param name="type">Its type; of a row, the struct of the schema.</param>
    /// <param name="value">In the form of the type (<see cref="PrimitiveKind"/>): structs are object[], lists List, maps lists of
    /// pairs.</param>
    /// <exception cref="InvalidOperationException">The value is not of the type.</exception>
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
