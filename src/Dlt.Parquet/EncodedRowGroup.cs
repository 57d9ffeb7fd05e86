using Dlt.Parquet.Pages;

namespace Dlt.Parquet;

/// <summary>
/// An encoded row group. <see cref="ParquetFileWriter.WriteRowGroup(EncodedRowGroup)"/> accepts it once, before its encoder creates the
/// next one.
/// </summary>
public sealed class EncodedRowGroup
{
    internal EncodedRowGroup(int rows, ChunkBytes bytes, IReadOnlyList<ColumnChunk> chunks)
    {
        Rows = rows;
        Bytes = bytes;
        Chunks = chunks;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Pages of all column chunks, one after another.</summary>
    internal ChunkBytes Bytes { get; }

    /// <summary>Column chunks with offsets from the beginning of the row group.</summary>
    internal IReadOnlyList<ColumnChunk> Chunks { get; }
}
