using System.Buffers.Binary;
using Dlt.Columns;
using Dlt.Parquet.Pages;

namespace Dlt.Parquet;

/// <summary>Writes one Parquet file from column buffers. Without <see cref="Complete"/> the file has no footer and is no Parquet file.</summary>
/// <remarks>A column that appears after the first row group is null in the earlier ones. Not for two threads at once.</remarks>
internal sealed class ParquetFileWriter : IDisposable
{
    private static readonly byte[] Magic = "PAR1"u8.ToArray();

    private readonly Stream _file;
    private readonly PageCompressor _compressor;
    private readonly ColumnChunkWriter _chunks;
    private readonly ParquetWriterOptions _options;
    private readonly List<RowGroup> _rowGroups = [];

    public ParquetFileWriter(string path, ParquetWriterOptions options)
        : this(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16), options)
    {
    }

    /// <param name="file">At position 0; closed with the writer.</param>
    /// <param name="options">Codec, encodings, sizes.</param>
    public ParquetFileWriter(Stream file, ParquetWriterOptions options)
    {
        _options = options;
        _file = file;
        _compressor = new PageCompressor(options.Codec, options.ZstdLevel);
        _chunks = new ColumnChunkWriter(_file, _compressor, options);
        _file.Write(Magic);
    }

    /// <summary>Bytes written so far.</summary>
    public long Length => _file.Position;

    /// <summary>Rows in the row groups written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Columns of the row groups written so far.</summary>
    public bool HasRowGroups => _rowGroups.Count > 0;

    /// <summary>True when a row group was written without that column.</summary>
    public bool LacksColumn(string name) => _rowGroups.Exists(g => !g.Chunks.ContainsKey(name));

    public void WriteRowGroup(IEnumerable<(ParquetColumn Column, ColumnBuffer Buffer)> columns, int rows)
    {
        var chunks = new Dictionary<string, ColumnChunk>(StringComparer.Ordinal);
        foreach (var (column, buffer) in columns) chunks[column.Name] = _chunks.Write(buffer, column, rows);
        _rowGroups.Add(new(rows, chunks));
        Rows += rows;
    }

    /// <summary>Writes the footer and closes the file.</summary>
    /// <param name="columns">All columns of the file in order.</param>
    public void Complete(IReadOnlyList<ParquetColumn> columns)
    {
        foreach (var group in _rowGroups)
            foreach (var column in columns)
                if (!group.Chunks.ContainsKey(column.Name)) group.Chunks[column.Name] = _chunks.WriteNulls(column, group.Rows);

        var footer = new PageBuffer();
        ParquetFooter.Write(footer, columns, _rowGroups, _options.Codec);
        _file.Write(footer.Written);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        _file.Write(length);
        _file.Write(Magic);
        _file.Flush();
        Dispose();
    }

    public void Dispose()
    {
        _file.Dispose();
        _compressor.Dispose();
    }
}
