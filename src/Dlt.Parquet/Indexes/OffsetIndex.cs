using Dlt.Parquet.Pages;
using Dlt.Parquet.Thrift;

namespace Dlt.Parquet.Indexes;

/// <summary>Writes position and first row of each data page of a column chunk (Parquet format, PageIndex).</summary>
internal static class OffsetIndex
{
    public static void Write(PageBuffer target, ColumnChunk chunk)
    {
        var thrift = new CompactWriter(target);
        thrift.BeginElement();
        thrift.BeginStructList(1, chunk.Pages.Count);
        foreach (var page in chunk.Pages)
        {
            thrift.BeginElement();
            thrift.I64(1, chunk.RowGroupOffset + page.Offset);
            thrift.I32(2, page.CompressedBytes);
            thrift.I64(3, page.FirstRow);
            thrift.EndStruct();
        }

        thrift.EndStruct();
    }
}
