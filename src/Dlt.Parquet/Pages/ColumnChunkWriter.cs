using System.Runtime.InteropServices;
using Dlt.Parquet.Blooms;
using Dlt.Parquet.Encodings;
using Dlt.Parquet.Nested;
using Dlt.Parquet.Metrics;

namespace Dlt.Parquet.Pages;

/// <summary>Writes the pages of one column in one row group: an optional dictionary page, then data pages (version 1).</summary>
internal sealed class ColumnChunkWriter(ChunkBytes target, PageCompressor compressor, ParquetWriterOptions options)
{
    private const int RowsAlignment = 64;   // definition levels are copied from the bitmap in whole words

    private readonly PageBuffer _page = new();
    private readonly PageWriter _pages = new(target, compressor);
    private readonly ValueEncoder _encoder = new(options);
    private readonly PageBounds _bounds = new();
    private readonly ColumnBloom _blooms = new(options);

    public ColumnChunk Write(ColumnBuffer buffer, ParquetColumn column, int rows)
    {
        if (buffer is ConstantBuffer constant) constant.CoverTo(rows);
        buffer.FillTo(rows);
        if (column.IsRequired && buffer.NullCount > 0)
            throw new InvalidOperationException($"Column '{column.Name}' is required but has {buffer.NullCount} nulls.");

        var (encoding, dictionaryOffset) = Begin(buffer, column);
        var pages = new List<DataPage>();
        var pageRows = EntriesOfPage(buffer, rows);
        for (var row = 0; row < rows || row == 0; row += pageRows)
        {
            var count = Math.Min(pageRows, rows - row);
            var first = buffer.ValuesBefore(row);
            var values = buffer.ValuesBefore(row + count) - first;
            _page.Clear();
            if (!column.IsRequired) LevelEncoding.Write(_page, buffer, row, count);
            _encoder.Write(_page, buffer, column, first, values);
            pages.Add(_pages.Write(_page, count, encoding, _encoder.Content, row) with
            {
                NullCount = count - values,
                Bounds = _bounds.Of(buffer, _encoder.Numbers, column, first, values),
            });
        }

        var bloom = options.BloomFilters.IsEmpty ? null : _blooms.Of(buffer, _encoder.DistinctNumbers, column);
        GC.KeepAlive(buffer);   // the pages and the filter were made from the memory of the buffer
        return Chunk(column, encoding, rows, dictionaryOffset, pages) with { Bloom = bloom };
    }

    /// <summary>Writes a leaf of a nested column. Pages start at row boundaries.</summary>
    public ColumnChunk Write(LeafBuffer leaf)
    {
        var (buffer, column) = (leaf.Values, leaf.Column);
        var (encoding, dictionaryOffset) = Begin(buffer, column);
        var pages = new List<DataPage>();
        var repetitions = CollectionsMarshal.AsSpan(leaf.Repetitions);
        var definitions = CollectionsMarshal.AsSpan(leaf.Definitions);
        var perPage = EntriesOfPage(buffer, definitions.Length);
        var (first, row) = (0, 0);
        for (int start = 0, end; start < definitions.Length || start == 0; start = end)
        {
            end = Math.Min(definitions.Length, start + perPage);
            while (end < definitions.Length && repetitions[end] != 0) end++;
            var values = definitions[start..end].Count((byte)column.MaxDefinition);
            _page.Clear();
            if (column.MaxRepetition > 0) LevelEncoding.Write(_page, repetitions[start..end], column.MaxRepetition);
            LevelEncoding.Write(_page, definitions[start..end], column.MaxDefinition);
            _encoder.Write(_page, buffer, column, first, values);
            pages.Add(_pages.Write(_page, end - start, encoding, _encoder.Content, row) with
            {
                NullCount = end - start - values,
                Bounds = _bounds.Of(buffer, _encoder.Numbers, column, first, values),
            });
            first += values;
            row += repetitions[start..end].Count((byte)0);
            if (definitions.IsEmpty) break;
        }

        buffer.Release();
        return Chunk(column, encoding, definitions.Length, dictionaryOffset, pages);
    }

    /// <summary>Writes a chunk of nulls for a column that was added after the row group was written.</summary>
    public ColumnChunk WriteNulls(ParquetColumn column, int rows)
    {
        _pages.Begin();
        _page.Clear();
        if (column.MaxRepetition > 0) LevelEncoding.WriteRun(_page, rows, 0);
        LevelEncoding.WriteRun(_page, rows, 0);
        var page = _pages.Write(_page, rows, ValueEncoder.Plain, PageContent.Bytes, firstRow: 0) with { NullCount = rows };
        return Chunk(column, ValueEncoder.Plain, rows, dictionaryOffset: null, [page]);
    }

    private (int Encoding, long? DictionaryOffset) Begin(ColumnBuffer buffer, ParquetColumn column)
    {
        _pages.Begin();
        _bounds.Begin(buffer);
        var encoding = _encoder.Begin(buffer, column);
        if (encoding != ValueEncoder.RleDictionary) return (encoding, null);
        var offset = target.Length;
        _page.Clear();
        var entries = _encoder.WriteDictionary(_page, buffer, column);
        _pages.WriteDictionary(_page, entries);
        return (encoding, offset);
    }

    private ColumnChunk Chunk(
        ParquetColumn column, int encoding, int values, long? dictionaryOffset, IReadOnlyList<DataPage> pages) => new()
        {
            Column = column,
            Encoding = encoding,
            Values = values,
            UncompressedBytes = _pages.UncompressedBytes,
            CompressedBytes = _pages.CompressedBytes,
            DictionaryPageOffset = dictionaryOffset,
            Pages = pages,
        };

    /// <summary>
    /// Returns the rows of a page, or the levels of a leaf. Pages have similar sizes, so the last one is not much shorter.
    /// </summary>
    private int EntriesOfPage(ColumnBuffer buffer, int entries)
    {
        var bytes = Math.Max(1, buffer.ByteSize / Math.Max(1, entries));
        var most = (int)Math.Clamp(options.PageSizeBytes / bytes, 1, Math.Max(1, options.PageRows));
        var pages = Math.Max(1, (entries + most - 1) / most);
        var even = (entries + pages - 1) / pages;
        return Math.Max(1, (even + RowsAlignment - 1) / RowsAlignment) * RowsAlignment;
    }
}
