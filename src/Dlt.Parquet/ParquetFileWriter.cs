using System.Buffers.Binary;
using Dlt.Columns;
using Dlt.Parquet.Indexes;
using Dlt.Parquet.Pages;

namespace Dlt.Parquet;

/// <summary>
/// Writes one Parquet file from encoded row groups or column buffers. Without <see cref="Complete"/> the file has no footer and is no
/// Parquet file.
/// </summary>
/// <remarks>A column that appears after the first row group is null in the earlier ones. Not for two threads at once.</remarks>
internal sealed class ParquetFileWriter : IDisposable
{
    private static readonly byte[] Magic = "PAR1"u8.ToArray();

    private readonly Stream _file;
    private readonly ParquetWriterOptions _options;
    private readonly List<RowGroup> _rowGroups = [];
    private RowGroupEncoder? _encoder;

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
        _file.Write(Magic);
    }

    /// <summary>Texts that the footer carries.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> KeyValueMetadata { get; init; } = [];

    /// <summary>Bytes written so far.</summary>
    public long Length => _file.Position;

    /// <summary>Rows in the row groups written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>True when a row group was written without that column.</summary>
    public bool LacksColumn(ParquetColumn column) => _rowGroups.Exists(g => column.Leaves.Any(l => !g.Chunks.ContainsKey(l.Key)));

    /// <summary>True when a row group was written with some leaves of that column and without others.</summary>
    public bool LacksPartOf(ParquetColumn column) =>
        _rowGroups.Exists(g => column.Leaves.Any(l => g.Chunks.ContainsKey(l.Key)) && column.Leaves.Any(l => !g.Chunks.ContainsKey(l.Key)));

    /// <summary>Encodes and writes a row group.</summary>
    public void WriteRowGroup(IEnumerable<(ParquetColumn Column, ColumnBuffer Buffer)> columns, int rows) =>
        WriteRowGroup(Encoder().Encode(columns, rows));

    /// <summary>Writes a row group that was encoded elsewhere.</summary>
    public void WriteRowGroup(EncodedRowGroup group)
    {
        _rowGroups.Add(new(group.Rows, Write(group)));
        Rows += group.Rows;
    }

    /// <summary>Writes the footer and closes the file.</summary>
    /// <param name="columns">All columns of the file in order.</param>
    public void Complete(IReadOnlyList<ParquetColumn> columns)
    {
        foreach (var group in _rowGroups)
        {
            var missing = columns.Where(c => c.Leaves.Any(l => !group.Chunks.ContainsKey(l.Key))).ToList();
            if (missing.Count == 0) continue;
            foreach (var (name, chunk) in Write(Encoder().EncodeNulls(missing, group.Rows))) group.Chunks[name] = chunk;
        }

        PageIndex.Write(_file, _rowGroups, [.. columns.SelectMany(c => c.Leaves).Select(l => l.Key)]);
        var footer = new PageBuffer();
        ParquetFooter.Write(footer, columns, _rowGroups, _options.Codec, KeyValueMetadata);
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
        _encoder?.Dispose();
        _encoder = null;
    }

    private RowGroupEncoder Encoder() => _encoder ??= new RowGroupEncoder(_options);

    private Dictionary<string, ColumnChunk> Write(EncodedRowGroup group)
    {
        var start = _file.Position;
        group.Bytes.MoveTo(_file);
        return group.Chunks.ToDictionary(c => c.Column.Key, c => c.MovedBy(start), StringComparer.Ordinal);
    }
}
