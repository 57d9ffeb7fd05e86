using System.Buffers.Binary;
using System.IO.Compression;

namespace Dlt.Normalize.Chunks;

/// <summary>
/// Detects truncated gzip files, which <see cref="GZipStream"/> reads without an error (RFC 1952 2.3: every member ends with its length).
/// </summary>
internal static class GzipFile
{
    private const int TrailerBytes = 8;
    private static readonly byte[] Magic = [0x1F, 0x8B, 0x08];

    /// <summary>Returns true when the last member of the file is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Number of bytes that reading the file returned.</param>
    public static bool IsComplete(string path, long length)
    {
        using var file = File.OpenRead(path);
        if (file.Length < TrailerBytes) return false;
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        file.Position = file.Length - TrailerBytes;
        file.ReadExactly(trailer);
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) == (uint)length) return true;

        // With several members the trailer belongs to the last one, which begins at one of the magic numbers.
        for (var start = LastMagic(file, file.Length); start > 0; start = LastMagic(file, start))
            if (LengthOf(file, start) == BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..])) return true;
        return false;
    }

    /// <summary>Returns the uncompressed length of a member, modulo 2^32; null when no member begins at the position.</summary>
    private static uint? LengthOf(FileStream file, long start)
    {
        file.Position = start;
        using var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        uint length = 0;
        var buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = gzip.Read(buffer)) > 0; length += (uint)read)
            {
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return length;
    }

    /// <summary>Returns the position of the last magic number before a position; -1 when there is none.</summary>
    private static long LastMagic(FileStream file, long before)
    {
        var buffer = new byte[1 << 16];
        for (var end = before; end > 0;)
        {
            var start = Math.Max(0, end - buffer.Length + Magic.Length);
            var length = (int)(Math.Min(before - 1 + Magic.Length, Math.Min(end + Magic.Length - 1, file.Length)) - start);
            file.Position = start;
            file.ReadExactly(buffer, 0, length);
            var at = buffer.AsSpan(0, length).LastIndexOf(Magic);
            if (at >= 0 && start + at < before) return start + at;
            end = start;
        }

        return -1;
    }
}
