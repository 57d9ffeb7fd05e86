using System.Runtime.InteropServices;

namespace Dlt.Iceberg;

/// <summary>
/// Creates hard links. .NET's File.Move checks for the target and renames in two steps, so two processes may both succeed
/// (docs/spec/iceberg.md 8.3).
/// </summary>
internal static partial class HardLink
{
    private const int AlreadyExistsUnix = 17;
    private const int AlreadyExistsWindows = 183;

    /// <summary>Creates a second name for a file.</summary>
    /// <returns>False if the name exists.</returns>
    /// <exception cref="IOException">The link cannot be created for another reason.</exception>
    public static bool TryCreate(string file, string name)
    {
        if (OperatingSystem.IsWindows() ? CreateHardLink(name, file, 0) : Link(file, name) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == (OperatingSystem.IsWindows() ? AlreadyExistsWindows : AlreadyExistsUnix)
            ? false : throw new IOException($"The hard link {name} cannot be created: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string file, string name);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string file, nint security);
}
