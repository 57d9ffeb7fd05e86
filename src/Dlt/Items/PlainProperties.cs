using System.Text.Json.Serialization.Metadata;
using System.Text.Json;

namespace Dlt.Items;

/// <summary>
/// Finds the properties of a type that the JSON serializer always writes one by one. They can be read without the serializer.
/// </summary>
internal static class PlainProperties
{
    /// <summary>Returns the properties of a type.</summary>
    /// <returns>Null for types that are not JSON objects, or have attributes that only the serializer supports.</returns>
    public static List<JsonPropertyInfo>? Of(Type type, JsonSerializerOptions options)
    {
        try
        {
            var described = options.GetTypeInfo(type);
            var hasOwnConverter = described.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly;
            if (described.Kind != JsonTypeInfoKind.Object || described.PolymorphismOptions is not null || hasOwnConverter) return null;
            var properties = described.Properties.Where(p => p.Get is not null).ToList();
            return properties.TrueForAll(IsPlain) ? properties : null;
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException)
        {
            return null;   // the serializer reports the reason when it writes an item
        }
    }

    private static bool IsPlain(JsonPropertyInfo property) => !property.IsExtensionData
        && property.CustomConverter is null
        && property.ShouldSerialize is null
        && property.NumberHandling is null;
}
