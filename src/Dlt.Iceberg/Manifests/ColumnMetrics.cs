namespace Dlt.Iceberg;

/// <summary>
/// Counts and bounds of the columns of some rows: of a data file, or of a row group. Keys are field ids; what is missing is not known.
/// </summary>
public sealed record ColumnMetrics
{
    /// <summary>Number of rows.</summary>
    public required long RecordCount { get; init; }

    /// <summary>Values, null and NaN included.</summary>
    public IReadOnlyDictionary<int, long>? ValueCounts { get; init; }

    /// <summary>Nulls.</summary>
    public IReadOnlyDictionary<int, long>? NullValueCounts { get; init; }

    /// <summary>NaNs of floats and doubles.</summary>
    public IReadOnlyDictionary<int, long>? NanValueCounts { get; init; }

    /// <summary>The least values or something below them, as <see cref="SingleValue.Encode"/> writes them; NaN apart.</summary>
    public IReadOnlyDictionary<int, byte[]>? LowerBounds { get; init; }

    /// <summary>The greatest values or something above them, as <see cref="SingleValue.Encode"/> writes them; NaN apart.</summary>
    public IReadOnlyDictionary<int, byte[]>? UpperBounds { get; init; }

    /// <summary>What a manifest says of a file.</summary>
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
