using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>
/// Maps names to fields for files without field ids: the property <c>schema.name-mapping.default</c> (docs/spec/iceberg.md 1.6).
/// </summary>
internal static class NameMapping
{
    /// <summary>Adds another name for a field to the mapping.</summary>
    public static string WithName(string mapping, int fieldId, string name)
    {
        var json = JsonValue.Parse(mapping);
        return JsonText.Write(json.Kind == JsonKind.Array ? JsonValue.Array([.. json.Items.Select(f => Field(f, fieldId, name))]) : json);
    }

    private static JsonValue Field(JsonValue field, int fieldId, string name)
    {
        if (field["fields"] is { Kind: JsonKind.Array } inner)
            field = field.With("fields", JsonValue.Array([.. inner.Items.Select(f => Field(f, fieldId, name))]));
        if (field["field-id"] is not { Kind: JsonKind.Integer } id || id.AsInt64() != fieldId) return field;
        ImmutableArray<JsonValue> names = field["names"] is { Kind: JsonKind.Array } known ? known.Items : [];
        return names.Any(n => n.AsString() == name) ? field : field.With("names", JsonValue.Array(names.Add(JsonValue.String(name))));
    }
}
