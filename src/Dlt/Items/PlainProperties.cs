using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dlt.Extract;

/// <summary>The properties of objects that the JSON serializer writes one by one, and always: they can be read without it.</summary>
internal static class PlainProperties
{
    /// <returns>Null for types that are something else in JSON, or have attributes that only the serializer honours.</returns>
    public static List<JsonPropertyInfo>? Of(Type type, JsonSerializerOptions options)
    {
        try
        {
            var described = options.GetTypeInfo(type);
            if (described.Kind != JsonTypeInfoKind.Object || described.PolymorphismOptions is not null
                || described.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly) return null;
            var properties = described.Properties.Where(p => p.Get is not null).ToList();
            return properties.Exists(p => p.IsExtensionData || p.CustomConverter is not null || p.ShouldSerialize is not null
                || p.NumberHandling is not null) ? null : properties;
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException)
        {
            return null;   // the serializer says why, when it gets an item
        }
    }
}
