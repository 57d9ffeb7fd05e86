using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>A field of a sort order.</summary>
/// <param name="SourceId">Field id of the column.</param>
/// <param name="Transform">What is sorted by.</param>
/// <param name="IsDescending">True for the largest first.</param>
/// <param name="NullsFirst">Where nulls go.</param>
public sealed record SortField(int SourceId, Transform Transform, bool IsDescending = false, bool NullsFirst = true);

/// <summary>The order of the rows in files (Iceberg table specification).</summary>
public sealed class SortOrder
{
    /// <summary>An order; id 0 is that of no order.</summary>
    public SortOrder(int orderId, ImmutableArray<SortField> fields)
    {
        OrderId = orderId;
        Fields = fields;
    }

    /// <summary>No order.</summary>
    public static SortOrder Unsorted { get; } = new(0, []);

    /// <summary>Its id in the table.</summary>
    public int OrderId { get; }

    /// <summary>Fields, the most significant first.</summary>
    public ImmutableArray<SortField> Fields { get; }

    /// <exception cref="FormatException">Not a sort order.</exception>
    internal static SortOrder Read(JsonValue json) => new(
        SchemaJson.Int(json["order-id"] ?? throw new FormatException("A sort order has no 'order-id'.")),
        [
            .. (json["fields"] ?? JsonValue.EmptyArray).Items.Select(f => new SortField(
                f["source-id"] is { } source ? SchemaJson.Int(source) : SchemaJson.Int(f["source-ids"]!.Items[0]),
                Transform.Parse(f["transform"]!.AsString()), f["direction"]?.AsString() == "desc",
                f["null-order"]?.AsString() != "nulls-last")),
        ]);

    internal JsonValue Write() => JsonValue.Object(
        ("order-id", JsonValue.Integer(OrderId)),
        ("fields", JsonValue.Array(
        [
            .. Fields.Select(f => JsonValue.Object(
                ("transform", JsonValue.String(f.Transform.ToString()!)), ("source-id", JsonValue.Integer(f.SourceId)),
                ("direction", JsonValue.String(f.IsDescending ? "desc" : "asc")),
                ("null-order", JsonValue.String(f.NullsFirst ? "nulls-first" : "nulls-last")))),
        ])));
}
