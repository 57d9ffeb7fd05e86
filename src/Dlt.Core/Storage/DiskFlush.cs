using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dlt.Storage;

/// <summary>Waits until the disk has what was written: the bytes of a file (fsync), the names in a folder (fsync of the folder).</summary>
internal static partial class DiskFlush
{
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;
    private const int NotPermitted = 1;
    private const int NotFound = 2;
    private const int AccessDenied = 13;

    /// <summary>Sees every flush of the present flow of control; for tests of power cuts.</summary>
    public static AsyncLocal<IDiskFlushObserver?> Observer { get; } = new();

    /// <exception cref="IOException">The disk could not take the bytes.</exception>
    public static void File(SafeFileHandle file, string path)
    {
        var observer = Observer.Value;
        observer?.Flushing(path);
        RandomAccess.FlushToDisk(file);
        observer?.FileFlushed(path);
    }

    /// <summary>Windows keeps names safe by itself, and a folder that may not be read cannot be flushed: then nothing happens.</summary>
    /// <exception cref="IOException">The folder is gone, or the disk could not take its names.</exception>
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

/// <summary>What tests see of flushes.</summary>
internal interface IDiskFlushObserver
{
    /// <summary>A file or a folder is about to be flushed.</summary>
    void Flushing(string path);

    void FileFlushed(string path);

    void FolderFlushed(string path);
}
