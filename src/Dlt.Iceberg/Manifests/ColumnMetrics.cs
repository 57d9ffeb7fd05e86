namespace Dlt.Iceberg;

/// <summary>
/// Counts and bounds of columns for a data file or a row group. Keys are field ids. A missing entry means that the metric is unknown.
/// </summary>
public sealed record ColumnMetrics
{
    /// <summary>Number of rows.</summary>
    public required long RecordCount { get; init; }

    /// <summary>Number of values by field id, including nulls and NaNs.</summary>
    public IReadOnlyDictionary<int, long>? ValueCounts { get; init; }

    /// <summary>Number of nulls by field id.</summary>
    public IReadOnlyDictionary<int, long>? NullValueCounts { get; init; }

    /// <summary>Number of NaNs by field id, for floats and doubles.</summary>
    public IReadOnlyDictionary<int, long>? NanValueCounts { get; init; }

    /// <summary>
    /// Lower bounds by field id, encoded by <see cref="SingleValue.Encode"/>: at or below the smallest value, without NaNs.
    /// </summary>
    public IReadOnlyDictionary<int, byte[]>? LowerBounds { get; init; }

    /// <summary>
    /// Upper bounds by field id, encoded by <see cref="SingleValue.Encode"/>: at or above the largest value, without NaNs.
    /// </summary>
    public IReadOnlyDictionary<int, byte[]>? UpperBounds { get; init; }

    /// <summary>The metrics of a file in its manifest entry.</summary>
    internal static ColumnMetrics Of(DataFile file) => new()
    {
        RecordCount = file.RecordCount,
        ValueCounts = file.ValueCounts,
        NullValueCounts = file.NullValueCounts,
        NanValueCounts = file.NanValueCounts,
        LowerBounds = file.LowerBounds,
        UpperBounds = file.UpperBounds,
    };
}
