using Dlt.Columns;
using Dlt.Parquet.Nested;
using Dlt.Parquet.Pages;

namespace Dlt.Parquet;

/// <summary>
/// Encodes and compresses row groups apart from the file they will stand in, so that several threads can do it at once, each with its own
/// encoder.
/// </summary>
internal sealed class RowGroupEncoder : IDisposable
{
    private readonly ChunkBytes _bytes = new();
    private readonly PageCompressor _compressor;
    private readonly ColumnChunkWriter _chunks;

    public RowGroupEncoder(ParquetWriterOptions options)
    {
        _compressor = new PageCompressor(options.Codec, options.ZstdLevel);
        _chunks = new ColumnChunkWriter(_bytes, _compressor, options);
    }

    public EncodedRowGroup Encode(IEnumerable<(ParquetColumn Column, ColumnBuffer Buffer)> columns, int rows)
    {
        _bytes.Clear();
        var chunks = columns.SelectMany(c => Encode(c.Column, c.Buffer, rows)).ToList();
        return new(rows, _bytes, chunks);
    }

    /// <summary>Chunks of nulls for columns that came after a row group was written.</summary>
    public EncodedRowGroup EncodeNulls(IEnumerable<ParquetColumn> columns, int rows)
    {
        _bytes.Clear();
        var chunks = columns.SelectMany(c => c.Leaves).Select(c => _chunks.WriteNulls(c, rows)).ToList();
        return new(rows, _bytes, chunks);
    }

    private IEnumerable<ColumnChunk> Encode(ParquetColumn column, ColumnBuffer buffer, int rows)
    {
        if (!column.IsNested) return [_chunks.Write(buffer, column, rows)];
        var shredder = new NestedShredder(column);
        shredder.Add((BytesBuffer)buffer, rows);
        return [.. shredder.Leaves.Select(_chunks.Write)];
    }

    public void Dispose()
    {
        _bytes.Clear();
        _compressor.Dispose();
    }
}
