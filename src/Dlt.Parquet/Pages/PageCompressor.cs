using System.IO.Compression;
using Snappier;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Dlt.Parquet.Pages;

/// <summary>Content of a page, on which the compression level depends.</summary>
internal enum PageContent
{
    /// <summary>Texts, codes of a dictionary, or packed numbers.</summary>
    Bytes,
    /// <summary>Integers of four or eight bytes, one after another.</summary>
    Integers,
    /// <summary>Doubles, one after another.</summary>
    Doubles,
}

/// <summary>Compresses pages. Not safe for use by several threads at once.</summary>
/// <remarks>
/// Fast zstd (level 1) searches for matches of 6 or 7 bytes, but adjacent numbers share fewer bytes. Level -1 finds such matches, faster
/// and smaller, if the remaining bytes of doubles are entropy-coded as in level 1 (bench/README.md, "What was tried").
/// </remarks>
internal sealed class PageCompressor(ParquetCodec codec, int zstdLevel) : IDisposable
{
    private const int FastLevel = 1;
    private const int NumbersLevel = -1;
    private const int BrotliQuality = 4;   // 0 to 11; higher ones take several times as long
    private const int BrotliWindow = 22;
    private const ZSTD_cParameter LiteralCompression = ZSTD_cParameter.ZSTD_c_experimentalParam5;
    private const int LiteralsByLevel = 0;
    private const int LiteralsAlways = 1;

    private readonly Compressor? _zstd = codec == ParquetCodec.Zstd ? new Compressor(zstdLevel) : null;
    private readonly Lz4Block? _lz4 = codec == ParquetCodec.Lz4Raw ? new Lz4Block() : null;
    private PageContent _content;
    private byte[] _buffer = new byte[1 << 16];

    /// <summary>Compresses a page. The result is valid until the next call.</summary>
    public ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> page, PageContent content)
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

            case ParquetCodec.Brotli:
                Reserve(BrotliEncoder.GetMaxCompressedLength(page.Length));
                return BrotliEncoder.TryCompress(page, _buffer, out var length, BrotliQuality, BrotliWindow)
                    ? _buffer.AsSpan(0, length)
                    : throw new InvalidOperationException("A page could not be compressed with Brotli. The file was not completed.");
            case ParquetCodec.Lz4Raw:
                Reserve(Lz4Block.GetMaxLength(page.Length));
                return _buffer.AsSpan(0, _lz4!.Compress(page, _buffer));
            default:
                Prepare(content);
                Reserve(Compressor.GetCompressBound(page.Length));
                return _buffer.AsSpan(0, _zstd!.Wrap(page, _buffer));
        }
    }

    public void Dispose() => _zstd?.Dispose();

    private void Prepare(PageContent content)
    {
        if (zstdLevel != FastLevel || content == _content) return;
        _content = content;
        _zstd!.Level = content == PageContent.Bytes ? FastLevel : NumbersLevel;
        _zstd.SetParameter(LiteralCompression, content == PageContent.Doubles ? LiteralsAlways : LiteralsByLevel);
    }

    private void Reserve(int length)
    {
        if (_buffer.Length < length) _buffer = new byte[length];
    }
}
