using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Dlt.Parquet.Reading;

/// <summary>Finds the decoder of a column of a file for the type of its values.</summary>
internal static class Decoders
{
    private const long NanosPerMicro = 1000;
    private const int MaxDecimalBytes = 16;

    private static readonly bool[] Flags = [false, true];

    /// <summary>Returns a decoder; null when values of the file's column need a conversion that is not supported.</summary>
    /// <param name="file">Column in the file.</param>
    /// <param name="type">Type of the buffers that receive the values.</param>
    public static ValueDecoder? Of(ParquetElement file, ColumnType type)
    {
        var hasUnit = file.TimestampUnitNanos is not null || file.TimeUnitNanos is not null;
        var isWhole = !file.IsUnsigned && !hasUnit && file.Scale == 0;
        switch (type.DataType, file.PhysicalType)
        {
            case (DataType.Bool, PhysicalType.Boolean):
                return new FixedDecoder<bool>(1, (_, values) => Flags.CopyTo(values));
            case (DataType.Bigint, PhysicalType.Int32) when isWhole: return Longs32();
            case (DataType.Bigint, PhysicalType.Int64) when isWhole && type.IntegerBits == 64: return Longs64();
            case (DataType.Timestamp, PhysicalType.Int64) when file.TimestampUnitNanos == NanosPerMicro && type.FractionDigits == 6:
                return Longs64();
            case (DataType.Time, PhysicalType.Int64) when file.TimeUnitNanos == NanosPerMicro && type.FractionDigits == 6:
                return Longs64();
            case (DataType.Date, PhysicalType.Int32) when isWhole:
                return new FixedDecoder<int>(sizeof(int), (bytes, values) => MemoryMarshal.Cast<byte, int>(bytes).CopyTo(values));
            case (DataType.Double, PhysicalType.Double):
                return new FixedDecoder<double>(sizeof(double), (bytes, values) => MemoryMarshal.Cast<byte, double>(bytes).CopyTo(values));
            case (DataType.Double, PhysicalType.Float): return new FixedDecoder<double>(sizeof(float), Floats);
            case (DataType.Decimal, _) when file.Scale == type.Scale: return DecimalOf(file);
            case (DataType.Text, PhysicalType.ByteArray) or (DataType.Binary, PhysicalType.ByteArray)
                when type.FixedBytes == 0 && file.Scale == 0:
                return new BytesDecoder(0);
            case (DataType.Binary, PhysicalType.FixedLenByteArray) when type.FixedBytes > 0 && type.FixedBytes == file.TypeLength:
                return new BytesDecoder(type.FixedBytes);
            default: return null;
        }
    }

    private static FixedDecoder<long> Longs64() =>
        new(sizeof(long), (bytes, values) => MemoryMarshal.Cast<byte, long>(bytes).CopyTo(values));

    private static FixedDecoder<long> Longs32() => new(sizeof(int), (bytes, values) =>
    {
        var narrow = MemoryMarshal.Cast<byte, int>(bytes);
        for (var i = 0; i < values.Length; i++) values[i] = narrow[i];
    });

    private static void Floats(ReadOnlySpan<byte> bytes, Span<double> values)
    {
        var narrow = MemoryMarshal.Cast<byte, float>(bytes);
        for (var i = 0; i < values.Length; i++) values[i] = narrow[i];
    }

    private static FixedDecoder<Int128>? DecimalOf(ParquetElement file) => file.PhysicalType switch
    {
        PhysicalType.Int32 => new(sizeof(int), (bytes, values) =>
        {
            var narrow = MemoryMarshal.Cast<byte, int>(bytes);
            for (var i = 0; i < values.Length; i++) values[i] = narrow[i];
        }),
        PhysicalType.Int64 => new(sizeof(long), (bytes, values) =>
        {
            var narrow = MemoryMarshal.Cast<byte, long>(bytes);
            for (var i = 0; i < values.Length; i++) values[i] = narrow[i];
        }),
        PhysicalType.FixedLenByteArray when file.TypeLength is > 0 and <= MaxDecimalBytes => BigEndian((int)file.TypeLength),
        _ => null,
    };

    private static FixedDecoder<Int128> BigEndian(int length) => new(length, (bytes, values) =>
    {
        Span<byte> all = stackalloc byte[MaxDecimalBytes];
        for (var i = 0; i < values.Length; i++)
        {
            var value = bytes.Slice(i * length, length);
            all[..(MaxDecimalBytes - length)].Fill((byte)((sbyte)value[0] >> 7));
            value.CopyTo(all[(MaxDecimalBytes - length)..]);
            values[i] = BinaryPrimitives.ReadInt128BigEndian(all);
        }
    });
}
