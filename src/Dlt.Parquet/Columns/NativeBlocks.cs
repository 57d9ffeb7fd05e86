using System.Runtime.InteropServices;

namespace Dlt.Parquet;

/// <summary>
/// Caches large memory blocks for reuse, because row groups follow one another and every page of fresh memory costs a page fault
/// (bench/README.md).
/// </summary>
/// <remarks>
/// Safe for use by several threads at once. When no kept block fits, kept blocks of the allocated size are freed, so the total does not
/// grow.
/// </remarks>
internal static unsafe class NativeBlocks
{
    private const nuint SmallestKept = 128 << 10;
    private const nuint MostKept = 32 << 20;

    private static readonly Lock Gate = new();
    private static readonly List<(nint Start, nuint Bytes)> Kept = [];   // the oldest first
    private static nuint _keptBytes;

    /// <summary>Returns a block of at least the given size and at most twice that size.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public static void* Take(nuint bytes, out nuint taken)
    {
        taken = bytes;
        if (bytes >= SmallestKept)
        {
            lock (Gate)
            {
                if (BestFit(bytes) is { } kept) return Remove(kept, out taken);
                for (nuint freed = 0; freed < bytes && Kept.Count > 0;)
                {
                    NativeMemory.Free(Remove(0, out var old));
                    freed += old;
                }
            }
        }

        return NativeMemory.Alloc(bytes);
    }

    /// <summary>Returns a block to the cache, with its size.</summary>
    public static void Give(void* start, nuint bytes)
    {
        if (bytes >= SmallestKept)
        {
            lock (Gate)
            {
                if (_keptBytes + bytes <= MostKept)
                {
                    Kept.Add(((nint)start, bytes));
                    _keptBytes += bytes;
                    return;
                }
            }
        }

        NativeMemory.Free(start);
    }

    private static int? BestFit(nuint bytes)
    {
        int? best = null;
        for (var i = 0; i < Kept.Count; i++)
        {
            if (Kept[i].Bytes >= bytes && Kept[i].Bytes / 2 <= bytes && (best is null || Kept[i].Bytes < Kept[best.Value].Bytes)) best = i;
        }

        return best;
    }

    private static void* Remove(int index, out nuint bytes)
    {
        (var start, bytes) = Kept[index];
        Kept.RemoveAt(index);
        _keptBytes -= bytes;
        return (void*)start;
    }
}
