using System.Text.RegularExpressions;
using Dlt.Json;

namespace Dlt.Tests.Sources.PipelineFiles;

/// <summary>Checks a value by a JSON schema, as far as that of pipeline files goes.</summary>
/// <param name="root">The whole schema.</param>
internal sealed class SchemaChecker(JsonValue root)
{
    /// <summary>The definition behind a reference, or the schema itself.</summary>
    public JsonValue Resolve(JsonValue schema)
    {
        while (schema["$ref"] is { } reference) schema = root["definitions"]![reference.AsString().Split('/')[^1]]!;
        return schema;
    }

    /// <summary>True when the value is as the schema says.</summary>
    public bool Allows(JsonValue value, JsonValue? schema = null)
    {
        schema = Resolve(schema ?? root);
        return schema.Members.All(rule => rule.Key switch
        {
            "type" => (rule.Value.Kind == JsonKind.Array ? rule.Value.Items : [rule.Value]).Any(t => t.AsString() == TypeOf(value)),
            "enum" => rule.Value.Items.Contains(value),
            "const" => rule.Value.Equals(value),
            "pattern" => value.Kind != JsonKind.String || Regex.IsMatch(value.AsString(), rule.Value.AsString()),
            "anyOf" => rule.Value.Items.Any(s => Allows(value, s)),
            "not" => !Allows(value, rule.Value),
            "items" => value.Kind != JsonKind.Array || value.Items.All(i => Allows(i, rule.Value)),
            "required" => value.Kind != JsonKind.Object || rule.Value.Items.All(n => value.Members.Contains(n.AsString())),
            "properties" or "additionalProperties" => value.Kind != JsonKind.Object || value.Members.All(m => AllowsMember(schema, m)),
            "description" or "title" or "$schema" or "definitions" => true,
            var unknown => throw new NotSupportedException(unknown),
        });
    }

    private bool AllowsMember(JsonValue schema, KeyValuePair<string, JsonValue> member)
    {
        if (schema["properties"]?[member.Key] is { } known) return Allows(member.Value, known);
        return schema["additionalProperties"] switch
        {
            null or { Kind: JsonKind.True } => true,
            { Kind: JsonKind.False } => false,
            var others => Allows(member.Value, others),
        };
    }

    private static string TypeOf(JsonValue value) => value.Kind switch
    {
        JsonKind.Object => "object",
        JsonKind.Array => "array",
        JsonKind.String => "string",
        JsonKind.Integer => "integer",
        JsonKind.Real => "number",
        JsonKind.Null => "null",
        _ => "boolean",
    };
}
