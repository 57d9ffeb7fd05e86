using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Dlt.Internal;
using Dlt.Parquet.Footers;
using Dlt.Parquet.Thrift;

namespace Dlt.Parquet;

/// <summary>
/// Reads and edits the footer of a Parquet file by any writer: its columns, and the statistics of its row groups (Parquet format,
/// FileMetaData). Field ids, UUID marks and key-value texts can be changed. Changes stay in memory until <see cref="Save"/> or
/// <see cref="CopyTo"/> writes the footer after the same pages, without reading a row.
/// </summary>
/// <remarks>All other contents of the footer are kept. Not safe for use by several threads at once.</remarks>
public sealed class ParquetFooter
{
    private const int TrailerBytes = 8;
    private const int CopyBytes = 1 << 20;
    private const int TailBytes = 1 << 16;
    private const short SchemaField = 2;
    private const short RowsField = 3;
    private const short RowGroupsField = 4;
    private const short KeyValuesField = 5;
    private const short CreatedByField = 6;

    private readonly string? _path;
    private readonly List<(ParquetColumnChunk Chunk, ParquetBloomFilter Bloom)> _blooms = [];
    private readonly long _start;
    private readonly ThriftStruct _metadata;

    private ParquetFooter(string? path, long start, ThriftStruct metadata)
    {
        _path = path;
        _start = start;
        _metadata = metadata;
        Rows = metadata.RequiredLong(RowsField);
        Elements = FooterElements.Of(metadata.RequiredList(SchemaField));
        RowGroups = metadata.RequiredList(RowGroupsField).Items.ConvertAll(g => ParquetRowGroup.Of(g.RequiredStruct));
    }

    /// <summary>Number of rows in the file.</summary>
    public long Rows { get; }

    /// <summary>Name of the writer; null when the footer does not state it.</summary>
    public string? CreatedBy => _metadata.Text(CreatedByField);

    /// <summary>Columns and groups without the root, groups before their parts.</summary>
    public IReadOnlyList<ParquetElement> Elements { get; }

    /// <summary>Row groups in the order of the file.</summary>
    public IReadOnlyList<ParquetRowGroup> RowGroups { get; }

    /// <summary>Reads the footer of a file, which must be complete and not encrypted.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="ParquetFormatException">The file does not end like a Parquet file, or its footer is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ParquetFooter Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        return Read(file, path, path);
    }

    /// <summary>Reads the footer of a file that is not on the local disk. It cannot be saved, and the file cannot be copied.</summary>
    /// <param name="file">The complete file; random access is supported. It stays open.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <exception cref="ParquetFormatException">The file does not end like a Parquet file, or its footer is damaged.</exception>
    public static ParquetFooter Read(Stream file, string name)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Read(file, name, path: null);
    }

    private static ParquetFooter Read(Stream file, string name, string? path)
    {
        if (file.Length < 2 * TrailerBytes) throw new ParquetFormatException(name, "the file is too short for Parquet");
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        file.Position = file.Length - TrailerBytes;
        file.ReadExactly(trailer);
        var size = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        var start = file.Length - TrailerBytes - size;
        if (!trailer[4..].SequenceEqual("PAR1"u8) || size <= 0 || start < 4)
            throw new ParquetFormatException(name, "the file does not end like a Parquet file", file.Length - TrailerBytes);
        var bytes = new byte[size];
        file.Position = start;
        file.ReadExactly(bytes);
        return Of(name, path, start, bytes);
    }

    /// <summary>Reads the footer as <see cref="Read(Stream, string)"/> does, mostly with one request to an object store.</summary>
    /// <param name="file">The complete file; random access is supported. It stays open.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ParquetFormatException">The file does not end like a Parquet file, or its footer is damaged.</exception>
    public static async Task<ParquetFooter> ReadAsync(Stream file, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var length = file.Length;
        if (length < 2 * TrailerBytes) throw new ParquetFormatException(name, "the file is too short for Parquet");
        var tail = new byte[(int)Math.Min(length, TailBytes)];
        await ReadAtAsync(file, length - tail.Length, tail, cancellationToken).ConfigureAwait(false);
        var size = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan()[^TrailerBytes..]);
        var start = length - TrailerBytes - size;
        if (!tail.AsSpan()[^4..].SequenceEqual("PAR1"u8) || size <= 0 || start < 4)
            throw new ParquetFormatException(name, "the file does not end like a Parquet file", length - TrailerBytes);
        if (size + TrailerBytes <= tail.Length) return Of(name, null, start, tail[^(size + TrailerBytes)..^TrailerBytes]);
        var bytes = new byte[size];
        await ReadAtAsync(file, start, bytes, cancellationToken).ConfigureAwait(false);
        return Of(name, null, start, bytes);
    }

    /// <summary>Replaces all key-value texts of the file.</summary>
    public void SetKeyValues(IEnumerable<KeyValuePair<string, string>> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        List<ThriftValue> entries = [];
        foreach (var (key, value) in texts)
        {
            var entry = new ThriftStruct();
            entry.Fields[1] = new(ThriftType.Binary, Encoding.UTF8.GetBytes(key));
            entry.Fields[2] = new(ThriftType.Binary, Encoding.UTF8.GetBytes(value));
            entries.Add(new(ThriftType.Struct, entry));
        }

        _metadata.Fields[KeyValuesField] = new(ThriftType.List, new ThriftList(ThriftType.Struct, entries));
    }

    /// <summary>Replaces the footer in the file. If the process ends during the write, the file has no valid footer.</summary>
    /// <exception cref="InvalidOperationException">The footer was read from a stream.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save()
    {
        using var file = new FileStream(LocalPath, FileMode.Open, FileAccess.ReadWrite);
        file.Position = _start;
        foreach (var (chunk, bloom) in _blooms)
        {
            var offset = file.Position;
            file.Write(bloom.ToArray());
            chunk.SetBloom(offset, (int)(file.Position - offset));
        }

        _blooms.Clear();
        WriteTo(file);
        file.SetLength(file.Position);
    }

    /// <summary>Writes the pages of the file and this footer to another file.</summary>
    /// <param name="target">Path of the other file, which is created or replaced.</param>
    /// <exception cref="InvalidOperationException">The footer was read from a stream.</exception>
    /// <exception cref="ParquetFormatException">The file has become shorter since its footer was read.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void CopyTo(string target)
    {
        using var source = File.OpenRead(LocalPath);
        using var copy = new FileStream(target, FileMode.Create, FileAccess.Write);
        var buffer = new byte[CopyBytes];
        for (var left = _start; left > 0;)
        {
            var read = source.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, left)));
            if (read == 0) throw new ParquetFormatException(LocalPath, "the file became shorter while it was read");
            copy.Write(buffer.AsSpan(0, read));
            left -= read;
        }

        WriteTo(copy);
    }

    private static ParquetFooter Of(string name, string? path, long start, byte[] bytes)
    {
        try
        {
            return new(path, start, CompactTree.Read(bytes));
        }
        catch (FormatException error)
        {
            throw new ParquetFormatException(name, error.Message, start, error);
        }
    }

    private static ValueTask ReadAtAsync(Stream file, long offset, byte[] bytes, CancellationToken cancellationToken)
    {
        file.Position = offset;
        return file.ReadExactlyAsync(bytes, cancellationToken);
    }

    /// <summary>Adds a Bloom filter, which <see cref="Save"/> writes between the pages and the footer.</summary>
    internal void Add(ParquetColumnChunk chunk, ParquetBloomFilter bloom) => _blooms.Add((chunk, bloom));

    private string LocalPath => _path ?? throw new InvalidOperationException(
        "The footer was read from a stream, so it cannot be saved or copied. Nothing was written. Read it by the path of a file.");

    private void WriteTo(Stream file)
    {
        var footer = new ArrayBufferWriter<byte>();
        CompactTree.Write(footer, _metadata);
        file.Write(footer.WrittenSpan);
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteInt32LittleEndian(trailer, footer.WrittenCount);
        "PAR1"u8.CopyTo(trailer[4..]);
        file.Write(trailer);
    }
}
