using Dlt.Parquet.Nested;
using Dlt.Parquet.Pages;
using Dlt.Parquet.Reading;

namespace Dlt.Parquet;

/// <summary>
/// Encodes and compresses row groups independently of a file, so several threads can encode at once, each with its own encoder.
/// <see cref="ParquetFileWriter"/> writes the row groups one after another.
/// </summary>
public sealed class RowGroupEncoder : IDisposable
{
    private readonly ChunkBytes _bytes = new();
    private readonly ParquetCodec _codec;
    private readonly bool _makesBlooms;
    private readonly PageCompressor _compressor;
    private readonly ColumnChunkWriter _chunks;
    private List<ColumnChunk> _added = [];

    /// <summary>Creates an encoder.</summary>
    /// <param name="options">Options, which must equal those of the writer.</param>
    public RowGroupEncoder(ParquetWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _codec = options.Codec;
        _makesBlooms = !options.BloomFilters.IsEmpty;
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
        Begin();
        foreach (var (column, buffer) in columns) Add(column, buffer, rows);
        return End(rows);
    }

    /// <summary>Begins a row group of which the columns are added one after another, so only one of them must be in memory.</summary>
    public void Begin()
    {
        _bytes.Clear();
        _added = [];
    }

    /// <summary>Encodes a column of the row group that <see cref="Begin"/> began. The buffer keeps its values.</summary>
    /// <param name="column">The column.</param>
    /// <param name="buffer">Its values, as in <see cref="Encode"/>.</param>
    /// <param name="rows">Number of rows in the row group, 1 or more.</param>
    /// <exception cref="ArgumentException">The buffer has another type than the column, or more rows than the row group.</exception>
    /// <exception cref="InvalidOperationException">A required column has nulls, or a value of a nested column is not of its
    /// type.</exception>
    public void Add(ParquetColumn column, ColumnBuffer buffer, int rows)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(buffer);
        _added.AddRange(ChunksOf(column, buffer, rows));
    }

    /// <summary>Completes the row group. A column of the file that was not added is null in it.</summary>
    /// <param name="rows">Number of rows in the row group, 1 or more.</param>
    /// <returns>The row group, for one call of the writer. Valid until the next row group of this encoder.</returns>
    public EncodedRowGroup End(int rows) => new(rows, _bytes, _added);

    /// <summary>
    /// Copies the pages of a row group as they are, if this library wrote the file with the same codec, columns and field ids.
    /// </summary>
    /// <param name="file">The file, with random access.</param>
    /// <param name="footer">Footer of the file.</param>
    /// <param name="group">Index of the row group.</param>
    /// <param name="columns">Columns to copy, each with its index among the column chunks. Others are null in the copy.</param>
    /// <param name="cancellationToken">Cancels the copy.</param>
    /// <returns>The row group, as from <see cref="End"/>; null when it must be decoded and encoded.</returns>
    /// <exception cref="FormatException">The page index of the file is damaged.</exception>
    public async Task<EncodedRowGroup?> TryCopyAsync(
        Stream file, ParquetFooter footer, int group, IReadOnlyList<(ParquetColumn Column, int Leaf)> columns,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(footer);
        ArgumentNullException.ThrowIfNull(columns);
        if (_makesBlooms) return null;   // the values are needed for them
        var copy = new RowGroupCopy(file, footer, footer.RowGroups[group]);
        if (!columns.All(c => copy.CanCopy(c.Column, c.Leaf, _codec))) return null;
        Begin();
        foreach (var (column, leaf) in columns)
            _added.Add(await copy.CopyAsync(column, leaf, _bytes, cancellationToken).ConfigureAwait(false));
        return End((int)footer.RowGroups[group].Rows);
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
