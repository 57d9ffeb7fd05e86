using System.Runtime.InteropServices;

namespace Dlt.Cli;

/// <summary>How the C library hands out memory to this process (bench/README.md).</summary>
internal static partial class NativeHeap
{
    // Names and numbers of glibc.
    private const int MmapThreshold = -3, ArenaMax = -8;
    private const int LargeBytes = 128 << 10;

    /// <summary>
    /// One pool of memory for all threads: loads allocate few and large pieces, so threads do not wait for it. Large ones are mapped by
    /// themselves: they grow without a copy, and leave no gaps.
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
            // Another C library than glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
