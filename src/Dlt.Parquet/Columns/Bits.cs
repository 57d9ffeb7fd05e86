using System.Buffers.Binary;
using System.Numerics;

namespace Dlt.Parquet;

/// <summary>Ranges of bits in 64-bit words, with the least-significant bit first.</summary>
internal static class Bits
{
    /// <summary>Number of ones in a range.</summary>
    public static int Count(ReadOnlySpan<ulong> words, int from, int count)
    {
        var total = 0;
        for (var done = 0; done < count; done += 64) total += BitOperations.PopCount(Read(words, from + done, Math.Min(64, count - done)));
        return total;
    }

    /// <summary>Sets the bits of a range.</summary>
    public static void Fill(Span<ulong> words, int from, int count)
    {
        for (var done = 0; done < count; done += 64) Write(words, from + done, Math.Min(64, count - done), ulong.MaxValue);
    }

    /// <summary>Clears the bits of a range.</summary>
    public static void Clear(Span<ulong> words, int from, int count)
    {
        for (var done = 0; done < count; done += 64) Write(words, from + done, Math.Min(64, count - done), 0);
    }

    /// <summary>Copies a range. Within the same words, the target must not be behind the source.</summary>
    public static void Copy(ReadOnlySpan<ulong> source, int from, Span<ulong> target, int to, int count)
    {
        for (var done = 0; done < count; done += 64)
        {
            var length = Math.Min(64, count - done);
            Write(target, to + done, length, Read(source, from + done, length));
        }
    }

    /// <summary>Copies bits from the beginning of bytes.</summary>
    public static void CopyBytes(ReadOnlySpan<byte> source, Span<ulong> target, int to, int count)
    {
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        for (var done = 0; done < count; done += 64)
        {
            var bytes = source[(done / 8)..];
            padded.Clear();
            bytes[..Math.Min(bytes.Length, sizeof(ulong))].CopyTo(padded);
            Write(target, to + done, Math.Min(64, count - done), BinaryPrimitives.ReadUInt64LittleEndian(padded));
        }
    }

    /// <summary>Index of the first one at or after an index; <paramref name="end"/> when there is none before it.</summary>
    public static int NextOne(ReadOnlySpan<ulong> words, int from, int end) => Next(words, from, end, 0);

    /// <summary>Index of the first zero at or after an index; <paramref name="end"/> when there is none before it.</summary>
    public static int NextZero(ReadOnlySpan<ulong> words, int from, int end) => Next(words, from, end, ulong.MaxValue);

    /// <summary>Up to 64 bits from an index on.</summary>
    public static ulong Read(ReadOnlySpan<ulong> words, int from, int count)
    {
        var (word, shift) = (from >> 6, from & 63);
        var bits = words[word] >> shift;
        if (shift + count > 64) bits |= words[word + 1] << (64 - shift);
        return count == 64 ? bits : bits & ((1UL << count) - 1);
    }

    private static int Next(ReadOnlySpan<ulong> words, int from, int end, ulong flip)
    {
        while (from < end)
        {
            var rest = (words[from >> 6] ^ flip) >> (from & 63);
            if (rest != 0) return Math.Min(end, from + BitOperations.TrailingZeroCount(rest));
            from = (from | 63) + 1;
        }

        return end;
    }

    private static void Write(Span<ulong> words, int to, int count, ulong bits)
    {
        var (word, shift) = (to >> 6, to & 63);
        var mask = count == 64 ? ulong.MaxValue : (1UL << count) - 1;
        words[word] = (words[word] & ~(mask << shift)) | ((bits & mask) << shift);
        if (shift + count <= 64) return;
        words[word + 1] = (words[word + 1] & ~(mask >> (64 - shift))) | ((bits & mask) >> (64 - shift));
    }
}
