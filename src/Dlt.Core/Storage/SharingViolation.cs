using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>Recognises the error of opening a file that another process, or another handle of this process, has locked.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SharingViolation
{
    private const int WindowsSharing = unchecked((int)0x80070020);
    private const int WindowsLock = unchecked((int)0x80070021);
    private const int LinuxWouldBlock = 11;
    private const int BsdWouldBlock = 35;

    /// <summary>Returns true when the file is locked. .NET returns the error number of the system as the HResult.</summary>
    public static bool Is(IOException error) => OperatingSystem.IsWindows()
        ? error.HResult is WindowsSharing or WindowsLock
        : error.HResult == (OperatingSystem.IsLinux() ? LinuxWouldBlock : BsdWouldBlock);
}
