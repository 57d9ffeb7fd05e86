using System.Text.Json;
using System.Text.Json.Serialization;
using Dlt.Types;

namespace Dlt.Items;

/// <summary>Base class of converters for items, which are only written and never read.</summary>
internal abstract class ItemConverter<T> : JsonConverter<T>
{
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Items are only written.");
}

/// <summary>Writes a value that has no JSON type as a text with the marker of its type.</summary>
internal sealed class MarkedConverter<T>(Func<T, DataValue> toValue) : ItemConverter<T>
{
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var json = TypedJson.Encode(toValue(value));
        if (json.Kind == JsonKind.String) writer.WriteStringValue(json.AsString());
        else writer.WriteRawValue(JsonText.Write(json));
    }
}

/// <summary>Writes a value as a text. Without it the serializer would read the properties of the value, some of which throw.</summary>
internal sealed class OwnTextConverter<T>(Func<T, string> toText) : ItemConverter<T>
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(T));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(toText(value));
}

/// <summary>Writes a double with its decimal point (1.0 stays a real number), and NaN and infinities as null.</summary>
internal sealed class FiniteConverter : ItemConverter<double>
{
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonText.FormatDouble(value));
}

/// <summary>Refuses a text, or a key of a dictionary, that contains a lone surrogate.</summary>
internal sealed class WholeTextConverter : ItemConverter<string>
{
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        WholeText.Check(value);
        writer.WriteStringValue(value);
    }

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        WholeText.Check(value);
        writer.WritePropertyName(value);
    }
}

/// <summary>Writes the null of databases as the null of JSON.</summary>
internal sealed class NoValueConverter : ItemConverter<DBNull>
{
    public override void Write(Utf8JsonWriter writer, DBNull value, JsonSerializerOptions options) => writer.WriteNullValue();
}

/// <summary>Writes a <see cref="JsonValue"/> unchanged.</summary>
internal sealed class JsonValueConverter : ItemConverter<JsonValue>
{
    public override void Write(Utf8JsonWriter writer, JsonValue value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonText.WriteExact(value));
}
