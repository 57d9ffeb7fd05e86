using System.IO.Compression;
using System.Text;
using Snappier;
using ZstdSharp;

namespace Dlt.Iceberg.Avro;

/// <summary>An Avro object container file, read into memory (docs/spec/iceberg.md 3.1). Codecs: null, deflate, snappy, zstandard.</summary>
internal sealed class AvroFile
{
    private const int SyncBytes = 16;
    private const int MaxBlockBytes = 1 << 28;
    private static readonly byte[] Magic = "Obj\u0001"u8.ToArray();

    private readonly byte[] _content;
    private readonly string _file;
    private readonly string _codec;
    private readonly int _start;
    private readonly byte[] _sync;

    /// <param name="content">Content of the file.</param>
    /// <param name="file">Location of the file, for messages.</param>
    /// <exception cref="IcebergException">The content is not an Avro file, is damaged, or uses an unsupported codec.</exception>
    public AvroFile(byte[] content, string file)
    {
        _content = content;
        _file = file;
        if (!content.AsSpan().StartsWith(Magic))
            throw IcebergException.Corrupt(file, content.Length == 0
                ? "the file is empty; an Avro file was expected" : "this is not an Avro file: it does not begin with 'Obj1'", 0);
        var decoder = new AvroDecoder(content.AsSpan(Magic.Length));
        try
        {
            Header = ReadHeader(ref decoder);
            _sync = decoder.Take(SyncBytes).ToArray();
        }
        catch (FormatException error)
        {
            throw IcebergException.Corrupt(file, error.Message, Magic.Length + decoder.Position, error);
        }

        _start = Magic.Length + decoder.Position;
        _codec = Header.TryGetValue("avro.codec", out var codec) ? Encoding.UTF8.GetString(codec) : "null";
        if (_codec is not ("null" or "deflate" or "snappy" or "zstandard"))
            throw IcebergException.Unsupported(file, $"Avro's codec '{_codec}'");
        try
        {
            Schema = AvroSchemaReader
                .Read(JsonValue.Parse(Header.TryGetValue("avro.schema", out var schema)
                    ? schema : throw new FormatException("The header has no 'avro.schema'.")));
        }
        catch (Exception error) when (error is FormatException or JsonFormatException or InvalidOperationException)
        {
            throw IcebergException.Corrupt(file, error.Message, Magic.Length, error);
        }
    }

    /// <summary>Metadata in the file's header.</summary>
    public IReadOnlyDictionary<string, byte[]> Header { get; }

    public AvroType Schema { get; }

    public string? Text(string key) => Header.TryGetValue(key, out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>The records in file order.</summary>
    /// <exception cref="IcebergException">A block is damaged.</exception>
    public IEnumerable<AvroRecord> Records()
    {
        if (Schema is not AvroRecordType) throw IcebergException.Corrupt(_file, "its schema is not a record", 0);
        for (var position = _start; position < _content.Length;)
        {
            var (records, next) = ReadBlock(position);
            foreach (var record in records) yield return record;
            position = next;
        }
    }

    private static Dictionary<string, byte[]> ReadHeader(ref AvroDecoder decoder)
    {
        var header = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var count = decoder.ReadLong(); count != 0; count = decoder.ReadLong())
        {
            if (count < 0)
            {
                decoder.ReadLong();
                count = -count;
            }

            for (; count > 0; count--)
            {
                var key = decoder.ReadBytes();
                var name = Encoding.UTF8.GetString(key);
                header[name] = decoder.ReadBytes().ToArray();
            }
        }

        return header;
    }

    private (List<AvroRecord> Records, int Next) ReadBlock(int position)
    {
        var outer = new AvroDecoder(_content.AsSpan(position));
        try
        {
            var count = outer.ReadLong();
            var data = outer.ReadBytes();
            if (!outer.Take(SyncBytes).SequenceEqual(_sync)) throw new FormatException("a block does not end with the file's sync marker");
            var plain = Decompress(data);
            if (count < 0 || count > Math.Max(plain.Length, 1))
                throw new FormatException($"a block of {plain.Length} bytes announces {count} records");
            List<AvroRecord> records;
            try
            {
                records = Decode(plain, count, hasPrefixedFixed: false);
            }
            catch (FormatException) when (HasPlainFixed(Schema, 0))
            {
                records = Decode(plain, count, hasPrefixedFixed: true);
            }

            return (records, position + outer.Position);
        }
        catch (Exception error)
            when (error is FormatException or InvalidDataException or ZstdException or ArgumentException or OverflowException)
        {
            throw IcebergException.Corrupt(_file, error.Message, position, error);
        }
    }

    private List<AvroRecord> Decode(ReadOnlySpan<byte> plain, long count, bool hasPrefixedFixed)
    {
        var decoder = new AvroDecoder(plain) { HasPrefixedFixed = hasPrefixedFixed };
        var records = new List<AvroRecord>((int)count);
        for (var i = 0L; i < count; i++) records.Add((AvroRecord)decoder.Read(Schema)!);
        if (decoder.IsAtEnd) return records;
        throw new FormatException($"a block has {plain.Length} bytes, but its records have {decoder.Position}");
    }

    private static bool HasPlainFixed(AvroType type, int depth) => depth < 8 && type switch
    {
        AvroFixed { LogicalType: null } => true,
        AvroUnion union => union.Branches.Any(b => HasPlainFixed(b, depth + 1)),
        AvroRecordType record => record.Fields.Any(f => HasPlainFixed(f.Type, depth + 1)),
        _ => false,
    };

    private ReadOnlySpan<byte> Decompress(ReadOnlySpan<byte> data)
    {
        switch (_codec)
        {
            case "null": return data;
            case "deflate": return ReadLimited(new DeflateStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress));
            case "zstandard": return ReadLimited(new DecompressionStream(new MemoryStream(data.ToArray())));
            default:
                if (data.Length < sizeof(uint)) throw new FormatException("a block is too short for its checksum");
                var body = data[..^sizeof(uint)];
                if (Snappy.GetUncompressedLength(body) > MaxBlockBytes)
                    throw new FormatException($"a block unpacks to more than {MaxBlockBytes} bytes");
                var plain = Snappy.DecompressToArray(body);
                var expected = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data[^sizeof(uint)..]);
                if (System.IO.Hashing.Crc32.HashToUInt32(plain) == expected) return plain;
                throw new FormatException("the checksum of a block is wrong");
        }
    }

    private static byte[] ReadLimited(Stream stream)
    {
        using (stream)
        {
            using var target = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                target.Write(buffer, 0, read);
                if (target.Length > MaxBlockBytes) throw new FormatException($"a block unpacks to more than {MaxBlockBytes} bytes");
            }

            return target.ToArray();
        }
    }
}
