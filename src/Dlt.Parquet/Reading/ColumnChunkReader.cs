using Dlt.Parquet.Reading;

namespace Dlt.Parquet;

/// <summary>
/// Reads the values of one column in one row group of a file by any writer, in the order of the rows. Columns in lists, structs and maps,
/// LZ4, and rare encodings are not supported (<see cref="CanRead"/>).
/// </summary>
/// <remarks>Holds one page and up to a megabyte of the file in memory. Not safe for use by several threads at once.</remarks>
public sealed class ColumnChunkReader : IDisposable
{
    private const int HeaderBytes = 256;
    private const int MostExpected = 64 << 20;   // footers can be damaged

    private readonly ChunkBytesReader _bytes;
    private readonly ChunkPage _page;
    private readonly string _name;
    private readonly long _values;
    private readonly long _uncompressedBytes;

    /// <summary>Creates a reader at the first row of the row group.</summary>
    /// <param name="file">Stream with random access, which stays open. Others may use it between the calls of this reader.</param>
    /// <param name="element">Column in the footer of the file.</param>
    /// <param name="chunk">The column in the row group.</param>
    /// <param name="column">Column that the values are for; <see cref="CanRead"/> returned true for it.</param>
    /// <param name="pages">Bytes of the chunk when they are in memory already; null to read them from the stream.</param>
    /// <exception cref="NotSupportedException">The column cannot be read.</exception>
    public ColumnChunkReader(
        Stream file, ParquetElement element, ParquetColumnChunk chunk, ParquetColumn column, ReadOnlyMemory<byte>? pages = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(element);
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(column);
        if (!CanRead(element, chunk, column)) throw new NotSupportedException($"Column '{element.Name}' cannot be read column by column.");
        _bytes = pages is { } bytes ? new(bytes) : new(file, chunk.Start, chunk.CompressedBytes);
        _page = new(Decoders.Of(element, column.Type)!, element, chunk.Codec);
        _name = element.Name;
        _values = Math.Max(1, chunk.Values);
        _uncompressedBytes = chunk.UncompressedBytes;
    }

    /// <summary>Returns true when this class can read a column of a file.</summary>
    /// <param name="element">Column in the footer of the file.</param>
    /// <param name="chunk">The column in a row group.</param>
    /// <param name="column">Column that the values are for. Its buffers receive them (<see cref="ColumnType.NewBuffer"/>).</param>
    public static bool CanRead(ParquetElement element, ParquetColumnChunk chunk, ParquetColumn column)
    {
        ArgumentNullException.ThrowIfNull(element);
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(column);
        return element is { Depth: 0, IsLeaf: true, Path: not null } && PageDecompressor.Knows(chunk.Codec)
            && chunk.Encodings.All(ChunkPage.Knows) && Decoders.Of(element, column.Type) is not null;
    }

    /// <summary>Appends the next rows to a buffer.</summary>
    /// <param name="target">Buffer of the column's type. All of its rows are appended before, nulls too.</param>
    /// <param name="rows">Number of rows, not more than are left of the row group.</param>
    /// <param name="cancellationToken">Cancels the read. The reader and the buffer are then of no more use.</param>
    /// <exception cref="FormatException">A page is damaged, or the row group has fewer rows.</exception>
    public async ValueTask ReadAsync(ColumnBuffer target, int rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        _page.Start();
        if (target.Rows == 0) target.Expect(rows, (long)Math.Min(MostExpected, _uncompressedBytes * (rows / (double)_values)));
        while (rows > 0)
        {
            if (_page.RowsLeft == 0) await NextAsync(mostSkipped: 0, cancellationToken).ConfigureAwait(false);
            rows -= _page.MoveTo(target, rows);
        }
    }

    /// <summary>Skips the next rows. Pages without a row that is read later are not decompressed.</summary>
    /// <param name="rows">Number of rows, not more than are left of the row group.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="FormatException">A page is damaged, or the row group has fewer rows.</exception>
    public async ValueTask SkipAsync(int rows, CancellationToken cancellationToken = default)
    {
        while (rows > 0)
        {
            if (_page.RowsLeft == 0) rows -= await NextAsync(rows, cancellationToken).ConfigureAwait(false);
            else rows -= _page.Skip(rows);
        }
    }

    /// <summary>Frees the memory of the reader.</summary>
    public void Dispose()
    {
        _bytes.Dispose();
        _page.Dispose();
    }

    /// <summary>Reads the next page with rows, and the dictionary before it.</summary>
    /// <returns>Number of rows of the page when it has not more than may be skipped; it was skipped then. Otherwise 0.</returns>
    private async ValueTask<int> NextAsync(int mostSkipped, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_bytes.IsAtEnd) throw new FormatException($"column '{_name}' has fewer values than its row group has rows");
            var header = await HeaderAsync(cancellationToken).ConfigureAwait(false);
            _bytes.Skip(header.Length);
            var hasRows = header.Type is PageHeader.Data or PageHeader.DataV2;
            if (hasRows && header.Values <= mostSkipped)
            {
                _bytes.Skip(header.CompressedBytes);
                return header.Values;
            }

            await _bytes.EnsureAsync(header.CompressedBytes, cancellationToken).ConfigureAwait(false);
            if (_bytes.Available.Length < header.CompressedBytes)
                throw new FormatException($"a page of column '{_name}' is longer than its column chunk");
            _page.Read(header, _bytes.Available[..header.CompressedBytes]);
            _bytes.Skip(header.CompressedBytes);
            if (hasRows) return 0;
        }
    }

    private async ValueTask<PageHeader> HeaderAsync(CancellationToken cancellationToken)
    {
        for (var bytes = HeaderBytes; ; bytes *= 8)
        {
            await _bytes.EnsureAsync(bytes, cancellationToken).ConfigureAwait(false);
            try
            {
                return PageHeader.Read(_bytes.Available.Span);
            }
            catch (FormatException) when (_bytes.Available.Length >= bytes && bytes < int.MaxValue / 8)
            {
                // the header has long bounds
            }
        }
    }
}
