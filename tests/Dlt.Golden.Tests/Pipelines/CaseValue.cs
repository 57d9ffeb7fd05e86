using System.Globalization;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Golden.Pipelines;

/// <summary>Items of the cases: values beyond JSON are one-key objects (README of dlt/pipelines).</summary>
internal static class CaseValue
{
    public static JsonValue ToExtracted(JsonValue json)
    {
        switch (json.Kind)
        {
            case JsonKind.Array: return JsonValue.Array([.. json.Items.Select(ToExtracted)]);
            case JsonKind.Real when !double.IsFinite(json.AsDouble()): return JsonValue.Null;
            case JsonKind.Object: break;
            default: return json;
        }

        if (json.Members.Count != 1) return Members(json);
        var (key, value) = json.Members.First();
        return key switch
        {
            "$decimal" => JsonValue.String(TypedJson.DecimalMarker + value.AsString()),
            "$datetime" => JsonValue.String(TypedJson.TimestampMarker + value.AsString()),
            "$date" => JsonValue.String(TypedJson.DateMarker + value.AsString()),
            "$time" => JsonValue.String(TypedJson.TimeMarker + value.AsString()),
            "$bytes" => JsonValue.String(TypedJson.BinaryMarker + value.AsString()),
            "$uuid" => value,
            "$int" => JsonValue.Integer(System.Numerics.BigInteger.Parse(value.AsString(), CultureInfo.InvariantCulture)),
            "$float" => value.Kind == JsonKind.String ? Float(value.AsString()) : value,
            "$repeat" => JsonValue.String(string.Concat(Enumerable.Repeat(value["text"]!.AsString(), (int)value["times"]!.AsInt64()))),
            _ => Members(json),
        };
    }

    private static JsonValue Float(string text) => text is "nan" or "inf" or "-inf" or "NaN" or "Infinity" or "-Infinity"
        ? JsonValue.Null
        : JsonValue.Real(double.Parse(text, CultureInfo.InvariantCulture));

    private static JsonValue Members(JsonValue json) =>
        JsonValue.Object(json.Members.Select(m => KeyValuePair.Create(m.Key, ToExtracted(m.Value))));
}
