using Dlt.Parquet.Metrics;

namespace Dlt.Parquet.Pages;

/// <summary>What the page index says of one data page.</summary>
/// <param name="Offset">Bytes from the beginning of the row group to the page's header.</param>
/// <param name="CompressedBytes">With the header.</param>
/// <param name="FirstRow">Number of its first row in the row group.</param>
/// <param name="Values">Values and nulls.</param>
/// <param name="NullCount">Nulls.</param>
/// <param name="Bounds">Null without values.</param>
internal readonly record struct DataPage(long Offset, int CompressedBytes, int FirstRow, int Values, int NullCount, ColumnBounds? Bounds)
{
    /// <summary>True when there is no value.</summary>
    public bool IsNull => NullCount == Values;
}
