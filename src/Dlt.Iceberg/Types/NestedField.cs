namespace Dlt.Iceberg;

/// <summary>A field of a struct. Its id does not change when it is renamed or moved.</summary>
/// <param name="Id">Field id, 1 to 2147483447.</param>
/// <param name="Name">Name of the field; case-sensitive.</param>
/// <param name="Type">Type of the field.</param>
/// <param name="IsRequired">True if values are never null.</param>
public sealed record NestedField(int Id, string Name, IcebergType Type, bool IsRequired = false)
{
    /// <summary>Description of the field.</summary>
    public string? Doc { get; init; }

    /// <summary>Value of the field in files that were written before the field was added (format version 3).</summary>
    public JsonValue? InitialDefault { get; init; }

    /// <summary>Value that writers use for rows without a value (format version 3).</summary>
    public JsonValue? WriteDefault { get; init; }
}
