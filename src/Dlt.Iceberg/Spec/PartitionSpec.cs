using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>A field of a partition spec.</summary>
/// <param name="SourceId">Field id of the column.</param>
/// <param name="FieldId">1000 or higher; unique in the table.</param>
/// <param name="Name">Name of the partition value.</param>
/// <param name="Transform">How the value is made.</param>
public sealed record PartitionField(int SourceId, int FieldId, string Name, Transform Transform);

/// <summary>How the rows of a table are divided into files (Iceberg table specification).</summary>
public sealed class PartitionSpec
{
    internal const int FirstFieldId = 1000;

    /// <summary>A spec.</summary>
    public PartitionSpec(int specId, ImmutableArray<PartitionField> fields)
    {
        SpecId = specId;
        Fields = fields;
    }

    /// <summary>No partitions.</summary>
    public static PartitionSpec Unpartitioned { get; } = new(0, []);

    /// <summary>Its id in the table.</summary>
    public int SpecId { get; }

    /// <summary>Fields in order.</summary>
    public ImmutableArray<PartitionField> Fields { get; }

    /// <summary>True when all files are in one partition: no fields, or only such as are always null.</summary>
    public bool IsUnpartitioned => Fields.All(f => f.Transform is VoidTransform);

    /// <summary>
    /// The folder of a partition, such as <c>country=de/day=2024-05-06</c>: for people, no reader takes values from it. Long values are
    /// cut, and end with a hash then.
    /// </summary>
    /// <param name="schema">The schema that has the columns.</param>
    /// <param name="partition">One value per field.</param>
    public string PathOf(Schema schema, IReadOnlyList<object?> partition) => PartitionPath.Of(this, schema, partition);

    /// <summary>True when source, transform and name of all fields are the same.</summary>
    internal bool IsCompatible(PartitionSpec other) =>
        Fields.Length == other.Fields.Length
            && Fields.Zip(other.Fields)
            .All(p => (p.First.SourceId, p.First.Transform, p.First.Name) == (p.Second.SourceId, p.Second.Transform, p.Second.Name));

    /// <summary>Type of a field's values; null when the column or the transform is not known.</summary>
    internal static PrimitiveType? ResultType(PartitionField field, Schema schema) =>
        schema.Find(field.SourceId)?.Type is PrimitiveType source ? field.Transform.ResultType(source) : null;

    /// <exception cref="FormatException">Not a spec.</exception>
    internal static PartitionSpec Read(JsonValue json) =>
        new(json["spec-id"] is { } id ? SchemaJson.Int(id) : 0,
            ReadFields(json["fields"] ?? throw new FormatException("A partition spec has no 'fields'.")));

    /// <summary>Fields; version 1 may leave out their ids.</summary>
    internal static ImmutableArray<PartitionField> ReadFields(JsonValue fields) =>
    [
        .. fields.Items.Select((f, i) => new PartitionField(
            f["source-id"] is { } source ? SchemaJson.Int(source) : f["source-ids"] is { Items: [var first, ..] } ? SchemaJson.Int(first)
                : throw new FormatException("A partition field has no 'source-id'."),
            f["field-id"] is { } id ? SchemaJson.Int(id) : FirstFieldId + i,
            f["name"]?.AsString() ?? throw new FormatException("A partition field has no 'name'."),
            f["source-ids"] is { Items.Length: > 1 }
                ? new UnknownTransform(f["transform"]!.AsString())
                : Transform.Parse(f["transform"]?.AsString() ?? throw new FormatException("A partition field has no 'transform'.")))),
    ];

    internal JsonValue Write() => JsonValue.Object(("spec-id", JsonValue.Integer(SpecId)), ("fields", WriteFields()));

    internal JsonValue WriteFields() => JsonValue.Array(
    [
        .. Fields.Select(f => JsonValue.Object(
            ("source-id", JsonValue.Integer(f.SourceId)), ("field-id", JsonValue.Integer(f.FieldId)),
            ("name", JsonValue.String(f.Name)), ("transform", JsonValue.String(f.Transform.ToString()!)))),
    ]);
}
