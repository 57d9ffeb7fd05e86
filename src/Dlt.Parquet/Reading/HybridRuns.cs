using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dlt.Parquet.Reading;

/// <summary>Decodes the RLE/bit-packed hybrid of levels and dictionary codes (Parquet format, Encodings.md).</summary>
internal static class HybridRuns
{
    /// <summary>Bytes that must be readable behind the encoded bytes, because numbers are read eight bytes at a time.</summary>
    public const int Padding = 8;

    private const int MaxWidth = 32;

    /// <summary>Decodes numbers.</summary>
    /// <param name="bytes">Encoded bytes, with <see cref="Padding"/> readable bytes behind them.</param>
    /// <param name="width">Bits of a number.</param>
    /// <param name="values">Receives the numbers.</param>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static void Decode(ReadOnlySpan<byte> bytes, int width, Span<int> values)
    {
        if (width > MaxWidth) throw new FormatException($"codes have {width} bits");
        for (var done = 0; done < values.Length;)
        {
            var header = VarInt(ref bytes);
            var count = (int)Math.Min((ulong)(values.Length - done), (header & 1) == 0 ? header >> 1 : (header >> 1) * 8);
            if (count == 0) throw new FormatException("a run of codes is empty");
            if ((header & 1) == 0)
            {
                values.Slice(done, count).Fill(Repeated(ref bytes, width));
            }
            else
            {
                var packed = (long)Math.Min((header >> 1) * (ulong)width, (ulong)bytes.Length);
                if (packed * 8 < (long)count * width) throw new FormatException("the page ends within its codes");
                Unpack(bytes, width, values.Slice(done, count));
                bytes = bytes[(int)packed..];
            }

            done += count;
        }
    }

    /// <summary>Decodes definition levels 0 and 1 to bits.</summary>
    /// <param name="bytes">Encoded bytes.</param>
    /// <param name="rows">Number of levels.</param>
    /// <param name="bits">Receives a bit for each row: 1 for a value, 0 for null. Zero at the beginning.</param>
    /// <returns>Number of values.</returns>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static int DecodeLevels(ReadOnlySpan<byte> bytes, int rows, Span<ulong> bits)
    {
        for (var done = 0; done < rows;)
        {
            var header = VarInt(ref bytes);
            var count = (int)Math.Min((ulong)(rows - done), (header & 1) == 0 ? header >> 1 : (header >> 1) * 8);
            if (count == 0) throw new FormatException("a run of levels is empty");
            if ((header & 1) == 0)
            {
                if (Repeated(ref bytes, 1) != 0) Bits.Fill(bits, done, count);
            }
            else
            {
                var packed = (int)Math.Min(header >> 1, (ulong)bytes.Length);
                if (packed * 8L < count) throw new FormatException("the page ends within its levels");
                Bits.CopyBytes(bytes[..((count + 7) / 8)], bits, done, count);
                bytes = bytes[packed..];
            }

            done += count;
        }

        return Bits.Count(bits, 0, rows);
    }

    private static void Unpack(ReadOnlySpan<byte> bytes, int width, Span<int> values)
    {
        ref var start = ref MemoryMarshal.GetReference(bytes);
        var mask = (1UL << width) - 1;
        long bit = 0;
        for (var i = 0; i < values.Length; i++, bit += width)
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, (nint)(bit >> 3)));
            values[i] = (int)((word >> (int)(bit & 7)) & mask);
        }
    }

    private static int Repeated(ref ReadOnlySpan<byte> bytes, int width)
    {
        var length = (width + 7) / 8;
        if (bytes.Length < length) throw new FormatException("the page ends within a run");
        var value = 0;
        for (var i = 0; i < length; i++) value |= bytes[i] << (8 * i);
        bytes = bytes[length..];
        return value;
    }

    private static ulong VarInt(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < bytes.Length && i < 5; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return value;
        }

        throw new FormatException("the page ends within a run");
    }
}
