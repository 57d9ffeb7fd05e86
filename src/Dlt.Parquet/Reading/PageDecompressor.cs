using System.IO.Compression;
using System.Runtime.InteropServices;
using Snappier;
using ZstdSharp;

namespace Dlt.Parquet.Reading;

/// <summary>Decompresses pages. Not safe for use by several threads at once.</summary>
/// <param name="codec">Number of the codec in the format.</param>
internal sealed class PageDecompressor(long codec) : IDisposable
{
    private Decompressor? _zstd;

    /// <summary>Returns true for the codecs that this class knows.</summary>
    public static bool Knows(long codec) => codec is (long)ParquetCodec.Uncompressed or (long)ParquetCodec.Snappy
        or (long)ParquetCodec.Gzip or (long)ParquetCodec.Brotli or (long)ParquetCodec.Zstd;

    /// <summary>Decompresses a page.</summary>
    /// <param name="page">Bytes of the page in the file.</param>
    /// <param name="target">Receives the bytes; its length is that of the page.</param>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public void Decompress(ReadOnlyMemory<byte> page, Span<byte> target)
    {
        int written;
        try
        {
            written = Write(page, target);
        }
        catch (Exception error) when (error is ZstdException or InvalidDataException or ArgumentException or OverflowException)
        {
            throw new FormatException($"a page cannot be decompressed: {error.Message.TrimEnd('.')}", error);
        }

        if (written != target.Length) throw new FormatException($"a page has {written} bytes, but its header says {target.Length}");
    }

    public void Dispose() => _zstd?.Dispose();

    private int Write(ReadOnlyMemory<byte> page, Span<byte> target)
    {
        switch ((ParquetCodec)codec)
        {
            case ParquetCodec.Uncompressed:
                page.Span.CopyTo(target);
                return page.Length;
            case ParquetCodec.Snappy: return Snappy.Decompress(page.Span, target);
            case ParquetCodec.Gzip:
                MemoryMarshal.TryGetArray(page, out var array);
                using (var gzip = new GZipStream(new MemoryStream(array.Array!, array.Offset, array.Count), CompressionMode.Decompress))
                {
                    var written = gzip.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
                    return gzip.ReadByte() < 0 ? written : throw new FormatException("a page is longer than its header says");
                }

            case ParquetCodec.Brotli:
                return BrotliDecoder.TryDecompress(page.Span, target, out var length)
                    ? length : throw new FormatException("a page cannot be decompressed with Brotli");
            default: return (_zstd ??= new Decompressor()).Unwrap(page.Span, target);
        }
    }
}
