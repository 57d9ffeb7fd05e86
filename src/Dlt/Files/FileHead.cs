namespace Dlt.Files;

/// <summary>Reads the first decompressed bytes of a file.</summary>
internal static class FileHead
{
    /// <summary>Reads bytes until the buffer is full or the file ends.</summary>
    /// <param name="file">The file.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <returns>The part of the buffer that was filled.</returns>
    /// <exception cref="Files.UnreadableFileException">The file cannot be read, or its compressed data is
    /// damaged.</exception>
    public static ReadOnlySpan<byte> Read(InputFile file, Span<byte> buffer) => Read(file, buffer, out _);

    /// <inheritdoc cref="Read(InputFile, Span{byte})"/>
    /// <param name="file">The file.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="isCompressed">True when the file is gzip or zstd.</param>
    public static ReadOnlySpan<byte> Read(InputFile file, Span<byte> buffer, out bool isCompressed)
    {
        var opened = CompressedFile.OpenFile(file);
        using var content = CompressedFile.Open(opened, out _);
        isCompressed = !ReferenceEquals(content, opened);
        try
        {
            return buffer[..content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (CompressedFile.DamageOf(file.Name, error) is { } damage)
        {
            throw damage;
        }
    }
}
