namespace Dlt.Storage;

/// <summary>Recognises the error of opening a file that another process, or another handle of this process, holds.</summary>
public static class SharingViolation
{
    private const int WindowsSharing = unchecked((int)0x80070020);
    private const int WindowsLock = unchecked((int)0x80070021);
    private const int LinuxWouldBlock = 11;
    private const int BsdWouldBlock = 35;

    /// <summary>True when the file is held by somebody else. .NET passes the system's error number on as the HResult.</summary>
    public static bool Is(IOException error) => OperatingSystem.IsWindows()
        ? error.HResult is WindowsSharing or WindowsLock
        : error.HResult == (OperatingSystem.IsLinux() ? LinuxWouldBlock : BsdWouldBlock);
}
