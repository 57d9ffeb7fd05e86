using System.Runtime.InteropServices;

namespace Dlt.Cli;

/// <summary>How the C library hands out memory to this process.</summary>
internal static partial class NativeHeap
{
    private const int ArenaMax = -8;   // M_ARENA_MAX of glibc

    /// <summary>One pool of memory for all threads: what one gives back, another takes. Loads allocate few and large pieces, so threads do not wait for it (bench/README.md).</summary>
    public static void UseOneArena()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetOption(ArenaMax, 1);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library than glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
