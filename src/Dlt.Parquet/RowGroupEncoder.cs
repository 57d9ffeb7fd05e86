using Dlt.Parquet.Nested;
using Dlt.Parquet.Pages;

namespace Dlt.Parquet;

/// <summary>
/// Encodes and compresses row groups independently of a file, so several threads can encode at once, each with its own encoder.
/// <see cref="ParquetFileWriter"/> writes the row groups one after another.
/// </summary>
public sealed class RowGroupEncoder : IDisposable
{
    private readonly ChunkBytes _bytes = new();
    private readonly PageCompressor _compressor;
    private readonly ColumnChunkWriter _chunks;

    /// <summary>Creates an encoder.</summary>
    /// <param name="options">Options, which must equal those of the writer.</param>
    public RowGroupEncoder(ParquetWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _compressor = new PageCompressor(options.Codec, options.ZstdLevel);
        _chunks = new ColumnChunkWriter(_bytes, _compressor, options);
    }

    /// <summary>Encodes the rows of column buffers. The buffers keep their values; release or clear them afterwards.</summary>
    /// <param name="columns">Columns with buffers as <see cref="ColumnType.NewBuffer"/> creates them. A column of the file that is not
    /// listed is null in this row group. If a buffer has fewer rows, the remaining rows are null.</param>
    /// <param name="rows">Number of rows in the row group, 1 or more.</param>
    /// <returns>The row group, for one call of the writer. Valid until the next call of this encoder.</returns>
    /// <exception cref="ArgumentException">A buffer has another type than its column, or more rows than the row group.</exception>
    /// <exception cref="InvalidOperationException">A required column has nulls, or a value of a nested column is not of its
    /// type.</exception>
    public EncodedRowGroup Encode(IEnumerable<(ParquetColumn Column, ColumnBuffer Buffer)> columns, int rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        _bytes.Clear();
        var chunks = columns.SelectMany(c => ChunksOf(c.Column, c.Buffer, rows)).ToList();
        return new(rows, _bytes, chunks);
    }

    /// <summary>Encodes nulls for columns that were added after a row group was written.</summary>
    internal EncodedRowGroup EncodeNulls(IEnumerable<ParquetColumn> columns, int rows)
    {
        _bytes.Clear();
        var chunks = columns.SelectMany(c => c.Leaves).Select(c => _chunks.WriteNulls(c, rows)).ToList();
        return new(rows, _bytes, chunks);
    }

    private IEnumerable<ColumnChunk> ChunksOf(ParquetColumn column, ColumnBuffer buffer, int rows)
    {
        if (!column.Type.Takes(buffer))
            throw new ArgumentException($"Column '{column.Name}' has type {column.Type.DataType.Name()}, but its buffer has another type.");
        if (buffer.Rows > rows)
            throw new ArgumentException($"The buffer of column '{column.Name}' has {buffer.Rows} rows, but the row group has {rows}.");
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
