using System.Buffers.Binary;
using System.ComponentModel;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using Dlt.Parquet;
using Dlt.Parquet.Thrift;

namespace Dlt.Internal;

/// <summary>
/// Bloom filter of a column in a row group: proves that a value is absent (Parquet format, BloomFilter.md: split blocks, XXH64). Safe for
/// concurrent use after the last <see cref="Add"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ParquetBloomFilter
{
    private const int BlockWords = 8;
    private const int BlockBytes = 32;
    private const int KeyBits = 27;
    private const int HighestBytes = 128 << 20;
    private const short SizeField = 1;
    private const short AlgorithmField = 2;
    private const short HashField = 3;
    private const short CompressionField = 4;

    private readonly uint[] _words;

    private ParquetBloomFilter(uint[] words) => _words = words;

    private static ReadOnlySpan<uint> Salt =>
    [
        0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31,
    ];

    /// <summary>Creates an empty filter.</summary>
    /// <param name="values">Number of distinct values, or a number above it.</param>
    /// <param name="options">Wanted rate of false positives and the maximum size.</param>
    public static ParquetBloomFilter Create(long values, BloomFilterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var bits = -BlockWords * Math.Max(1, values) / Math.Log(1 - Math.Pow(options.FalsePositiveRate, 1.0 / BlockWords));
        var bytes = BitOperations.RoundUpToPowerOf2((ulong)Math.Min(Math.Ceiling(bits / 8), HighestBytes));
        var most = 1u << BitOperations.Log2((uint)options.MaxBytes);
        return new(new uint[Math.Clamp(bytes, BlockBytes, most) / sizeof(uint)]);
    }

    /// <summary>Reads a filter with its header.</summary>
    /// <param name="bytes">Bytes from the offset of the filter on. Bytes after the filter are ignored.</param>
    /// <returns>The filter, or the number of bytes that it needs; no filter and 0 if its algorithm is not known.</returns>
    /// <exception cref="FormatException">The bytes are not a filter.</exception>
    public static (ParquetBloomFilter? Filter, int NeededBytes) Read(ReadOnlySpan<byte> bytes)
    {
        var header = CompactTree.Read(bytes, out var start);
        var size = header.RequiredLong(SizeField);
        if (size is < BlockBytes or > HighestBytes || size % BlockBytes != 0)
            throw new FormatException($"a Bloom filter states a size of {size} bytes");
        var isKnown = IsFirst(header, AlgorithmField) && IsFirst(header, HashField) && IsFirst(header, CompressionField);
        if (!isKnown) return (null, 0);
        var end = start + (int)size;
        if (bytes.Length < end) return (null, end);
        var words = new uint[size / sizeof(uint)];
        bytes[start..end].CopyTo(MemoryMarshal.AsBytes(words.AsSpan()));
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(words, words);
        return (new(words), end);
    }

    /// <summary>Returns the hash of a value. It is the same for all filters.</summary>
    /// <param name="value">PLAIN bytes, without the length of texts.</param>
    public static ulong HashOf(ReadOnlySpan<byte> value) => XxHash64.HashToUInt64(value);

    /// <summary>Adds a value by its hash.</summary>
    public void Add(ulong hash)
    {
        var block = BlockOf(hash);
        for (var i = 0; i < BlockWords; i++) block[i] |= Mask((uint)hash, i);
    }

    /// <summary>False only if no value with this hash was added.</summary>
    public bool MayContain(ulong hash)
    {
        var block = BlockOf(hash);
        for (var i = 0; i < BlockWords; i++)
            if ((block[i] & Mask((uint)hash, i)) == 0) return false;
        return true;
    }

    /// <summary>Returns the bytes of the filter with its header.</summary>
    public byte[] ToArray()
    {
        var target = new PageBuffer();
        var thrift = new CompactWriter(target);
        thrift.BeginElement();
        thrift.I32(SizeField, _words.Length * sizeof(uint));
        foreach (var union in new[] { AlgorithmField, HashField, CompressionField })
        {
            thrift.BeginStruct(union);
            thrift.EmptyStruct(1);
            thrift.EndStruct();
        }

        thrift.EndStruct();
        if (BitConverter.IsLittleEndian) target.WriteBytes(MemoryMarshal.AsBytes<uint>(_words));
        else AppendReversed(target);
        return target.Written.ToArray();
    }

    private void AppendReversed(PageBuffer target)
    {
        foreach (var word in _words) target.WriteInt32((int)BinaryPrimitives.ReverseEndianness(word));
    }

    private static bool IsFirst(ThriftStruct header, short union) => header.Struct(union)?[1] is not null;

    private static uint Mask(uint key, int word) => 1u << (int)((key * Salt[word]) >> KeyBits);

    private Span<uint> BlockOf(ulong hash)
    {
        var blocks = (ulong)(_words.Length / BlockWords);
        var block = (int)(((hash >> 32) * blocks) >> 32);
        return _words.AsSpan(block * BlockWords, BlockWords);
    }
}
