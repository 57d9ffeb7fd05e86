using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dlt.Parquet.Encodings;

/// <summary>Encodes integers as DELTA_BINARY_PACKED: blocks of 128 deltas in four miniblocks of 32.</summary>
internal static class DeltaBinaryPacked
{
    private const int BlockSize = 128;
    private const int MiniBlocks = 4;
    private const int MiniBlockSize = BlockSize / MiniBlocks;

    /// <param name="page">Receives the bytes.</param>
    /// <param name="values">Values to encode.</param>
    /// <param name="isInt32">True for 32-bit columns. Their deltas wrap at 32 bits, because readers accept no larger deltas (Parquet
    /// format, Encodings.md: "the same type").</param>
    public static void Write(PageBuffer page, ReadOnlySpan<long> values, bool isInt32 = false)
    {
        page.WriteVarInt(BlockSize);
        page.WriteVarInt(MiniBlocks);
        page.WriteVarInt((ulong)values.Length);
        page.WriteVarInt(ZigZag(values.Length == 0 ? 0 : values[0]));
        Span<ulong> deltas = stackalloc ulong[BlockSize];
        for (var at = 1; at < values.Length; at += BlockSize)
        {
            var count = Math.Min(BlockSize, values.Length - at);
            var min = long.MaxValue;
            for (var i = 0; i < count; i++)
            {
                var delta = unchecked(values[at + i] - values[at + i - 1]);
                if (isInt32) delta = unchecked((int)delta);
                deltas[i] = (ulong)delta;
                if (delta < min) min = delta;
            }

            deltas[count..].Clear();
            // The difference of two 32-bit deltas fits into 32 bits.
            for (var i = 0; i < count; i++) deltas[i] = unchecked(deltas[i] - (ulong)min);
            WriteBlock(page, deltas, count, min);
        }
    }

    private static void WriteBlock(PageBuffer page, ReadOnlySpan<ulong> deltas, int count, long min)
    {
        page.WriteVarInt(ZigZag(min));
        Span<byte> widths = stackalloc byte[MiniBlocks];
        for (var m = 0; m < MiniBlocks; m++)
        {
            ulong all = 0;
            foreach (var delta in deltas.Slice(m * MiniBlockSize, MiniBlockSize)) all |= delta;
            widths[m] = (byte)(64 - BitOperations.LeadingZeroCount(all));
        }

        page.WriteBytes(widths);
        for (var m = 0; m < MiniBlocks && m * MiniBlockSize < count; m++)
            Pack(page, deltas.Slice(m * MiniBlockSize, MiniBlockSize), widths[m]);
    }

    private static void Pack(PageBuffer page, ReadOnlySpan<ulong> values, int width)
    {
        if (width == 0) return;
        var span = page.GetSpan((MiniBlockSize * width / 8) + 8);
        ref var target = ref MemoryMarshal.GetReference(span);
        ulong word = 0;
        int used = 0, at = 0;
        foreach (var value in values)
        {
            word |= value << used;
            used += width;
            if (used < 64) continue;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, at), word);
            at += 8;
            used -= 64;
            word = used == 0 ? 0 : value >> (width - used);
        }

        if (used > 0) Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, at), word);
        page.Advance(MiniBlockSize * width / 8);
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));
}
