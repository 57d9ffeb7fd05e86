using System.IO.Compression;
using Dlt.Normalize.Chunks;
using ZstdSharp;

namespace Dlt.Sources.Files;

/// <summary>The content of a file, whichever way it is compressed: gzip and zstd are recognised by their first bytes.</summary>
internal static class CompressedFile
{
    /// <summary>Formats of which a file without bytes is a damaged one: each has a head.</summary>
    private static readonly string[] Heads = ["parquet", "arrow", "arrows", "feather", "ipc"];

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
    public static FileStream OpenFile(string path) => OpenFile(new InputFile(path));

    /// <inheritdoc cref="OpenFile(string)"/>
    public static FileStream OpenFile(InputFile file)
    {
        if (Directory.Exists(file.Path)) throw new DltException($"{file.Name} is a folder. Nothing of it was loaded. Name the files "
            + "in it, then run again.");
        try
        {
            return new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new UnreadableFileException(file.Name, error.Message, "Make it readable", error);
        }
    }

    /// <summary>Refuses a file of 0 bytes whose format has no such files: a download that failed is not a table without rows.</summary>
    /// <param name="file">The file; its name tells format and compression.</param>
    /// <param name="always">True when the format is known whatever the name.</param>
    /// <exception cref="UnreadableFileException">It has no bytes.</exception>
    public static void CheckHasBytes(InputFile file, bool always = false)
    {
        var format = FileFormat.Of(file.Name);
        if (new FileInfo(file.Path) is { Exists: true, Length: 0 } && (always || format.IsCompressed || Heads.Contains(format.Name)))
            throw new UnreadableFileException(file.Name, "it has 0 bytes, which no file of its format has.");
    }

    /// <summary>What a failure to read compressed data means.</summary>
    /// <returns>Null for other errors.</returns>
    public static UnreadableFileException? Explain(string path, Exception error) => error switch
    {
        InvalidDataException or ZstdException =>
            new(path, $"its compressed data is damaged ({error.Message.TrimEnd('.')}).", innerException: error),
        EndOfStreamException => new(path, "its compressed data ends too early: the file was cut off.", innerException: error),
        _ => null,
    };
}
