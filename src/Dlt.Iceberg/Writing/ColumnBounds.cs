namespace Dlt.Iceberg;

/// <summary>Bounds as manifests have them: as bytes, those of texts and binaries cut as the table wants it (docs/spec/iceberg.md 3.7).</summary>
/// <param name="metadata">The table's properties.</param>
internal sealed class ColumnBounds(TableMetadata metadata)
{
    /// <summary>Length of texts and binaries; null for whole ones.</summary>
    private readonly int? _width = MetricsConfig.BoundsWidth(metadata);

    /// <summary>The least value, or something below it. A zero is written as the lower of both, so that it bounds either.</summary>
    /// <returns>Null when the type has no bounds.</returns>
    public byte[]? Lower(PrimitiveType type, object least) => SingleValue.Encode(type, least switch
    {
        0.0 => -0.0,
        0f => -0f,
        _ => _width is { } width ? Bounds.Lower(type, least, width) : least,
    });

    /// <summary>The greatest value, or something above it.</summary>
    /// <returns>Null when there is none, or the type has no bounds.</returns>
    public byte[]? Upper(PrimitiveType type, object greatest) => (greatest switch
    {
        0.0 => 0.0,
        0f => 0f,
        _ => _width is { } width ? Bounds.Upper(type, greatest, width) : greatest,
    }) is { } upper ? SingleValue.Encode(type, upper) : null;
}
