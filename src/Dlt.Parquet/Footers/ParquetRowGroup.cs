using Dlt.Parquet.Thrift;

namespace Dlt.Parquet;

/// <summary>Metadata of a row group in a footer.</summary>
public sealed class ParquetRowGroup
{
    private const short ColumnsField = 1;
    private const short RowsField = 3;

    private ParquetRowGroup(long rows, IReadOnlyList<ParquetColumnChunk> columns)
    {
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Number of rows.</summary>
    public long Rows { get; }

    /// <summary>Column chunks, in the order of the leaves among <see cref="ParquetFooter.Elements"/>.</summary>
    public IReadOnlyList<ParquetColumnChunk> Columns { get; }

    internal static ParquetRowGroup Of(ThriftStruct group) => new(
        group.RequiredLong(RowsField), group.RequiredList(ColumnsField).Items.ConvertAll(c => ParquetColumnChunk.Of(c.RequiredStruct)));
}
