using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Reads and writes schemas and types as JSON (docs/spec/iceberg.md 2.2).</summary>
internal static class SchemaJson
{
    private const int MaxDepth = 64;

    /// <exception cref="FormatException">The JSON is not a schema.</exception>
    public static Schema Read(JsonValue json)
    {
        try
        {
            var schemaId = json["schema-id"] is { } id ? Int(id) : 0;
            var identifierIds = json["identifier-field-ids"] is { Kind: JsonKind.Array } ids ? ids.Items : [];
            ImmutableArray<int> identifiers = [.. identifierIds.Select(Int)];
            return new(Fields(json, 0), schemaId, identifiers);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            throw new FormatException(error.Message, error);
        }
    }

    public static JsonValue Write(Schema schema)
    {
        var json = JsonValue.Object(("type", JsonValue.String("struct")), ("schema-id", JsonValue.Integer(schema.SchemaId)));
        if (schema.IdentifierFieldIds.Length > 0)
            json = json.With("identifier-field-ids", JsonValue.Array([.. schema.IdentifierFieldIds.Select(i => JsonValue.Integer(i))]));
        return json.With("fields", Fields(schema.Fields));
    }

    public static IcebergType ReadType(JsonValue json) => ReadType(json, 0);

    public static JsonValue WriteType(IcebergType type) => type switch
    {
        ListType list => JsonValue.Object(
            ("type", JsonValue.String("list")),
            ("element-id", JsonValue.Integer(list.ElementId)),
            ("element", WriteType(list.Element)),
            ("element-required", JsonValue.Bool(list.IsElementRequired))),
        MapType map => JsonValue.Object(
            ("type", JsonValue.String("map")),
            ("key-id", JsonValue.Integer(map.KeyId)),
            ("key", WriteType(map.Key)),
            ("value-id", JsonValue.Integer(map.ValueId)),
            ("value", WriteType(map.Value)),
            ("value-required", JsonValue.Bool(map.IsValueRequired))),
        StructType structure => JsonValue.Object(("type", JsonValue.String("struct")), ("fields", Fields(structure.Fields))),
        _ => JsonValue.String(type.ToString()),
    };

    private static IcebergType ReadType(JsonValue json, int depth)
    {
        if (depth > MaxDepth) throw new FormatException($"Types are nested more than {MaxDepth} levels deep.");
        if (json.Kind == JsonKind.String) return PrimitiveType.Parse(json.AsString());
        return Member(json, "type").AsString() switch
        {
            "struct" => new StructType(Fields(json, depth + 1)),
            "list" => new ListType(
                Int(Member(json, "element-id")),
                ReadType(Member(json, "element"), depth + 1),
                Member(json, "element-required").AsBool()),
            "map" => new MapType(
                Int(Member(json, "key-id")),
                ReadType(Member(json, "key"), depth + 1),
                Int(Member(json, "value-id")),
                ReadType(Member(json, "value"), depth + 1),
                Member(json, "value-required").AsBool()),
            var other => throw new FormatException($"'{other}' is not an Iceberg type."),
        };
    }

    private static ImmutableArray<NestedField> Fields(JsonValue json, int depth) =>
        [.. Member(json, "fields").Items.Select(f => ReadField(f, depth))];

    private static NestedField ReadField(JsonValue json, int depth)
    {
        var (id, name) = (Int(Member(json, "id")), Member(json, "name").AsString());
        return new(id, name, ReadType(Member(json, "type"), depth), Member(json, "required").AsBool())
        {
            Doc = json["doc"] is { Kind: JsonKind.String } doc ? doc.AsString() : null,
            InitialDefault = json["initial-default"] is { IsNull: false } initial ? initial : null,
            WriteDefault = json["write-default"] is { IsNull: false } write ? write : null,
        };
    }

    private static JsonValue Fields(ImmutableArray<NestedField> fields) => JsonValue.Array([.. fields.Select(Field)]);

    private static JsonValue Field(NestedField field)
    {
        var json = JsonValue.Object(
            ("id", JsonValue.Integer(field.Id)),
            ("name", JsonValue.String(field.Name)),
            ("required", JsonValue.Bool(field.IsRequired)),
            ("type", WriteType(field.Type)));
        if (field.Doc is { } doc) json = json.With("doc", JsonValue.String(doc));
        if (field.InitialDefault is { } initial) json = json.With("initial-default", initial);
        return field.WriteDefault is { } write ? json.With("write-default", write) : json;
    }

    private static JsonValue Member(JsonValue json, string name) =>
        json[name] ?? throw new FormatException($"'{name}' is missing in {Short(json)}.");

    private static string Short(JsonValue json) => json.ToString() is { Length: > 100 } text ? text[..100] + "…" : json.ToString();

    internal static int Int(JsonValue json) => json.TryGetInt64(out var value) && value is >= int.MinValue and <= int.MaxValue
        ? (int)value : throw new FormatException($"{Short(json)} is not a 32-bit integer.");
}
