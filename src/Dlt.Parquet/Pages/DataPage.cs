using Dlt.Parquet.Metrics;

namespace Dlt.Parquet.Pages;

/// <summary>Entry of one data page in the page index.</summary>
/// <param name="Offset">Offset of the page's header in the row group, in bytes.</param>
/// <param name="CompressedBytes">Size of the page with its header.</param>
/// <param name="FirstRow">Index of the page's first row in the row group.</param>
/// <param name="Values">Number of values, including nulls.</param>
/// <param name="NullCount">Number of nulls.</param>
/// <param name="Bounds">Bounds of the values; null without values.</param>
internal readonly record struct DataPage(long Offset, int CompressedBytes, int FirstRow, int Values, int NullCount, ColumnBounds? Bounds)
{
    /// <summary>True when the page has only nulls.</summary>
    public bool IsNull => NullCount == Values;
}
