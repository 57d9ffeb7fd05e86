using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dlt.Parquet.Encodings;

/// <summary>Encodes dictionary codes as RLE_DICTIONARY: one byte of bit width, then one run.</summary>
internal static class DictionaryCodes
{
    public static void Write(PageBuffer page, ReadOnlySpan<int> codes, int entryCount)
    {
        var width = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(entryCount - 1, 0)));
        page.WriteByte((byte)width);
        if (codes.Length == 0) return;
        if (codes.IndexOfAnyExcept(codes[0]) < 0)
        {
            WriteRun(page, codes.Length, codes[0], width);
            return;
        }

        var groups = (codes.Length + 7) / 8;
        page.WriteVarInt((ulong)groups << 1 | 1);
        var bytes = groups * width;
        var span = page.GetSpan(bytes + 16);
        ref var target = ref MemoryMarshal.GetReference(span);
        ulong word = 0;
        int used = 0, at = 0;
        foreach (var code in codes)
        {
            word |= (ulong)code << used;
            used += width;
            if (used < 64) continue;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, at), word);
            at += 8;
            used -= 64;
            word = used == 0 ? 0 : (ulong)code >> (width - used);
        }

        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, at), word);
        at += (used + 7) / 8;
        if (at < bytes) span[at..bytes].Clear();
        page.Advance(bytes);
    }

    /// <summary>Writes a page in which all values are the same entry.</summary>
    public static void WriteConstant(PageBuffer page, int count)
    {
        page.WriteByte(1);
        WriteRun(page, count, 0, 1);
    }

    private static void WriteRun(PageBuffer page, int count, int code, int width)
    {
        page.WriteVarInt((ulong)count << 1);
        for (var i = 0; i < (width + 7) / 8; i++) page.WriteByte((byte)(code >> (8 * i)));
    }
}
