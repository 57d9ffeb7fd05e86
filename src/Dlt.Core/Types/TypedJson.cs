using Dlt.Json;

namespace Dlt.Types;

/// <summary>Encodes values that JSON does not have as a marker character and text (docs/spec/pipeline.md 0.3).</summary>
internal static class TypedJson
{
    public const char DecimalMarker = '\uF026';
    public const char TimestampMarker = '\uF027';
    public const char DateMarker = '\uF028';
    public const char UuidMarker = '\uF029';
    public const char HexBytesMarker = '\uF02A';
    public const char BinaryMarker = '\uF02B';
    public const char WeiMarker = '\uF02C';
    public const char TimeMarker = '\uF02D';
    private const char LastMarker = '\uF02E';

    public static bool HasMarker(string text) => text.Length > 0 && text[0] is >= DecimalMarker and <= LastMarker;

    /// <summary>Encodes a value as typed text; types that JSON has become plain scalars.</summary>
    public static JsonValue Encode(DataValue value) => value.Type switch
    {
        DataType.Text => JsonValue.String(value.AsText),
        DataType.Double => JsonValue.Real(value.AsDouble),
        DataType.Bool => JsonValue.Bool(value.AsBool),
        DataType.Bigint => JsonValue.Integer(value.AsInteger),
        DataType.Json => value.AsJson,
        DataType.Decimal => JsonValue.String(DecimalMarker + value.ToString()),
        DataType.Timestamp => JsonValue.String(TimestampMarker + value.ToString()),
        DataType.Date => JsonValue.String(DateMarker + value.ToString()),
        DataType.Binary => JsonValue.String(BinaryMarker + value.ToString()),
        DataType.Wei => JsonValue.String(WeiMarker + value.ToString()),
        _ => JsonValue.String(TimeMarker + value.ToString()),
    };

    /// <summary>Decodes a typed text. A text that cannot be parsed stays text, including its marker.</summary>
    public static DataValue Decode(string text)
    {
        if (!HasMarker(text)) return DataValue.Text(text);
        if (text.Length == 1) return text[0] == BinaryMarker ? DataValue.Binary([]) : DataValue.Text(text);
        var body = text[1..];
        switch (text[0])
        {
            case DecimalMarker when BigDecimal.TryParse(body, out var number): return DataValue.Decimal(number);
            case WeiMarker when BigDecimal.TryParse(body, out var number): return DataValue.Wei(number);
            case TimestampMarker when IsoDateTime.TryParse(body, out var timestamp, out _, out _): return DataValue.Timestamp(timestamp);
            case DateMarker when IsoDateTime.TryParse(body, out var timestamp, out _, out var hasTime) && !hasTime:
                return DataValue.Date(Timestamp.DayOf(timestamp.WallMicros));
            case TimeMarker when IsoDateTime.TryParseTime(body, out var micros): return DataValue.Time(micros);
            case UuidMarker when Guid.TryParse(body, out var guid): return DataValue.Text(guid.ToString());
            case HexBytesMarker when Coercion.TryHexBytes(body, out var hex): return DataValue.Binary(hex);
            case BinaryMarker when Base64Text.TryDecode(body, out var bytes): return DataValue.Binary(bytes);
            default: return DataValue.Text(text);
        }
    }

    /// <summary>Returns a copy in which every typed text is replaced by its plain text, as a json column stores it.</summary>
    public static JsonValue ToPlain(JsonValue value)
    {
        switch (value.Kind)
        {
            case JsonKind.String:
                var text = value.AsString();
                return HasMarker(text) && Decode(text) is { Type: not DataType.Text } decoded
                    ? JsonValue.String(decoded.ToString())
                    : value;
            case JsonKind.Array: return JsonValue.Array([.. value.Items.Select(ToPlain)]);
            case JsonKind.Object: return JsonValue.Object(value.Members.Select(m => KeyValuePair.Create(m.Key, ToPlain(m.Value))));
            case JsonKind.Real when !double.IsFinite(value.AsDouble()) && value.OversizedText is null: return JsonValue.Null;
            default: return value;
        }
    }
}
