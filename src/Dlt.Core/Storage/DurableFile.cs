using Dlt.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Dlt.Storage;

/// <summary>
/// Writes files that survive a power cut: their bytes reach the disk before the name that promises them, and the name reaches it before
/// the call returns.
/// </summary>
public static class DurableFile
{
    /// <summary>Writes a new file and flushes its bytes; its name is flushed with the folder.</summary>
    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        RandomAccess.Write(file, content, 0);
        DiskFlush.File(file, path);
    }

    /// <summary>Waits until the disk has the bytes of an existing file.</summary>
    /// <exception cref="IOException">The file cannot be opened, or the disk could not take its bytes.</exception>
    public static void Flush(string path)
    {
        // Windows flushes only what was opened for writing.
        using var file = File.OpenHandle(path, FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete);
        DiskFlush.File(file, path);
    }

    /// <summary>Waits until the disk has the bytes of an open file.</summary>
    /// <param name="file">The file, opened for writing.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">The disk could not take the bytes.</exception>
    public static void Flush(SafeFileHandle file, string path) => DiskFlush.File(file, path);

    /// <summary>Writes a file whole: after a power cut it has the old content or the new one.</summary>
    /// <exception cref="IOException">It cannot be written; the file is as it was.</exception>
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
            throw new IOException($"{path} cannot be written: {error.Message} The file is as it was. Make room or give permission, "
                + "then run again.", error);
        }

        DiskFlush.Folder(folder);
    }
}
