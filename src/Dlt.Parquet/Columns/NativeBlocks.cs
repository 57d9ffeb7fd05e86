using System.Runtime.InteropServices;

namespace Dlt.Parquet;

/// <summary>
/// Large blocks of memory that were given back and are kept for the next one of their size: row groups follow one another, and fresh memory
/// costs a fault a page (bench/README.md).
/// </summary>
/// <remarks>For any thread. What is kept makes room for what is taken, so that memory does not grow by it.</remarks>
internal static unsafe class NativeBlocks
{
    private const nuint SmallestKept = 128 << 10;
    private const nuint MostKept = 32 << 20;

    private static readonly Lock Gate = new();
    private static readonly List<(nint Start, nuint Bytes)> Kept = [];   // the oldest first
    private static nuint _keptBytes;

    /// <summary>Takes a block of at least that many bytes, and of at most twice as many.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory.</exception>
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

    /// <summary>Gives a block back, with its size.</summary>
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
