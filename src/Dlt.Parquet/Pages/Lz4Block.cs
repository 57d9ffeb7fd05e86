using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Dlt.Parquet.Pages;

/// <summary>
/// Compresses blocks of the LZ4 block format without a frame, as the codec LZ4_RAW of Parquet wants them: one search per position, the
/// newest match wins. Not safe for use by several threads at once.
/// </summary>
internal sealed class Lz4Block
{
    private const int TableBits = 14;
    private const uint HashFactor = 2654435761;
    private const int MinMatch = 4;
    private const int MaxDistance = ushort.MaxValue;
    private const int LastLiterals = 5;       // a block ends with at least five literals
    private const int LastMatchStart = 12;    // and its last match starts at least twelve bytes before the end
    private const int RunMask = 15;           // longest length within a token
    private const int SkipStrength = 6;       // after 64 misses the search skips positions

    private readonly int[] _table = new int[1 << TableBits];   // position + 1 of the newest four bytes with this hash

    /// <summary>Returns the largest size of a compressed block.</summary>
    public static int GetMaxLength(int length) => length + (length / 255) + 16;

    /// <summary>Compresses a block.</summary>
    /// <param name="source">Bytes to compress.</param>
    /// <param name="target">Room for <see cref="GetMaxLength"/> bytes.</param>
    /// <returns>Number of bytes written.</returns>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        Array.Clear(_table);
        var (written, anchor) = (0, 0);
        var lastStart = source.Length - LastMatchStart;
        for (int at = 0, misses = 0; at <= lastStart;)
        {
            var candidate = Replace(source, at);
            var isMatch = candidate >= 0 && at - candidate <= MaxDistance && Four(source, candidate) == Four(source, at);
            if (!isMatch)
            {
                at += 1 + (misses++ >> SkipStrength);
                continue;
            }

            misses = 0;
            while (at > anchor && candidate > 0 && source[at - 1] == source[candidate - 1]) (at, candidate) = (at - 1, candidate - 1);
            var ahead = source[(at + MinMatch)..^LastLiterals];
            var length = MinMatch + ahead.CommonPrefixLength(source[(candidate + MinMatch)..]);
            written += Write(source[anchor..at], at - candidate, length, target[written..]);
            at += length;
            anchor = at;
            if (at - 2 <= lastStart) Replace(source, at - 2);
        }

        return written + Write(source[anchor..], distance: 0, length: 0, target[written..]);
    }

    /// <summary>Writes literals and the match after them; the last sequence of a block has no match.</summary>
    private static int Write(ReadOnlySpan<byte> literals, int distance, int length, Span<byte> target)
    {
        var isLast = distance == 0;
        var rest = isLast ? 0 : length - MinMatch;
        target[0] = (byte)((Math.Min(literals.Length, RunMask) << 4) | Math.Min(rest, RunMask));
        var at = 1 + WriteLength(literals.Length, target[1..]);
        literals.CopyTo(target[at..]);
        at += literals.Length;
        if (isLast) return at;
        BinaryPrimitives.WriteUInt16LittleEndian(target[at..], (ushort)distance);
        at += sizeof(ushort);
        return at + WriteLength(rest, target[at..]);
    }

    private static int WriteLength(int length, Span<byte> target)
    {
        if (length < RunMask) return 0;
        var at = 0;
        for (length -= RunMask; length >= byte.MaxValue; length -= byte.MaxValue) target[at++] = byte.MaxValue;
        target[at++] = (byte)length;
        return at;
    }

    private int Replace(ReadOnlySpan<byte> source, int at)
    {
        ref var entry = ref _table[(Four(source, at) * HashFactor) >> (32 - TableBits)];
        var before = entry - 1;
        entry = at + 1;
        return before;
    }

    private static uint Four(ReadOnlySpan<byte> source, int at) => MemoryMarshal.Read<uint>(source[at..]);
}
