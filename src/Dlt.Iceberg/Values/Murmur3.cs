using System.Buffers.Binary;
using System.Numerics;

namespace Dlt.Iceberg;

/// <summary>The 32-bit Murmur3 hash (x86 variant, seed 0; docs/spec/iceberg.md 4.2).</summary>
internal static class Murmur3
{
    private const uint C1 = 0xcc9e2d51;
    private const uint C2 = 0x1b873593;

    public static int Hash(ReadOnlySpan<byte> bytes)
    {
        var h = 0u;
        var rest = bytes;
        for (; rest.Length >= 4; rest = rest[4..])
        {
            h ^= Mix(BinaryPrimitives.ReadUInt32LittleEndian(rest));
            h = BitOperations.RotateLeft(h, 13) * 5 + 0xe6546b64;
        }

        var tail = 0u;
        for (var i = rest.Length - 1; i >= 0; i--) tail = (tail << 8) | rest[i];
        if (rest.Length > 0) h ^= Mix(tail);
        h ^= (uint)bytes.Length;
        h = (h ^ (h >> 16)) * 0x85ebca6b;
        h = (h ^ (h >> 13)) * 0xc2b2ae35;
        return (int)(h ^ (h >> 16));
    }

    public static int Hash(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Hash(bytes);
    }

    private static uint Mix(uint k) => BitOperations.RotateLeft(k * C1, 15) * C2;
}
