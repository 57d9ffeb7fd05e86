using Dlt.Parquet.Pages;

namespace Dlt.Parquet;

/// <summary>
/// A row group as it goes into a file. <see cref="ParquetFileWriter.WriteRowGroup(EncodedRowGroup)"/> takes it once, before its encoder
/// makes the next one.
/// </summary>
public sealed class EncodedRowGroup
{
    internal EncodedRowGroup(int rows, ChunkBytes bytes, IReadOnlyList<ColumnChunk> chunks)
    {
        Rows = rows;
        Bytes = bytes;
        Chunks = chunks;
    }

    /// <summary>Its rows.</summary>
    public int Rows { get; }

    /// <summary>The pages of all chunks one after another.</summary>
    internal ChunkBytes Bytes { get; }

    /// <summary>The chunks, with offsets from the beginning of the row group.</summary>
    internal IReadOnlyList<ColumnChunk> Chunks { get; }
}
