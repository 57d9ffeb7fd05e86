using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>A field of a partition spec.</summary>
/// <param name="SourceId">Field id of the source column.</param>
/// <param name="FieldId">Id of the partition field: 1000 or higher, unique in the table.</param>
/// <param name="Name">Name of the partition field.</param>
/// <param name="Transform">Computes the partition value from the column's value.</param>
public sealed record PartitionField(int SourceId, int FieldId, string Name, Transform Transform);

/// <summary>Divides the rows of a table into partitions (Iceberg table specification).</summary>
public sealed class PartitionSpec
{
    internal const int FirstFieldId = 1000;

    /// <summary>Creates a spec.</summary>
    public PartitionSpec(int specId, ImmutableArray<PartitionField> fields)
    {
        SpecId = specId;
        Fields = fields;
    }

    /// <summary>The spec of a table without partitions.</summary>
    public static PartitionSpec Unpartitioned { get; } = new(0, []);

    /// <summary>Id of the spec in its table.</summary>
    public int SpecId { get; }

    /// <summary>Fields in order.</summary>
    public ImmutableArray<PartitionField> Fields { get; }

    /// <summary>True if all files are in one partition: the spec has no fields, or their values are always null.</summary>
    public bool IsUnpartitioned => Fields.All(f => f.Transform is VoidTransform);

    /// <summary>
    /// The folder of a partition, such as <c>country=de/day=2024-05-06</c>. It is for people: no reader takes values from it. Long values
    /// are shortened and end with a hash.
    /// </summary>
    /// <param name="schema">Schema with the source columns.</param>
    /// <param name="partition">One value per field of the spec.</param>
    public string PathOf(Schema schema, IReadOnlyList<object?> partition) => PartitionPath.Of(this, schema, partition);

    /// <summary>True if the fields of both specs have the same sources, transforms and names.</summary>
    internal bool IsCompatible(PartitionSpec other) =>
        Fields.Length == other.Fields.Length && Fields.Zip(other.Fields).All(p => IsCompatible(p.First, p.Second));

    /// <summary>Type of a field's values; null if the column or the transform is unknown.</summary>
    internal static PrimitiveType? ResultType(PartitionField field, Schema schema) =>
        schema.Find(field.SourceId)?.Type is PrimitiveType source ? field.Transform.ResultType(source) : null;

    /// <exception cref="FormatException">The JSON is not a partition spec.</exception>
    internal static PartitionSpec Read(JsonValue json)
    {
        var specId = json["spec-id"] is { } id ? SchemaJson.Int(id) : 0;
        var fields = json["fields"] ?? throw new FormatException("A partition spec has no 'fields'.");
        return new(specId, ReadFields(fields));
    }

    /// <summary>Reads the fields of a spec. Version 1 may omit their ids.</summary>
    internal static ImmutableArray<PartitionField> ReadFields(JsonValue fields) => [.. fields.Items.Select(ReadField)];

    internal JsonValue Write() => JsonValue.Object(("spec-id", JsonValue.Integer(SpecId)), ("fields", WriteFields()));

    internal JsonValue WriteFields() => JsonValue.Array([.. Fields.Select(WriteField)]);

    private static PartitionField ReadField(JsonValue json, int index)
    {
        var source = json["source-id"] ?? (json["source-ids"] is { Items: [var first, ..] } ? first : null)
            ?? throw new FormatException("A partition field has no 'source-id'.");
        var sourceId = SchemaJson.Int(source);
        var fieldId = json["field-id"] is { } id ? SchemaJson.Int(id) : FirstFieldId + index;
        var name = json["name"]?.AsString() ?? throw new FormatException("A partition field has no 'name'.");
        var transform = json["transform"]?.AsString() ?? throw new FormatException("A partition field has no 'transform'.");
        var hasSeveralSources = json["source-ids"] is { Items.Length: > 1 };
        return new(sourceId, fieldId, name, hasSeveralSources ? new UnknownTransform(transform) : Transform.Parse(transform));
    }

    private static JsonValue WriteField(PartitionField field) => JsonValue.Object(
        ("source-id", JsonValue.Integer(field.SourceId)),
        ("field-id", JsonValue.Integer(field.FieldId)),
        ("name", JsonValue.String(field.Name)),
        ("transform", JsonValue.String(field.Transform.ToString()!)));

    private static bool IsCompatible(PartitionField field, PartitionField other) =>
        (field.SourceId, field.Transform, field.Name) == (other.SourceId, other.Transform, other.Name);
}
