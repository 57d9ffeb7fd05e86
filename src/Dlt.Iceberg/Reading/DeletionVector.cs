using System.Buffers.Binary;

namespace Dlt.Iceberg;

/// <summary>
/// Reads deletion vectors of format version 3: positions of deleted rows as 64-bit Roaring bitmaps (docs/spec/iceberg.md 1.5).
/// </summary>
internal static class DeletionVector
{
    private const uint Magic = 0x6439D3D1;
    private const int NoRunCookie = 12346;
    private const int RunCookie = 12347;
    private const int NoOffsetThreshold = 4;
    private const int MaxArray = 4096;
    private const int BitsetBytes = 8192;
    private const int MaxKeys = 1 << 20;

    /// <exception cref="FormatException">The bytes are not a deletion vector.</exception>
    public static HashSet<long> Read(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < 12) throw new FormatException("a deletion vector is too short");
        var length = BinaryPrimitives.ReadInt32BigEndian(blob);
        if (length != blob.Length - 8) throw new FormatException($"a deletion vector of {blob.Length} bytes announces {length}");
        var body = blob.Slice(4, length);
        if (System.IO.Hashing.Crc32.HashToUInt32(body) != BinaryPrimitives.ReadUInt32BigEndian(blob[^4..]))
            throw new FormatException("the checksum of a deletion vector is wrong");
        if (BinaryPrimitives.ReadUInt32LittleEndian(body) != Magic)
            throw new FormatException("a deletion vector does not begin with its magic number");
        var reader = new Reader(body[4..]);
        var positions = new HashSet<long>();
        var bitmaps = reader.Long();
        if (bitmaps is < 0 or > MaxKeys) throw new FormatException($"a deletion vector announces {bitmaps} bitmaps");
        for (var i = 0L; i < bitmaps; i++)
        {
            var high = (long)reader.UInt() << 32;
            Bitmap(ref reader, high, positions);
        }

        return positions;
    }

    private static void Bitmap(ref Reader reader, long high, HashSet<long> positions)
    {
        var cookie = reader.UInt();
        var hasRuns = (cookie & 0xFFFF) == RunCookie;
        if (!hasRuns && cookie != NoRunCookie) throw new FormatException($"a bitmap begins with {cookie}");
        var containers = hasRuns ? (int)(cookie >> 16) + 1 : (int)reader.UInt();
        if (containers is < 0 or > 1 << 16) throw new FormatException($"a bitmap announces {containers} containers");
        var runs = hasRuns ? reader.Take((containers + 7) / 8) : default;
        Span<(int Key, int Cardinality)> heads = new (int, int)[containers];
        for (var i = 0; i < containers; i++) heads[i] = (reader.UShort(), reader.UShort() + 1);
        if (!hasRuns || containers >= NoOffsetThreshold) reader.Take(containers * sizeof(uint));
        for (var i = 0; i < containers; i++)
        {
            var first = high | ((long)heads[i].Key << 16);
            if (hasRuns && (runs[i / 8] & (1 << (i % 8))) != 0)
            {
                for (var run = reader.UShort(); run > 0; run--)
                {
                    int start = reader.UShort(), count = reader.UShort();
                    for (var n = 0; n <= count; n++) positions.Add(first | (long)(start + n));
                }
            }
            else if (heads[i].Cardinality <= MaxArray)
            {
                for (var n = 0; n < heads[i].Cardinality; n++) positions.Add(first | (long)reader.UShort());
            }
            else
            {
                var bits = reader.Take(BitsetBytes);
                for (var n = 0; n < BitsetBytes * 8; n++)
                    if ((bits[n / 8] & (1 << (n % 8))) != 0) positions.Add(first | (long)n);
            }
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

        public uint UInt() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

        public int UShort() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

        public ReadOnlySpan<byte> Take(int length)
        {
            if (length > _rest.Length) throw new FormatException("a deletion vector ends within its bitmaps");
            var taken = _rest[..length];
            _rest = _rest[length..];
            return taken;
        }
    }
}
