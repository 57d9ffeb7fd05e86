namespace Dlt.Iceberg;

/// <summary>
/// Encodes bounds for manifests in their whole length (docs/spec/iceberg.md 3.7). <see cref="MetricsConfig"/> shortens them.
/// </summary>
internal static class ColumnBounds
{
    /// <summary>The lower bound. A zero becomes -0.0, so the bound holds for both zeros.</summary>
    /// <returns>Null if the type has no bounds.</returns>
    public static byte[]? Lower(PrimitiveType type, object least) => SingleValue.Encode(type, least switch
    {
        0.0 => -0.0,
        0f => -0f,
        _ => least,
    });

    /// <summary>The upper bound. A zero becomes 0.0, so the bound holds for both zeros.</summary>
    /// <returns>Null if the type has no bounds.</returns>
    public static byte[]? Upper(PrimitiveType type, object greatest) => SingleValue.Encode(type, greatest switch
    {
        0.0 => 0.0,
        0f => 0f,
        _ => greatest,
    });
}
