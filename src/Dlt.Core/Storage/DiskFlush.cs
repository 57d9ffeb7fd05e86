using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dlt.Storage;

/// <summary>Flushes the bytes of a file or the entries of a folder to the disk (<c>fsync</c>).</summary>
internal static partial class DiskFlush
{
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;
    private const int NotPermitted = 1;
    private const int NotFound = 2;
    private const int AccessDenied = 13;

    /// <summary>Observer of every flush in the current async flow; tests use it to simulate power cuts.</summary>
    public static AsyncLocal<IDiskFlushObserver?> Observer { get; } = new();

    /// <exception cref="IOException">The disk did not accept the bytes.</exception>
    public static void File(SafeFileHandle file, string path)
    {
        var observer = Observer.Value;
        observer?.Flushing(path);
        RandomAccess.FlushToDisk(file);
        observer?.FileFlushed(path);
    }

    /// <summary>
    /// Flushes the entries of a folder. Does nothing on Windows, which keeps entries safe without it, or when the folder may not be read.
    /// </summary>
    /// <exception cref="IOException">The folder does not exist, or the disk did not accept its entries.</exception>
    public static void Folder(string path)
    {
        var observer = Observer.Value;
        observer?.Flushing(path);
        if (!OperatingSystem.IsWindows())
        {
            var descriptor = Open(path, OperatingSystem.IsMacOS() ? CloseOnExecMac : OperatingSystem.IsLinux() ? CloseOnExecLinux : 0);
            if (descriptor < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error is AccessDenied or NotPermitted) return;
                var reason = $"The folder {path} cannot be flushed to the disk: {Marshal.GetPInvokeErrorMessage(error)}.";
                throw error == NotFound ? new DirectoryNotFoundException(reason) : new IOException(reason, error);
            }

            using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            RandomAccess.FlushToDisk(handle);
        }

        observer?.FolderFlushed(path);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}

/// <summary>Receives flushes in tests.</summary>
internal interface IDiskFlushObserver
{
    /// <summary>Called before a file or a folder is flushed.</summary>
    void Flushing(string path);

    void FileFlushed(string path);

    void FolderFlushed(string path);
}
