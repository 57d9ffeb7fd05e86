using System.Buffers.Binary;
using Dlt.Parquet.Footers;
using Dlt.Parquet.Indexes;
using Dlt.Parquet.Pages;

namespace Dlt.Parquet;

/// <summary>
/// Writes one Parquet file, row group by row group, with statistics and page indexes. <see cref="Complete"/> writes the footer, without
/// which the file cannot be read.
/// </summary>
/// <remarks>
/// A column may be added after the first row group; it is null in earlier row groups. Holds one row group in memory. Not safe for use by
/// several threads at once; several threads can encode row groups with <see cref="RowGroupEncoder"/>.
/// </remarks>
public sealed class ParquetFileWriter : IDisposable
{
    private static readonly byte[] Magic = "PAR1"u8.ToArray();

    private readonly Stream _file;
    private readonly ParquetWriterOptions _options;
    private readonly List<RowGroup> _rowGroups = [];
    private RowGroupEncoder? _encoder;

    /// <summary>Creates or replaces a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">Codec, encodings and page sizes.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public ParquetFileWriter(string path, ParquetWriterOptions options)
        : this(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16), options)
    {
    }

    /// <summary>Creates a writer over a stream.</summary>
    /// <param name="file">Stream at position 0 that reports its position. The writer closes it.</param>
    /// <param name="options">Codec, encodings and page sizes.</param>
    public ParquetFileWriter(Stream file, ParquetWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _file = file;
        _file.Write(Magic);
    }

    /// <summary>Key-value texts for the footer.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> KeyValueMetadata { get; init; } = [];

    /// <summary>Number of bytes written so far.</summary>
    public long Length => _file.Position;

    /// <summary>Number of rows in the row groups written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Returns true when a row group was written without the column. The column is null there and cannot be required.</summary>
    public bool LacksColumn(ParquetColumn column) => _rowGroups.Exists(g => column.Leaves.Any(l => !g.Chunks.ContainsKey(l.Key)));

    /// <summary>
    /// Returns true when a row group was written with only some parts of the nested column: <see cref="Complete"/> cannot add the missing
    /// parts.
    /// </summary>
    public bool LacksPartOf(ParquetColumn column) =>
        _rowGroups.Exists(g => column.Leaves.Any(l => g.Chunks.ContainsKey(l.Key)) && column.Leaves.Any(l => !g.Chunks.ContainsKey(l.Key)));

    /// <summary>Encodes and writes a row group, with the parameters and errors of <see cref="RowGroupEncoder.Encode"/>.</summary>
    public void WriteRowGroup(IEnumerable<(ParquetColumn Column, ColumnBuffer Buffer)> columns, int rows) =>
        WriteRowGroup(Encoder().Encode(columns, rows));

    /// <summary>Writes a row group of a <see cref="RowGroupEncoder"/>.</summary>
    public void WriteRowGroup(EncodedRowGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        _rowGroups.Add(new(group.Rows, Write(group)));
        Rows += group.Rows;
    }

    /// <summary>Writes the footer and closes the file.</summary>
    /// <param name="columns">All columns of the file in order, including those of all row groups.</param>
    /// <exception cref="ArgumentException">Two columns have the same name, or a row group has a column that is not listed.</exception>
    public void Complete(IReadOnlyList<ParquetColumn> columns)
    {
        CheckNames(columns);
        foreach (var group in _rowGroups)
        {
            var missing = columns.Where(c => c.Leaves.Any(l => !group.Chunks.ContainsKey(l.Key))).ToList();
            if (missing.Count == 0) continue;
            foreach (var (name, chunk) in Write(Encoder().EncodeNulls(missing, group.Rows))) group.Chunks[name] = chunk;
        }

        PageIndex.Write(_file, _rowGroups, [.. columns.SelectMany(c => c.Leaves).Select(l => l.Key)]);
        var footer = new PageBuffer();
        FooterWriter.Write(footer, columns, _rowGroups, _options.Codec, KeyValueMetadata);
        _file.Write(footer.Written);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        _file.Write(length);
        _file.Write(Magic);
        _file.Flush();
        Dispose();
    }

    /// <summary>Closes the file. Without a call of <see cref="Complete"/>, the file has no footer.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _encoder?.Dispose();
        _encoder = null;
    }

    private void CheckNames(IReadOnlyList<ParquetColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in columns)
            if (!names.Add(column.Name)) throw new ArgumentException($"Column '{column.Name}' is listed twice.", nameof(columns));
        var lost = _rowGroups.SelectMany(g => g.Chunks.Values).FirstOrDefault(c => !names.Contains(c.Column.Path[0]));
        if (lost is not null)
            throw new ArgumentException($"Column '{lost.Column.Path[0]}' has values, but is not listed.", nameof(columns));
    }

    private RowGroupEncoder Encoder() => _encoder ??= new RowGroupEncoder(_options);

    private Dictionary<string, ColumnChunk> Write(EncodedRowGroup group)
    {
        var start = _file.Position;
        group.Bytes.MoveTo(_file);
        return group.Chunks.ToDictionary(c => c.Column.Key, c => WithBloom(c.MovedBy(start)), StringComparer.Ordinal);
    }

    /// <summary>Writes the Bloom filter of a chunk after its row group, so it need not stay in memory.</summary>
    private ColumnChunk WithBloom(ColumnChunk chunk)
    {
        if (chunk.Bloom is not { } bloom) return chunk;
        var offset = _file.Position;
        _file.Write(bloom.ToArray());
        return chunk with { Bloom = null, BloomLocation = (offset, (int)(_file.Position - offset)) };
    }
}
