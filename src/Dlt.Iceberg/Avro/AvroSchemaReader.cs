namespace Dlt.Iceberg.Avro;

/// <summary>Reads the schema of an Avro file.</summary>
internal sealed class AvroSchemaReader
{
    private const int MaxDepth = 64;
    private const int MaxFixedBytes = 1 << 20;

    private readonly Dictionary<string, AvroType> _named = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">The JSON is not an Avro schema.</exception>
    public static AvroType Read(JsonValue json) => new AvroSchemaReader().Type(json, 0);

    private AvroType Type(JsonValue json, int depth)
    {
        if (depth > MaxDepth) throw new FormatException($"The schema is nested more than {MaxDepth} levels deep.");
        switch (json.Kind)
        {
            case JsonKind.String: return Named(json.AsString(), json);
            case JsonKind.Array: return new AvroUnion([.. json.Items.Select(b => Type(b, depth + 1))]);
            case JsonKind.Object: break;
            default: throw new FormatException($"{json} is not an Avro type.");
        }

        var type = json["type"] ?? throw new FormatException("A type in the schema has no 'type'.");
        if (type.Kind != JsonKind.String) return Type(type, depth + 1);
        switch (type.AsString())
        {
            case "record": return Record(json, depth);
            case "array":
                var items = json["items"] ?? throw new FormatException("An array in the schema has no 'items'.");
                return new AvroArray(Type(items, depth + 1), Id(json, "element-id"), Text(json, "logicalType") == "map");
            case "map":
                var values = json["values"] ?? throw new FormatException("A map in the schema has no 'values'.");
                return new AvroMap(Type(values, depth + 1), Id(json, "key-id"), Id(json, "value-id"));
            case "enum":
                var symbols = json["symbols"] ?? JsonValue.EmptyArray;
                return Remember(json, new AvroEnum([.. symbols.Items.Select(s => s.AsString())]));
            case "fixed": return Remember(json, Fixed(json));
            default: return Named(type.AsString(), json);
        }
    }

    private static AvroFixed Fixed(JsonValue json)
    {
        var size = Id(json, "size") ?? throw new FormatException("A fixed in the schema has no 'size'.");
        if (size is < 0 or > MaxFixedBytes) throw new FormatException($"A fixed in the schema has the invalid size {size}.");
        return new(Text(json, "name") ?? "", size)
        {
            LogicalType = Text(json, "logicalType"),
            Precision = Id(json, "precision") ?? 0,
            Scale = Id(json, "scale") ?? 0,
        };
    }

    private AvroType Record(JsonValue json, int depth)
    {
        var record = new AvroRecordType(Text(json, "name") ?? "");
        Remember(json, record);
        var fields = json["fields"] ?? throw new FormatException("A record in the schema has no 'fields'.");
        record.Fields = [.. fields.Items.Select(f => Field(f, depth))];
        return record;
    }

    private AvroField Field(JsonValue json, int depth)
    {
        var type = json["type"] ?? throw new FormatException("A field in the schema has no 'type'.");
        return new(Text(json, "name") ?? "", Type(type, depth + 1), Id(json, "field-id"));
    }

    private AvroType Named(string name, JsonValue json) => name switch
    {
        "null" => new AvroPrimitive(AvroKind.Null),
        "boolean" => new AvroPrimitive(AvroKind.Boolean),
        "int" => Primitive(AvroKind.Int, json),
        "long" => Primitive(AvroKind.Long, json),
        "float" => new AvroPrimitive(AvroKind.Float),
        "double" => new AvroPrimitive(AvroKind.Double),
        "bytes" => Primitive(AvroKind.Bytes, json),
        "string" => Primitive(AvroKind.String, json),
        _ => _named.TryGetValue(name, out var known)
            ? known : throw new FormatException($"'{name}' is neither an Avro type nor defined in the schema."),
    };

    private static AvroPrimitive Primitive(AvroKind kind, JsonValue json) => json.Kind != JsonKind.Object
        ? new AvroPrimitive(kind)
        : new AvroPrimitive(kind)
        {
            LogicalType = Text(json, "logicalType"),
            Scale = Id(json, "scale") ?? 0,
            IsUtc = json["adjust-to-utc"] is { Kind: JsonKind.True },
        };

    private AvroType Remember(JsonValue json, AvroType type)
    {
        if (Text(json, "name") is not { } name) return type;
        _named[name] = type;
        if (Text(json, "namespace") is { } space) _named[$"{space}.{name}"] = type;
        return type;
    }

    private static string? Text(JsonValue json, string member) => json[member] is { Kind: JsonKind.String } text ? text.AsString() : null;

    private static int? Id(JsonValue json, string member) => json[member] is { Kind: JsonKind.Integer } id ? SchemaJson.Int(id) : null;
}
