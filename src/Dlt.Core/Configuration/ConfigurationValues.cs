using Dlt.Json;
using Dlt.Types;

namespace Dlt.Configuration;

/// <summary>Converts raw values to the types of their fields (docs/spec/pipeline.md 11.3).</summary>
internal static class ConfigurationValues
{
    public static bool TryCoerce(JsonValue raw, ConfigurationType type, out JsonValue value)
    {
        value = raw;
        if (type == ConfigurationType.Any || raw.IsNull) return true;
        switch (type)
        {
            case ConfigurationType.Map: return TryJson(raw, JsonKind.Object, out value);
            case ConfigurationType.List: return TryJson(raw, JsonKind.Array, out value);
            case ConfigurationType.Text when raw.Kind is JsonKind.Object or JsonKind.Array: return false;
            case ConfigurationType.Text:
                value = JsonValue.String(DataValue.FromJson(raw)!.Value.ToString());
                return true;
        }

        var target = type switch
        {
            ConfigurationType.Integer => DataType.Bigint,
            ConfigurationType.Double => DataType.Double,
            ConfigurationType.Decimal => DataType.Decimal,
            ConfigurationType.Timestamp => DataType.Timestamp,
            ConfigurationType.Date => DataType.Date,
            ConfigurationType.Time => DataType.Time,
            ConfigurationType.Binary => DataType.Binary,
            _ => DataType.Bool,
        };
        if (DataValue.FromJson(raw) is not { } scalar || !Coercion.TryCoerce(scalar, target, out var coerced)) return false;
        value = TypedJson.Encode(coerced);
        return true;
    }

    private static bool TryJson(JsonValue raw, JsonKind kind, out JsonValue value)
    {
        value = raw;
        if (raw.Kind == kind) return true;
        if (raw.Kind != JsonKind.String) return false;
        try
        {
            value = JsonParser.Parse(raw.AsString());
            return value.Kind == kind;
        }
        catch (JsonFormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// Guesses the type of a text from the environment: an integer, a number, a boolean, an object or a list; otherwise it stays text.
    /// </summary>
    public static JsonValue Guess(JsonValue text)
    {
        ConfigurationType[] types = text.AsString() is ['{', ..] ? [ConfigurationType.Map] : text.AsString() is ['[', ..]
            ? [ConfigurationType.List]
            : [ConfigurationType.Integer, ConfigurationType.Double];
        foreach (var type in types)
            if (TryCoerce(text, type, out var value)) return value;
        return text.AsString().ToLowerInvariant() switch
        {
            "true" => JsonValue.Bool(true),
            "false" => JsonValue.Bool(false),
            _ => text,
        };
    }
}
