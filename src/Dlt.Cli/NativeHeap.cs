using System.Runtime.InteropServices;

namespace Dlt.Cli;

/// <summary>Configures how the C library allocates memory for this process (bench/README.md).</summary>
internal static partial class NativeHeap
{
    // Names and values of glibc.
    private const int MmapThreshold = -3, ArenaMax = -8;
    private const int LargeBytes = 128 << 10;

    /// <summary>
    /// Uses one memory pool for all threads: loads allocate few and large pieces, so threads do not wait for it. Large pieces are mapped
    /// separately, so they grow without a copy and leave no gaps.
    /// </summary>
    public static void UseOneArena()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetOption(ArenaMax, 1);
            _ = SetOption(MmapThreshold, LargeBytes);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            // The C library is not glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
