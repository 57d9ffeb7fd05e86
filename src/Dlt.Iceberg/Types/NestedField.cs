using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>A field of a struct; its id stays when it is renamed or moved.</summary>
/// <param name="Id">1 to 2147483447.</param>
/// <param name="Name">The name; case counts.</param>
/// <param name="Type">The type.</param>
/// <param name="IsRequired">False when values may be null.</param>
public sealed record NestedField(int Id, string Name, IcebergType Type, bool IsRequired = false)
{
    /// <summary>Free text.</summary>
    public string? Doc { get; init; }

    /// <summary>Value in files that were written before the field was added (version 3).</summary>
    public JsonValue? InitialDefault { get; init; }

    /// <summary>Value that writers put where a row has none (version 3).</summary>
    public JsonValue? WriteDefault { get; init; }
}
