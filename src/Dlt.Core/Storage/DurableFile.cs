using System.ComponentModel;
using Dlt.Hashing;
using Dlt.Storage;
using Microsoft.Win32.SafeHandles;

namespace Dlt.Internal;

/// <summary>
/// Writes files that survive a power cut: the bytes are flushed to the disk first, then the name, before the call returns.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DurableFile
{
    /// <summary>Writes a new file and flushes its bytes. The caller flushes the folder, which holds the file's name.</summary>
    /// <exception cref="IOException">The file already exists or cannot be written.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        RandomAccess.Write(file, content, 0);
        DiskFlush.File(file, path);
    }

    /// <summary>Flushes the bytes of an existing file to the disk.</summary>
    /// <exception cref="IOException">The file cannot be opened, or the disk did not accept its bytes.</exception>
    public static void Flush(string path)
    {
        // Windows flushes only files that are opened for writing.
        using var file = File.OpenHandle(path, FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete);
        DiskFlush.File(file, path);
    }

    /// <summary>Flushes the bytes of an open file to the disk.</summary>
    /// <param name="file">The file, opened for writing.</param>
    /// <param name="path">Path of the file, for error messages.</param>
    /// <exception cref="IOException">The disk did not accept the bytes.</exception>
    public static void Flush(SafeFileHandle file, string path) => DiskFlush.File(file, path);

    /// <summary>Writes or replaces a file atomically: after a power cut it has the old content or the new content.</summary>
    /// <exception cref="IOException">The file cannot be written and is unchanged.</exception>
    internal static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(folder, DltHash.NewTempName());
        try
        {
            Write(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new IOException($"{path} cannot be written: {Failure.Sentence(error)} The file is unchanged. "
                + "Free disk space or grant write permission, then run again.", error);
        }

        DiskFlush.Folder(folder);
    }
}
