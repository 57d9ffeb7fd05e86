namespace Dlt.Iceberg;

/// <summary>
/// Encodes bounds for manifests. Bounds of texts and binary values are shortened to the length that the table's properties set
/// (docs/spec/iceberg.md 3.7).
/// </summary>
/// <param name="metadata">Metadata with the table's properties.</param>
internal sealed class ColumnBounds(TableMetadata metadata)
{
    /// <summary>Maximum length of text and binary bounds; null if they are not shortened.</summary>
    private readonly int? _width = MetricsConfig.BoundsWidth(metadata);

    /// <summary>The lower bound: the smallest value or a value below it. A zero becomes -0.0, so the bound holds for both zeros.</summary>
    /// <returns>Null if the type has no bounds.</returns>
    public byte[]? Lower(PrimitiveType type, object least) => SingleValue.Encode(type, least switch
    {
        0.0 => -0.0,
        0f => -0f,
        _ => _width is { } width ? Bounds.Lower(type, least, width) : least,
    });

    /// <summary>The upper bound: the largest value or a value above it. A zero becomes 0.0, so the bound holds for both zeros.</summary>
    /// <returns>Null if no upper bound exists, or the type has no bounds.</returns>
    public byte[]? Upper(PrimitiveType type, object greatest)
    {
        var upper = greatest switch
        {
            0.0 => 0.0,
            0f => 0f,
            _ => _width is { } width ? Bounds.Upper(type, greatest, width) : greatest,
        };
        return upper is null ? null : SingleValue.Encode(type, upper);
    }
}
