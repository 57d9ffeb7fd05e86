using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace Dlt.Sources.Rest;

/// <summary>Reads the body of an answer as UTF-8.</summary>
internal static class RestBody
{
    /// <summary>Unpacks a body that the network has not unpacked, and converts other character sets.</summary>
    /// <returns>The body, without a byte order mark.</returns>
    /// <exception cref="InvalidDataException">The body is not what its headers say. The message has no full stop.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var bytes = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        foreach (var encoding in content.Headers.ContentEncoding.Reverse()) bytes = Unpack(bytes, encoding);
        return ToUtf8(bytes, content.Headers.ContentType?.CharSet?.Trim('"', ' '));
    }

    private static byte[] Unpack(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream(bytes);
        Stream? stream = encoding.ToUpperInvariant() switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(packed, CompressionMode.Decompress),
            "BR" => new BrotliStream(packed, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(packed, CompressionMode.Decompress),
            "IDENTITY" => null,
            _ => throw new InvalidDataException($"the content encoding '{encoding}' is unknown"),
        };
        if (stream is null || bytes.Length == 0) return bytes;
        using (stream)
        {
            try
            {
                using var unpacked = new MemoryStream();
                stream.CopyTo(unpacked);
                return unpacked.ToArray();
            }
            catch (Exception error) when (error is InvalidDataException or InvalidOperationException)
            {
                throw new InvalidDataException($"the body cannot be unpacked as {encoding}", error);
            }
        }
    }

    private static ReadOnlyMemory<byte> ToUtf8(byte[] bytes, string? charset)
    {
        if (bytes.AsSpan().StartsWith("\uFEFF"u8)) return Valid(bytes.AsMemory(3));
        if (ByMark(bytes) is { } marked) return Encoding.Convert(marked.Encoding, Encoding.UTF8, bytes[marked.MarkLength..]);
        if (string.IsNullOrEmpty(charset) || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return Valid(bytes);
        return Encoding.Convert(EncodingOf(charset), Encoding.UTF8, bytes);
    }

    /// <summary>Finds UTF-16 and UTF-32 by the byte order mark, or by the zeros around the first letter of JSON.</summary>
    private static (Encoding Encoding, int MarkLength)? ByMark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0, 0, 0xFE, 0xFF, ..] => (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        [not 0, 0, not 0, 0, ..] => (Encoding.Unicode, 0),
        [0, not 0, 0, not 0, ..] => (Encoding.BigEndianUnicode, 0),
        _ => null,
    };

    private static Encoding EncodingOf(string charset)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"the character set '{charset}' is unknown", error);
        }
    }

    private static ReadOnlyMemory<byte> Valid(ReadOnlyMemory<byte> utf8)
    {
        if (Utf8.IsValid(utf8.Span)) return utf8;
        throw new InvalidDataException($"the body is not UTF-8: byte {FirstInvalid(utf8.Span)} belongs to no letter");
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (at < utf8.Length && Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == OperationStatus.Done) at += length;
        return at;
    }
}
