using System.Text.Json;
using System.Text.Json.Serialization;
using Dlt.Batches;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Items;

/// <summary>A converter of items, which are written and never read.</summary>
internal abstract class ItemConverter<T> : JsonConverter<T>
{
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Items are only written.");
}

/// <summary>A value that JSON has no form for: a text with the marker of its type.</summary>
internal sealed class MarkedConverter<T>(Func<T, DataValue> toValue) : ItemConverter<T>
{
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var json = TypedJson.Encode(toValue(value));
        if (json.Kind == JsonKind.String) writer.WriteStringValue(json.AsString());
        else writer.WriteRawValue(JsonText.Write(json));
    }
}

/// <summary>A value that is a text, where the serializer would look at its properties, some of which throw.</summary>
internal sealed class OwnTextConverter<T>(Func<T, string> toText) : ItemConverter<T>
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(T));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(toText(value));
}

/// <summary>A double that keeps its point (1.0 stays a real); NaN and infinities become null.</summary>
internal sealed class FiniteConverter : ItemConverter<double>
{
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonText.FormatDouble(value));
}

/// <summary>Refuses a text, or a key of a dictionary, that has half of a character.</summary>
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

/// <summary>The null of databases as the null of JSON.</summary>
internal sealed class NoValueConverter : ItemConverter<DBNull>
{
    public override void Write(Utf8JsonWriter writer, DBNull value, JsonSerializerOptions options) => writer.WriteNullValue();
}

/// <summary>A JSON value as it is.</summary>
internal sealed class JsonValueConverter : ItemConverter<JsonValue>
{
    public override void Write(Utf8JsonWriter writer, JsonValue value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonText.WriteUtf8(value));
}
