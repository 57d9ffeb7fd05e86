using Dlt.Internal;

namespace Dlt.Storage;

/// <summary>Writes the files of a <see cref="FolderObjectStore"/>. They are flushed when a call returns.</summary>
internal static class ObjectFile
{
    /// <summary>
    /// Files up to this size are read and written on the calling thread: switching threads would take longer than the disk.
    /// </summary>
    public const int SmallBytes = 1 << 20;

    /// <summary>Writes bytes to a new file.</summary>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        if (content.Length > SmallBytes) await RandomAccess.WriteAsync(file, content, 0, cancellationToken).ConfigureAwait(false);
        else RandomAccess.Write(file, content.Span, 0);
        DiskFlush.File(file, path);
    }

    /// <summary>Copies a file to a new one.</summary>
    public static async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        // The kernel copies by reference where the file system supports it.
        if (new FileInfo(from).Length > SmallBytes) await Task.Run(() => File.Copy(from, to), cancellationToken).ConfigureAwait(false);
        else File.Copy(from, to);
        DurableFile.Flush(to);
    }
}
