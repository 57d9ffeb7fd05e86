using System.Buffers.Binary;
using System.IO.Hashing;

namespace Dlt.Iceberg;

/// <summary>
/// Writes deletion vectors of format version 3: 64-bit Roaring bitmaps with length and checksum (docs/spec/iceberg.md 1.5).
/// </summary>
internal static class VectorBytes
{
    private const uint Magic = 0x6439D3D1;
    private const uint NoRunCookie = 12346;
    private const int MaxArray = 4096;
    private const int BitsetBytes = 8192;

    /// <summary>Returns the bytes of a vector.</summary>
    /// <param name="positions">Positions of the deleted rows, ascending, each once.</param>
    public static byte[] Of(IReadOnlyList<long> positions)
    {
        using var body = new MemoryStream();
        UInt(body, Magic);
        var bitmaps = positions.GroupBy(p => p >> 32).ToList();
        Long(body, bitmaps.Count);
        foreach (var bitmap in bitmaps)
        {
            UInt(body, (uint)bitmap.Key);
            Bitmap(body, [.. bitmap.GroupBy(p => (int)(p >> 16) & 0xFFFF, p => (int)p & 0xFFFF)]);
        }

        var content = body.ToArray();
        var framed = new byte[content.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(framed, content.Length);
        content.CopyTo(framed, 4);
        BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(content.Length + 4), Crc32.HashToUInt32(content));
        return framed;
    }

    private static void Bitmap(MemoryStream body, List<IGrouping<int, int>> containers)
    {
        var cardinalities = containers.ConvertAll(c => c.Count());
        UInt(body, NoRunCookie);
        UInt(body, (uint)containers.Count);
        for (var i = 0; i < containers.Count; i++)
        {
            UShort(body, containers[i].Key);
            UShort(body, cardinalities[i] - 1);
        }

        // Offsets count from the cookie.
        var offset = 8 + (containers.Count * 8);
        foreach (var cardinality in cardinalities)
        {
            UInt(body, (uint)offset);
            offset += cardinality <= MaxArray ? cardinality * sizeof(ushort) : BitsetBytes;
        }

        for (var i = 0; i < containers.Count; i++) Container(body, containers[i], cardinalities[i] <= MaxArray);
    }

    private static void Container(MemoryStream body, IEnumerable<int> values, bool isArray)
    {
        if (isArray)
        {
            foreach (var value in values) UShort(body, value);
            return;
        }

        var bits = new byte[BitsetBytes];
        foreach (var value in values) bits[value / 8] |= (byte)(1 << (value % 8));
        body.Write(bits);
    }

    private static void Long(MemoryStream body, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        body.Write(bytes);
    }

    private static void UInt(MemoryStream body, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        body.Write(bytes);
    }

    private static void UShort(MemoryStream body, int value)
    {
        body.WriteByte((byte)value);
        body.WriteByte((byte)(value >> 8));
    }
}
