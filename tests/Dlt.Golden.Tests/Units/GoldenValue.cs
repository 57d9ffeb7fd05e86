using System.Globalization;
using Dlt.Items;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Golden.Units;

/// <summary>Values that JSON cannot say: {"$type": T, "value": text} (README of dlt/units).</summary>
internal static class GoldenValue
{
    /// <summary>The types that a value may have.</summary>
    public static readonly string[] Types = ["decimal", "wei", "timestamp", "date", "time",
        "uuid", "binary", "hexbytes", "enum", "int", "double", "set", "dict"];

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
            case DataType.Bigint when value.AsInteger < long.MinValue || value.AsInteger > long.MaxValue:
                return Wrap("int", value.ToString());
            case DataType.Decimal: return Wrap("decimal", value.ToString());
            case DataType.Wei: return Wrap("wei", value.ToString());
            case DataType.Timestamp:
                return Wrap("timestamp", (naive ? new Timestamp(value.AsTimestamp.UtcMicros, null) : value.AsTimestamp).ToString());
            case DataType.Date: return Wrap("date", value.ToString());
            case DataType.Time: return Wrap("time", value.ToString());
            case DataType.Binary: return Wrap("binary", value.ToString());
            case DataType.Json: return value.AsJson;
            default: return TypedJson.Encode(value);
        }
    }

    /// <summary>A dictionary with keys that are not texts, as in a program.</summary>
    private static object? ToNative(JsonValue json)
    {
        if (json.Kind == JsonKind.Object && IsTyped(json) && json["$type"]!.AsString() == "dict")
            return Dictionary([.. json["value"]!.Items]);
        if (!IsTyped(json))
            return json.Kind switch
            {
                JsonKind.Integer => json.AsInt64(),
                JsonKind.Real => json.AsDouble(),
                JsonKind.String => json.AsString(),
                JsonKind.True => true,
                JsonKind.False =>
                    false,
                JsonKind.Null => null,
                _ => ToExtracted(json)
            };
        var text = json["value"]!.AsString();
        return json["$type"]!.AsString() switch
        {
            "uuid" => Guid.Parse(text),
            "date" => DateOnly.Parse(text, CultureInfo.InvariantCulture),
            "time" => TimeOnly.Parse(text, CultureInfo.InvariantCulture),
            "timestamp" => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture),
            "decimal" => decimal.Parse(text, CultureInfo.InvariantCulture),
            _ => ToExtracted(json),
        };
    }

    private static object Dictionary(JsonValue[] pairs)
    {
        object? Key(JsonValue pair) => ToNative(pair.Items[0]);
        Dictionary<TKey, object?> Of<TKey>()
            where TKey : notnull => pairs.ToDictionary(p => (TKey)Key(p)!, p => ToNative(p.Items[1]));
        var types = pairs.Select(p => Key(p)?.GetType()).Distinct().ToList();
        return types switch
        {
            [{ } one] when one == typeof(long) => Of<long>(),
            [{ } one] when one == typeof(double) => Of<double>(),
            [{ } one] when one == typeof(bool) => Of<bool>(),
            [{ } one] when one == typeof(Guid) => Of<Guid>(),
            [{ } one] when one == typeof(DateOnly) => Of<DateOnly>(),
            [{ } one] when one == typeof(TimeOnly) => Of<TimeOnly>(),
            [{ } one] when one == typeof(DateTimeOffset) => Of<DateTimeOffset>(),
            [{ } one] when one == typeof(decimal) => Of<decimal>(),
            // A dictionary of .NET has keys of one type, and none that is null.
            _ => throw new Harness.NotDrivenException("a dictionary with keys of several types"),
        };
    }

    private static JsonValue Wrap(string type, string value) =>
        JsonValue.Object(("$type", JsonValue.String(type)), ("value", JsonValue.String(value)));

    private static double Special(string text) =>
        text switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, _ => double.NegativeInfinity };

    private static JsonValue Typed(JsonValue json)
    {
        if (json["$type"]!.AsString() == "set") return JsonValue.Array([.. json["value"]!.Items.Select(ToExtracted)]);
        if (json["$type"]!.AsString() == "dict") return Items.ItemWriter.ToJson(ToNative(json))!;
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
            var other => throw new Harness.NotDrivenException($"the type '{other}'"),
        };
    }
}
