using System.IO.Compression;
using Dlt.Normalize.Chunks;
using ZstdSharp;

namespace Dlt.Files;

/// <summary>Opens files and decompresses their content. Gzip and zstd are recognized by their first bytes.</summary>
internal static class CompressedFile
{
    /// <summary>Opens the decompressed content of a file.</summary>
    /// <param name="file">File at its beginning. It is closed with the content.</param>
    /// <param name="isGzip">True for gzip, whose reader does not detect a truncated file (<see cref="GzipFile"/>).</param>
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
    /// <exception cref="UnreadableFileException">The file does not exist or is not readable.</exception>
    public static FileStream OpenFile(string path) => OpenFile(new InputFile(path));

    /// <inheritdoc cref="OpenFile(string)"/>
    public static FileStream OpenFile(InputFile file)
    {
        if (Directory.Exists(file.Path))
            throw new DltException($"{file.Name} is a folder. Nothing of it was loaded. Name the files in it, then run again.");
        try
        {
            return new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new UnreadableFileException(file.Name, error.Message, "Make it readable", error);
        }
    }

    /// <summary>
    /// Refuses a file of 0 bytes if its format or compression has a header. Such a file is usually a failed download, not a table without
    /// rows.
    /// </summary>
    /// <param name="file">File whose name tells whether it is compressed.</param>
    /// <param name="hasHeader">True if every file of its format begins with a header.</param>
    /// <exception cref="UnreadableFileException">The file has 0 bytes.</exception>
    public static void CheckHasBytes(InputFile file, bool hasHeader)
    {
        if ((hasHeader || FileFormat.Of(file.Name).IsCompressed) && new FileInfo(file.Path) is { Exists: true, Length: 0 })
            throw new UnreadableFileException(file.Name, "it has 0 bytes, which no file of its format has.");
    }

    /// <summary>Finds the damage of a file in an exception of its decompressor.</summary>
    /// <returns>Null for exceptions with other causes.</returns>
    public static UnreadableFileException? DamageOf(string path, Exception error) => error switch
    {
        InvalidDataException or ZstdException =>
            new(path, $"its compressed data is damaged ({error.Message.TrimEnd('.')}).", innerException: error),
        EndOfStreamException => new(path, "its compressed data ends too early: the file was cut off.", innerException: error),
        _ => null,
    };
}
