using Dlt.Internal;
using Microsoft.Win32.SafeHandles;

namespace Dlt.Iceberg;

/// <summary>
/// A temporary file that the operating system deletes when the process ends, even when it is killed. Reading is safe for concurrent use.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    private readonly string _folder;
    private readonly SafeFileHandle _file;

    /// <summary>Creates the file.</summary>
    /// <param name="folder">Folder of the file. It is created when it does not exist.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public SpillFile(string folder)
    {
        _folder = folder;
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, $"dlt-keys-{Guid.NewGuid():N}.tmp");
            _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
            // Windows deletes the file when its handle is closed. Elsewhere the runtime would, which a killed process does not reach.
            if (!OperatingSystem.IsWindows()) File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(error);
        }
    }

    /// <summary>Reads bytes.</summary>
    /// <returns>Number of bytes, fewer than asked for only at the end of the file.</returns>
    public int Read(long offset, Span<byte> bytes)
    {
        var count = 0;
        while (count < bytes.Length)
        {
            var read = RandomAccess.Read(_file, bytes[count..], offset + count);
            if (read == 0) break;
            count += read;
        }

        return count;
    }

    /// <summary>Writes bytes.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes, offset);
        }
        catch (IOException error)
        {
            throw NotWritten(error);
        }
    }

    public void Dispose() => _file.Dispose();

    private IOException NotWritten(Exception error) => new(
        $"The keys of a merge do not fit into memory and cannot be written to the folder '{_folder}': {Failure.Sentence(error)} "
        + "Nothing was committed. Make space there and run the merge again.", error);
}
