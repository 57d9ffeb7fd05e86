namespace Dlt.Sources.PipelineFiles.Schemas;

/// <summary>Makes the parts of a JSON schema (draft 7).</summary>
internal static class SchemaPart
{
    /// <summary>Numbers and booleans may also be a text with a variable.</summary>
    private static readonly (string, JsonValue) VariablePattern = ("pattern", JsonValue.String(@"\$\{"));

    public static JsonValue Any { get; } = JsonValue.EmptyObject;

    public static JsonValue Text { get; } = Type("string");

    public static JsonValue Integer { get; } = JsonValue.Object(("type", Texts("integer", "string")), VariablePattern);

    public static JsonValue Number { get; } = JsonValue.Object(("type", Texts("number", "string")), VariablePattern);

    public static JsonValue Bool { get; } = JsonValue.Object(("type", Texts("boolean", "string")), VariablePattern);

    /// <summary>A text or null.</summary>
    public static JsonValue TextOrNull { get; } = JsonValue.Object(("type", Texts("string", "null")));

    /// <summary>An object with any members.</summary>
    public static JsonValue Map(JsonValue of) => JsonValue.Object(("type", JsonValue.String("object")), ("additionalProperties", of));

    public static JsonValue ListOf(JsonValue item) => JsonValue.Object(("type", JsonValue.String("array")), ("items", item));

    /// <summary>A text or a list of texts.</summary>
    public static JsonValue TextOrTexts { get; } = AnyOf(Text, ListOf(Text));

    public static JsonValue AnyOf(params JsonValue[] parts) => JsonValue.Object(("anyOf", JsonValue.Array([.. parts])));

    public static JsonValue Words(params string[] words) => JsonValue.Object(("enum", Texts(words)));

    public static JsonValue Word(string word) => JsonValue.Object(("const", JsonValue.String(word)));

    public static JsonValue Ref(string definition) => JsonValue.Object(("$ref", JsonValue.String("#/definitions/" + definition)));

    /// <summary>An object with these members and no others.</summary>
    public static JsonValue Object(string[] required, params (string Name, JsonValue Value)[] members) => JsonValue.Object(
        ("type", JsonValue.String("object")),
        ("properties", JsonValue.Object(members)),
        ("required", Texts(required)),
        ("additionalProperties", JsonValue.Bool(false)));

    /// <summary>A part with the text that editors show.</summary>
    public static JsonValue Described(string description, JsonValue part) => part.With("description", JsonValue.String(description));

    private static JsonValue Type(string type) => JsonValue.Object(("type", JsonValue.String(type)));

    private static JsonValue Texts(params string[] texts) => JsonValue.Array([.. texts.Select(JsonValue.String)]);
}
