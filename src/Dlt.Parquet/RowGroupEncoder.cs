using Dlt.Parquet.Nested;
using Dlt.Parquet.Pages;
using Dlt.Types;

namespace Dlt.Parquet;

/// <summary>
/// Encodes and compresses row groups apart from the file that they go into, so that several threads can do it at once, each with its own
/// encoder. <see cref="ParquetFileWriter"/> writes them one after another.
/// </summary>
public sealed class RowGroupEncoder : IDisposable
{
    private readonly ChunkBytes _bytes = new();
    private readonly PageCompressor _compressor;
    private readonly ColumnChunkWriter _chunks;

    /// <summary>Makes an encoder.</summary>
    /// <param name="options">The same as those of the writer.</param>
    public RowGroupEncoder(ParquetWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _compressor = new PageCompressor(options.Codec, options.ZstdLevel);
        _chunks = new ColumnChunkWriter(_bytes, _compressor, options);
    }

    /// <summary>Encodes the rows of some buffers. The buffers keep their values: release or clear them afterwards.</summary>
    /// <param name="columns">
    /// The columns, each with a buffer as <see cref="ColumnType.NewBuffer"/> makes them. A column of the file that is not among them is null
    /// in this row group. A buffer with fewer rows ends with nulls.
    /// </param>
    /// <param name="rows">The rows of the row group: 1 or more.</param>
    /// <returns>The row group, for one call of the writer; valid until the next call of this encoder.</returns>
    /// <exception cref="ArgumentException">A buffer is of another type than its column, or has more rows.</exception>
    /// <exception cref="InvalidOperationException">
    /// A required column has nulls, or a value of a nested column is not of its type.
    /// </exception>
    public EncodedRowGroup Encode(IEnumerable<(ParquetColumn Column, ColumnBuffer Buffer)> columns, int rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        _bytes.Clear();
        var chunks = columns.SelectMany(c => ChunksOf(c.Column, c.Buffer, rows)).ToList();
        return new(rows, _bytes, chunks);
    }

    /// <summary>Encodes nulls, for columns that came after a row group was written.</summary>
    internal EncodedRowGroup EncodeNulls(IEnumerable<ParquetColumn> columns, int rows)
    {
        _bytes.Clear();
        var chunks = columns.SelectMany(c => c.Leaves).Select(c => _chunks.WriteNulls(c, rows)).ToList();
        return new(rows, _bytes, chunks);
    }

    private IEnumerable<ColumnChunk> ChunksOf(ParquetColumn column, ColumnBuffer buffer, int rows)
    {
        if (!column.Type.Takes(buffer))
            throw new ArgumentException($"Column '{column.Name}' is {column.Type.DataType.Name()}, and its buffer is of another type.");
        if (buffer.Rows > rows)
            throw new ArgumentException($"The buffer of column '{column.Name}' has {buffer.Rows} rows, and the row group {rows}.");
        if (!column.IsNested) return [_chunks.Write(buffer, column, rows)];
        var shredder = new NestedShredder(column);
        shredder.Add((BytesBuffer)buffer, rows);
        return [.. shredder.Leaves.Select(_chunks.Write)];
    }

    /// <summary>Frees the memory of the encoder.</summary>
    public void Dispose()
    {
        _bytes.Clear();
        _compressor.Dispose();
    }
}
