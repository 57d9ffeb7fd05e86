using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dlt.Parquet.Encodings;

/// <summary>Encodes numbers as PLAIN: four or eight bytes, little-endian; fixed-length decimals are big-endian and signed.</summary>
internal static class PlainNumbers
{
    private const int WideBytes = 16;
    private const int BitsPerByte = 8;

    /// <summary>Returns the bytes of a value in the file.</summary>
    public static int Width(ParquetColumn column) => column.PhysicalType switch
    {
        PhysicalType.Int32 => sizeof(int),
        PhysicalType.FixedLenByteArray => column.TypeLength,
        _ => sizeof(long),
    };

    /// <param name="page">Page to write to.</param>
    /// <param name="values">Values in the unit of the file; doubles as bits.</param>
    /// <param name="column">Column of type INT32, INT64, DOUBLE, or a fixed-length decimal.</param>
    public static void Write(PageBuffer page, ReadOnlySpan<long> values, ParquetColumn column)
    {
        switch (column.PhysicalType)
        {
            case PhysicalType.Int32:
                var narrow = MemoryMarshal.Cast<byte, int>(page.GetSpan(values.Length * sizeof(int)));
                for (var i = 0; i < values.Length; i++) narrow[i] = (int)values[i];
                page.Advance(values.Length * sizeof(int));
                break;
            case PhysicalType.FixedLenByteArray:
                WriteFixed(page, values, column.TypeLength);
                break;
            default:
                page.WriteBytes(MemoryMarshal.AsBytes(values));
                break;
        }
    }

    /// <summary>Writes decimals that exceed 64 bits.</summary>
    public static void Write(PageBuffer page, ReadOnlySpan<Int128> values, int length)
    {
        Span<byte> all = stackalloc byte[WideBytes];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt128BigEndian(all, value);
            page.WriteBytes(all[(WideBytes - length)..]);
        }
    }

    /// <summary>Returns one value in the form of statistics.</summary>
    public static byte[] Bytes(long value, ParquetColumn column)
    {
        var bytes = new byte[Width(column)];
        switch (column.PhysicalType)
        {
            case PhysicalType.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
                break;
            case PhysicalType.FixedLenByteArray:
                for (var i = bytes.Length - 1; i >= 0; i--, value >>= BitsPerByte) bytes[i] = (byte)value;
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
                break;
        }

        return bytes;
    }

    /// <summary>Returns a decimal of any size in the form of statistics.</summary>
    public static byte[] DecimalBytes(Int128 value, int length)
    {
        Span<byte> all = stackalloc byte[WideBytes];
        BinaryPrimitives.WriteInt128BigEndian(all, value);
        return all[(WideBytes - length)..].ToArray();
    }

    private static void WriteFixed(PageBuffer page, ReadOnlySpan<long> values, int length)
    {
        var span = page.GetSpan((values.Length * length) + WideBytes);
        ref var start = ref MemoryMarshal.GetReference(span);
        var lead = Math.Max(length - sizeof(long), 0);
        for (var i = 0; i < values.Length; i++)
        {
            ref var target = ref Unsafe.Add(ref start, i * length);
            for (var b = 0; b < lead; b++) Unsafe.Add(ref target, b) = (byte)(values[i] >> 63);
            var shifted = length < sizeof(long) ? values[i] << (8 * (sizeof(long) - length)) : values[i];
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, lead), BinaryPrimitives.ReverseEndianness(shifted));
        }

        page.Advance(values.Length * length);
    }
}
