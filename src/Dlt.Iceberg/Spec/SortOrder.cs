using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>A field of a sort order.</summary>
/// <param name="SourceId">Field id of the source column.</param>
/// <param name="Transform">Computes the sort key from the column's value.</param>
/// <param name="IsDescending">True for descending order.</param>
/// <param name="NullsFirst">True if nulls come before other values.</param>
public sealed record SortField(int SourceId, Transform Transform, bool IsDescending = false, bool NullsFirst = true);

/// <summary>The order of the rows in data files (Iceberg table specification).</summary>
public sealed class SortOrder
{
    /// <summary>Creates a sort order. Id 0 is reserved for the unsorted order.</summary>
    public SortOrder(int orderId, ImmutableArray<SortField> fields)
    {
        OrderId = orderId;
        Fields = fields;
    }

    /// <summary>The order of a table that is not sorted.</summary>
    public static SortOrder Unsorted { get; } = new(0, []);

    /// <summary>Id of the order in its table.</summary>
    public int OrderId { get; }

    /// <summary>Fields, most significant first.</summary>
    public ImmutableArray<SortField> Fields { get; }

    /// <exception cref="FormatException">The JSON is not a sort order.</exception>
    internal static SortOrder Read(JsonValue json)
    {
        var orderId = json["order-id"] ?? throw new FormatException("A sort order has no 'order-id'.");
        var fields = json["fields"] ?? JsonValue.EmptyArray;
        return new(SchemaJson.Int(orderId), [.. fields.Items.Select(ReadField)]);
    }

    internal JsonValue Write() => JsonValue.Object(
        ("order-id", JsonValue.Integer(OrderId)),
        ("fields", JsonValue.Array([.. Fields.Select(WriteField)])));

    private static SortField ReadField(JsonValue json) => new(
        SchemaJson.Int(json["source-id"] ?? json["source-ids"]!.Items[0]),
        Transform.Parse(json["transform"]!.AsString()),
        json["direction"]?.AsString() == "desc",
        json["null-order"]?.AsString() != "nulls-last");

    private static JsonValue WriteField(SortField field) => JsonValue.Object(
        ("transform", JsonValue.String(field.Transform.ToString()!)),
        ("source-id", JsonValue.Integer(field.SourceId)),
        ("direction", JsonValue.String(field.IsDescending ? "desc" : "asc")),
        ("null-order", JsonValue.String(field.NullsFirst ? "nulls-first" : "nulls-last")));
}
