using System.Buffers;
using System.IO.Compression;
using Snappier;
using ZstdSharp;

namespace Dlt.Parquet;

/// <summary>Compression codecs by their number in the format; these four are read by every engine of the Athena family.</summary>
public enum ParquetCodec
{
    /// <summary>No compression.</summary>
    Uncompressed = 0,
    /// <summary>Snappy.</summary>
    Snappy = 1,
    /// <summary>Gzip.</summary>
    Gzip = 2,
    /// <summary>Zstandard.</summary>
    Zstd = 6,
}

/// <summary>Compresses pages; not for two threads at once.</summary>
internal sealed class PageCompressor(ParquetCodec codec, int zstdLevel) : IDisposable
{
    private readonly Compressor? _zstd = codec == ParquetCodec.Zstd ? new Compressor(zstdLevel) : null;
    private byte[] _buffer = new byte[1 << 16];

    /// <summary>The compressed page, valid until the next call.</summary>
    public ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> page)
    {
        switch (codec)
        {
            case ParquetCodec.Uncompressed:
                return page;
            case ParquetCodec.Snappy:
                Reserve(Snappy.GetMaxCompressedLength(page.Length));
                return _buffer.AsSpan(0, Snappy.Compress(page, _buffer));
            case ParquetCodec.Gzip:
                using (var target = new MemoryStream())
                {
                    using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(page);
                    _buffer = target.ToArray();
                    return _buffer;
                }

            default:
                Reserve(Compressor.GetCompressBound(page.Length));
                return _buffer.AsSpan(0, _zstd!.Wrap(page, _buffer));
        }
    }

    public void Dispose() => _zstd?.Dispose();

    private void Reserve(int length)
    {
        if (_buffer.Length < length) _buffer = new byte[length];
    }
}
