using System.IO.Compression;
using System.Security.Cryptography;

namespace Dlt.Iceberg.Avro;

/// <summary>Writes an Avro object container file, deflated or uncompressed (docs/spec/iceberg.md 3.1).</summary>
internal sealed class AvroFileWriter
{
    private const int SyncBytes = 16;
    private const int BlockBytes = 1 << 16;

    private readonly MemoryStream _file = new();
    private readonly AvroEncoder _encoder = new();
    private readonly AvroEncoder _block = new();
    private readonly byte[] _sync = RandomNumberGenerator.GetBytes(SyncBytes);
    private readonly bool _deflates;
    private int _records;

    /// <param name="schema">Schema as JSON.</param>
    /// <param name="header">Further metadata for the header.</param>
    /// <param name="deflates">True for the codec deflate, false for null.</param>
    public AvroFileWriter(string schema, IEnumerable<KeyValuePair<string, string>> header, bool deflates = true)
    {
        _deflates = deflates;
        var codec = deflates ? "deflate" : "null";
        List<KeyValuePair<string, string>> entries = [.. header, new("avro.schema", schema), new("avro.codec", codec)];
        _file.Write("Obj\u0001"u8);
        _encoder.Long(entries.Count);
        foreach (var (key, value) in entries)
        {
            _encoder.String(key);
            _encoder.String(value);
        }

        _encoder.Long(0);
        _file.Write(_encoder.Written);
        _file.Write(_sync);
    }

    /// <summary>Approximate number of bytes so far.</summary>
    public long Length => _file.Length + _block.Length;

    public void Add(Action<AvroEncoder> record)
    {
        record(_block);
        _records++;
        if (_block.Length >= BlockBytes) Flush();
    }

    public byte[] Complete()
    {
        Flush();
        return _file.ToArray();
    }

    private void Flush()
    {
        if (_records == 0) return;
        var data = _deflates ? Deflate(_block.Written) : _block.Written.ToArray();
        _encoder.Clear();
        _encoder.Long(_records);
        _encoder.Bytes(data);
        _file.Write(_encoder.Written);
        _file.Write(_sync);
        _block.Clear();
        _records = 0;
    }

    private static byte[] Deflate(ReadOnlySpan<byte> plain)
    {
        using var target = new MemoryStream();
        using (var deflate = new DeflateStream(target, CompressionLevel.Fastest)) deflate.Write(plain);
        return target.ToArray();
    }
}
