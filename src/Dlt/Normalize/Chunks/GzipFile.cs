using System.Buffers.Binary;
using System.IO.Compression;

namespace Dlt.Normalize.Chunks;

/// <summary>
/// What <see cref="GZipStream"/> leaves out: it takes a file that was cut off for one that ended (RFC 1952 2.3: every member ends with its
/// length).
/// </summary>
internal static class GzipFile
{
    private const int TrailerBytes = 8;
    private static readonly byte[] Magic = [0x1F, 0x8B, 0x08];

    /// <summary>True when the last member of the file is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Bytes that it gave when it was read.</param>
    public static bool IsComplete(string path, long length)
    {
        using var file = File.OpenRead(path);
        if (file.Length < TrailerBytes) return false;
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        file.Position = file.Length - TrailerBytes;
        file.ReadExactly(trailer);
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) == (uint)length) return true;

        // Several members one after another: the trailer belongs to the last one, which begins at one of the magic numbers.
        for (var start = LastMagic(file, file.Length); start > 0; start = LastMagic(file, start))
            if (LengthOf(file, start) == BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..])) return true;
        return false;
    }

    /// <summary>Bytes that a member gives, modulo 2^32; null when none begins there.</summary>
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

    /// <summary>Where the last magic number before a place begins; -1 when there is none.</summary>
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
