using Dlt.Parquet.Pages;
using Dlt.Parquet.Metrics;
using Dlt.Parquet.Thrift;

namespace Dlt.Parquet.Indexes;

/// <summary>
/// Writes bounds and null counts of each data page of a column chunk, so readers can skip pages (Parquet format, PageIndex).
/// </summary>
internal static class ColumnIndex
{
    /// <returns>False when a page has values without bounds. Nothing is written then, because NaN has no place in the order and the index
    /// cannot mark bounds as unknown. parquet-mr omits such an index too.</returns>
    public static bool TryWrite(PageBuffer target, ColumnChunk chunk)
    {
        if (chunk.Pages.Any(p => !p.IsNull && p.Bounds is not { Min: not null, Max: not null })) return false;
        var thrift = new CompactWriter(target);
        thrift.BeginElement();
        thrift.BoolList(1, [.. chunk.Pages.Select(p => p.IsNull)]);
        thrift.BinaryList(2, [.. chunk.Pages.Select(p => p.Bounds?.Min ?? [])]);
        thrift.BinaryList(3, [.. chunk.Pages.Select(p => p.Bounds?.Max ?? [])]);
        thrift.I32(4, (int)OrderOf(chunk));
        thrift.I64List(5, [.. chunk.Pages.Select(p => (long)p.NullCount)]);
        thrift.EndStruct();
        return true;
    }

    private static BoundaryOrder OrderOf(ColumnChunk chunk)
    {
        bool isAscending = true, isDescending = true;
        ColumnBounds? last = null;
        foreach (var page in chunk.Pages.Where(p => !p.IsNull))
        {
            if (last is not null)
            {
                var min = BoundsOrder.Compare(chunk.Column, last.Min, page.Bounds!.Min);
                var max = BoundsOrder.Compare(chunk.Column, last.Max, page.Bounds.Max);
                isAscending &= min <= 0 && max <= 0;
                isDescending &= min >= 0 && max >= 0;
            }

            last = page.Bounds;
        }

        return isAscending ? BoundaryOrder.Ascending : isDescending ? BoundaryOrder.Descending : BoundaryOrder.Unordered;
    }

    private enum BoundaryOrder
    {
        Unordered = 0,
        Ascending = 1,
        Descending = 2,
    }
}
