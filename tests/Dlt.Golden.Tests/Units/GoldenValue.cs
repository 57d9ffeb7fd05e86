using Dlt.Json;
using Dlt.Types;

namespace Dlt.Golden.Units;

/// <summary>Values that JSON cannot say: {"$type": T, "value": text} (README of dlt/units).</summary>
internal static class GoldenValue
{
    public static bool IsTyped(JsonValue json) => json.Kind == JsonKind.Object && json["$type"] is not null;

    /// <summary>The value as extraction writes it: typed texts.</summary>
    public static JsonValue ToExtracted(JsonValue json) => json.Kind switch
    {
        JsonKind.Object when IsTyped(json) => Typed(json),
        JsonKind.Object => JsonValue.Object(json.Members.Select(m => KeyValuePair.Create(m.Key, ToExtracted(m.Value)))),
        JsonKind.Array => JsonValue.Array([.. json.Items.Select(ToExtracted)]),
        _ => json,
    };

    public static DataValue? ToValue(JsonValue json)
    {
        if (IsTyped(json) && json["$type"]!.AsString() == "double") return DataValue.Double(Special(json["value"]!.AsString()));
        return DataValue.FromJson(ToExtracted(json));
    }

    /// <summary>The README's form of a value.</summary>
    public static JsonValue FromValue(DataValue value, bool naive = false)
    {
        switch (value.Type)
        {
            case DataType.Double when !double.IsFinite(value.AsDouble):
                return Wrap("double", double.IsNaN(value.AsDouble) ? "NaN" : value.AsDouble > 0 ? "Infinity" : "-Infinity");
            case DataType.Bigint when value.AsInteger < long.MinValue || value.AsInteger > long.MaxValue: return Wrap("int", value.ToString());
            case DataType.Decimal: return Wrap("decimal", value.ToString());
            case DataType.Wei: return Wrap("wei", value.ToString());
            case DataType.Timestamp: return Wrap("timestamp", (naive ? new Timestamp(value.AsTimestamp.UtcMicros, null) : value.AsTimestamp).ToString());
            case DataType.Date: return Wrap("date", value.ToString());
            case DataType.Time: return Wrap("time", value.ToString());
            case DataType.Binary: return Wrap("binary", value.ToString());
            case DataType.Json: return value.AsJson;
            default: return TypedJson.Encode(value);
        }
    }

    private static JsonValue Wrap(string type, string value) => JsonValue.Object(("$type", JsonValue.String(type)), ("value", JsonValue.String(value)));

    private static double Special(string text) => text switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, _ => double.NegativeInfinity };

    private static JsonValue Typed(JsonValue json)
    {
        var text = json["value"]!.Kind == JsonKind.String ? json["value"]!.AsString() : "";
        return json["$type"]!.AsString() switch
        {
            "decimal" => JsonValue.String(TypedJson.DecimalMarker + text),
            "wei" => JsonValue.String(TypedJson.WeiMarker + text),
            "timestamp" => JsonValue.String(TypedJson.TimestampMarker + text),
            "date" => JsonValue.String(TypedJson.DateMarker + text),
            "time" => JsonValue.String(TypedJson.TimeMarker + text),
            "uuid" => JsonValue.String(text),
            "binary" => JsonValue.String(TypedJson.BinaryMarker + text),
            "hexbytes" => JsonValue.String(TypedJson.HexBytesMarker + text),
            "enum" => json["value"]!,
            "int" => JsonValue.Integer(System.Numerics.BigInteger.Parse(text)),
            "double" => JsonValue.Real(Special(text)),
            var other => throw new InvalidDataException($"Golden type '{other}' is not known to the tests."),
        };
    }
}
