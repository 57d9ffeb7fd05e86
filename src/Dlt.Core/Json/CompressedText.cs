using System.IO.Compression;
using System.Text;

namespace Dlt.Json;

/// <summary>
/// Compresses text as base64 of zlib, level 9: the stored form of state and of long schemas (docs/spec/pipeline.md 10.1).
/// </summary>
internal static class CompressedText
{
    public static string Encode(ReadOnlySpan<byte> content)
    {
        using var buffer = new MemoryStream();
        using (var zlib = new ZLibStream(buffer, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(content);
        return Convert.ToBase64String(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Returns the decompressed bytes; a text that is not base64 of zlib is returned as its UTF-8 bytes.</summary>
    public static byte[] Decode(string text)
    {
        if (Base64Text.TryDecode(text, out var packed))
        {
            try
            {
                using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
                using var content = new MemoryStream();
                zlib.CopyTo(content);
                return content.ToArray();
            }
            catch (InvalidDataException)
            {
                // The text is plain and happens to be valid base64.
            }
        }

        return Encoding.UTF8.GetBytes(text);
    }
}
