using System.IO.Compression;
using Dlt.Normalize.Chunks;
using ZstdSharp;

namespace Dlt.Sources.Files;

/// <summary>The content of a file, whichever way it is compressed: gzip and zstd are recognised by their first bytes.</summary>
internal static class CompressedFile
{
    /// <param name="file">At its beginning; closed with the content.</param>
    /// <param name="isGzip">True for gzip, whose reader does not notice that a file was cut off (<see cref="GzipFile"/>).</param>
    public static Stream Open(FileStream file, out bool isGzip)
    {
        Span<byte> magic = stackalloc byte[4];
        var length = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        isGzip = magic[..length] is [0x1F, 0x8B, ..];
        if (isGzip) return new GZipStream(file, CompressionMode.Decompress);
        return magic[..length] is [0x28, 0xB5, 0x2F, 0xFD] ? new DecompressionStream(file, leaveOpen: false) : file;
    }

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="UnreadableFileException">It is not there, or may not be read.</exception>
    public static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new UnreadableFileException(path, error.Message, "Make it readable", error);
        }
    }

    /// <summary>What a failure to read compressed data means.</summary>
    /// <returns>Null for other errors.</returns>
    public static UnreadableFileException? Explain(string path, Exception error) => error switch
    {
        InvalidDataException or ZstdException => new(path, $"its compressed data is damaged ({error.Message.TrimEnd('.')}).", innerException: error),
        EndOfStreamException => new(path, "its compressed data ends too early: the file was cut off.", innerException: error),
        _ => null,
    };
}
