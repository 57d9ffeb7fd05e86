namespace Dlt.Iceberg;

/// <summary>
/// Formats values as JSON for people and for engines that read it. Dates, times, decimals, UUIDs and non-finite numbers are strings; bytes
/// are base64; structs and maps are objects.
/// </summary>
public static class ValueJson
{
    /// <summary>Formats a value as JSON.</summary>
    /// <param name="type">Type of the value. For a whole row, use the struct of the schema.</param>
    /// <param name="value">
    /// Value in the .NET form of the type (<see cref="PrimitiveKind"/>): structs are object[], lists List, maps lists of pairs.
    /// </param>
    /// <exception cref="InvalidOperationException">The value does not have the form of the type.</exception>
    public static JsonValue Of(IcebergType type, object? value) => (type, value) switch
    {
        (_, null) => JsonValue.Null,
        (StructType structure, object?[] values) =>
            JsonValue.Object(structure.Fields.Select((f, i) => KeyValuePair.Create(f.Name, Of(f.Type, values[i])))),
        (ListType list, List<object?> items) => JsonValue.Array([.. items.Select(i => Of(list.Element, i))]),
        (MapType map, List<KeyValuePair<object?, object?>> pairs) =>
            JsonValue.Object(pairs.Select(p => KeyValuePair.Create(KeyText(map, p.Key), Of(map.Value, p.Value)))),
        (_, bool flag) => JsonValue.Bool(flag),
        (PrimitiveType { Kind: PrimitiveKind.Int }, int number) => JsonValue.Integer(number),
        (PrimitiveType { Kind: PrimitiveKind.Long }, long number) => JsonValue.Integer(number),
        (_, float number) => Real(number),
        (_, double number) => Real(number),
        (_, string text) => JsonValue.String(text),
        (PrimitiveType { Kind: PrimitiveKind.Time }, long micros) => JsonValue.String(TimeSpan.FromMicroseconds(micros).ToString("c")),
        (PrimitiveType primitive, _) => JsonValue.String(ValueText.Of(primitive, value)),
        _ => throw new InvalidOperationException($"{value!.GetType().Name} is not a value of {type}."),
    };

    private static string KeyText(MapType map, object? key) => key as string ?? ValueText.Of((PrimitiveType)map.Key, key);

    private static JsonValue Real(double number)
    {
        if (double.IsFinite(number)) return JsonValue.Real(number);
        if (double.IsNaN(number)) return JsonValue.String("NaN");
        return JsonValue.String(number > 0 ? "Infinity" : "-Infinity");
    }
}
