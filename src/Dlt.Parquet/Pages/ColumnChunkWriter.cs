using System.Runtime.InteropServices;
using Dlt.Columns;
using Dlt.Parquet.Encodings;
using Dlt.Parquet.Nested;
using Dlt.Parquet.Thrift;

namespace Dlt.Parquet.Pages;

/// <summary>Writes the pages of one column in one row group: a dictionary page if there is one, then data pages (version 1).</summary>
internal sealed class ColumnChunkWriter(ChunkBytes target, PageCompressor compressor, ParquetWriterOptions options)
{
    private const int DataPage = 0;
    private const int DictionaryPage = 2;
    private const int RowsAlignment = 64;   // definition levels are copied from the bitmap by whole words

    private readonly PageBuffer _page = new();
    private readonly PageBuffer _header = new();
    private readonly ValueEncoder _encoder = new(options.DeltaEncoding);
    private long _uncompressed;
    private long _compressed;

    public ColumnChunk Write(ColumnBuffer buffer, ParquetColumn column, int rows)
    {
        if (buffer is ConstantBuffer constant) constant.CoverTo(rows);
        buffer.FillTo(rows);
        if (column.IsRequired && buffer.NullCount > 0)
            throw new InvalidOperationException($"Column '{column.Name}' is required and has {buffer.NullCount} nulls.");

        _uncompressed = _compressed = 0;
        var encoding = _encoder.Begin(buffer, column);
        long? dictionaryOffset = encoding == ValueEncoder.RleDictionary ? target.Length : null;
        if (dictionaryOffset is not null) WriteDictionary(buffer);
        var dataOffset = target.Length;
        var pageRows = PageRows(buffer, rows);
        for (var row = 0; row < rows || row == 0; row += pageRows)
        {
            var count = Math.Min(pageRows, rows - row);
            var firstValue = buffer.ValuesBefore(row);
            var values = buffer.ValuesBefore(row + count) - firstValue;
            _page.Clear();
            if (!column.IsRequired) LevelEncoding.Write(_page, buffer, row, count);
            _encoder.Write(_page, buffer, column, firstValue, values);
            WritePage(DataPage, count, encoding);
        }

        var bounds = BoundsOf.Column(buffer, column);
        GC.KeepAlive(buffer);   // pages were made from its memory
        return new()
        {
            Column = column,
            Encodings = dictionaryOffset is null ? [encoding, ValueEncoder.Rle] : [ValueEncoder.Plain, ValueEncoder.Rle, ValueEncoder.RleDictionary],
            Values = rows,
            NullCount = buffer.NullCount,
            UncompressedBytes = _uncompressed,
            CompressedBytes = _compressed,
            DataPageOffset = dataOffset,
            DictionaryPageOffset = dictionaryOffset,
            Bounds = bounds,
        };
    }

    /// <summary>Writes a leaf of a nested column. Pages begin at rows.</summary>
    public ColumnChunk Write(LeafBuffer leaf)
    {
        _uncompressed = _compressed = 0;
        var buffer = leaf.Values;
        var encoding = _encoder.Begin(buffer, leaf.Column);
        long? dictionaryOffset = encoding == ValueEncoder.RleDictionary ? target.Length : null;
        if (dictionaryOffset is not null) WriteDictionary(buffer);
        var dataOffset = target.Length;
        var count = leaf.Definitions.Count;
        var perPage = PageRows(buffer, count);
        var firstValue = 0;
        for (int start = 0, end; start < count || start == 0; start = end)
        {
            end = Math.Min(count, start + perPage);
            while (end < count && leaf.Repetitions[end] != 0) end++;
            var values = CollectionsMarshal.AsSpan(leaf.Definitions)[start..end].Count((byte)leaf.Column.MaxDefinition);
            _page.Clear();
            if (leaf.Column.MaxRepetition > 0) LevelEncoding.Write(_page, CollectionsMarshal.AsSpan(leaf.Repetitions)[start..end], leaf.Column.MaxRepetition);
            LevelEncoding.Write(_page, CollectionsMarshal.AsSpan(leaf.Definitions)[start..end], leaf.Column.MaxDefinition);
            _encoder.Write(_page, buffer, leaf.Column, firstValue, values);
            WritePage(DataPage, end - start, encoding);
            firstValue += values;
            if (count == 0) break;
        }

        buffer.Release();
        return new()
        {
            Column = leaf.Column,
            Encodings = dictionaryOffset is null ? [encoding, ValueEncoder.Rle] : [ValueEncoder.Plain, ValueEncoder.Rle, ValueEncoder.RleDictionary],
            Values = count,
            NullCount = count - firstValue,
            UncompressedBytes = _uncompressed,
            CompressedBytes = _compressed,
            DataPageOffset = dataOffset,
            DictionaryPageOffset = dictionaryOffset,
        };
    }

    /// <summary>A chunk of nulls for a column that came after the row group was written.</summary>
    public ColumnChunk WriteNulls(ParquetColumn column, int rows)
    {
        _uncompressed = _compressed = 0;
        var offset = target.Length;
        _page.Clear();
        if (column.MaxRepetition > 0) LevelEncoding.WriteRun(_page, rows, 0);
        LevelEncoding.WriteRun(_page, rows, 0);
        WritePage(DataPage, rows, ValueEncoder.Plain);
        return new()
        {
            Column = column,
            Encodings = [ValueEncoder.Plain, ValueEncoder.Rle],
            Values = rows,
            NullCount = rows,
            UncompressedBytes = _uncompressed,
            CompressedBytes = _compressed,
            DataPageOffset = offset,
        };
    }

    private int PageRows(ColumnBuffer buffer, int rows)
    {
        var perRow = Math.Max(1, buffer.ByteSize / Math.Max(1, rows));
        var wanted = Math.Clamp(options.PageSizeBytes / perRow, RowsAlignment, int.MaxValue / 2);
        return (int)(wanted / RowsAlignment * RowsAlignment);
    }

    private void WriteDictionary(ColumnBuffer buffer)
    {
        _page.Clear();
        var entries = _encoder.WriteDictionary(_page, buffer);
        WritePage(DictionaryPage, entries, ValueEncoder.Plain);
    }

    private void WritePage(int type, int values, int encoding)
    {
        var body = compressor.Compress(_page.Written);
        _header.Clear();
        var thrift = new CompactWriter(_header);
        thrift.BeginElement();
        thrift.I32(1, type);
        thrift.I32(2, _page.Length);
        thrift.I32(3, body.Length);
        if (type == DataPage)
        {
            thrift.BeginStruct(5);
            thrift.I32(1, values);
            thrift.I32(2, encoding);
            thrift.I32(3, ValueEncoder.Rle);
            thrift.I32(4, ValueEncoder.Rle);
            thrift.EndStruct();
        }
        else
        {
            thrift.BeginStruct(7);
            thrift.I32(1, values);
            thrift.I32(2, encoding);
            thrift.EndStruct();
        }

        thrift.EndStruct();
        target.Write(_header.Written);
        target.Write(body);
        _uncompressed += _header.Length + _page.Length;
        _compressed += _header.Length + body.Length;
    }
}
