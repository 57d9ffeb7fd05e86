using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Dlt.Internal;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Form of a column's values in a Parquet file: hashes the PLAIN bytes of a value, without the length of texts (docs/spec/iceberg.md 5.1).
/// </summary>
/// <param name="Physical">Physical type of the column.</param>
/// <param name="Length">Length of values of fixed length in bytes; 0 for other types.</param>
internal readonly record struct PlainForm(PhysicalType Physical, int Length)
{
    private const int Int32Digits = 9;
    private const int Int64Digits = 18;
    private const int MaxFixedBytes = 16;
    private const int UuidBytes = 16;
    private const long NanosPerMicro = 1000;

    /// <summary>The form of a column of any writer.</summary>
    /// <param name="element">Column in the schema of the file.</param>
    /// <param name="type">Type of its field in the table.</param>
    /// <returns>Null if the values of the file are not comparable with values of the type by their bytes.</returns>
    public static PlainForm? Of(ParquetElement element, PrimitiveType type)
    {
        if (element.PhysicalType is not { } physical) return null;
        var length = (int)element.TypeLength;
        var isComparable = type.Kind switch
        {
            PrimitiveKind.Int or PrimitiveKind.Long => IsInteger(physical) && !element.IsUnsigned,
            PrimitiveKind.Float => physical == PhysicalType.Float,
            PrimitiveKind.Double => physical is PhysicalType.Float or PhysicalType.Double,
            PrimitiveKind.Date => physical == PhysicalType.Int32,
            PrimitiveKind.Time => physical == PhysicalType.Int64 && element.TimeUnitNanos == NanosPerMicro,
            PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz =>
                physical == PhysicalType.Int64 && element.TimestampUnitNanos == NanosPerMicro,
            PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs => physical == PhysicalType.Int64 && element.TimestampUnitNanos == 1,
            PrimitiveKind.Decimal => element.Scale == type.Scale
                && (IsInteger(physical) || (physical == PhysicalType.FixedLenByteArray && length is > 0 and <= MaxFixedBytes)),
            PrimitiveKind.String or PrimitiveKind.Binary => physical == PhysicalType.ByteArray,
            PrimitiveKind.Uuid => physical == PhysicalType.FixedLenByteArray && length == UuidBytes,
            PrimitiveKind.Fixed => physical == PhysicalType.FixedLenByteArray && length == type.Length,
            _ => false,
        };
        return isComparable ? new(physical, length) : null;
    }

    /// <summary>The form in files that this library writes; null for types without one.</summary>
    public static PlainForm? OfWritten(PrimitiveType type) => type.Kind switch
    {
        PrimitiveKind.Int or PrimitiveKind.Date => new(PhysicalType.Int32, 0),
        PrimitiveKind.Float => new(PhysicalType.Float, 0),
        PrimitiveKind.Double => new(PhysicalType.Double, 0),
        PrimitiveKind.Decimal when type.Precision <= Int32Digits => new(PhysicalType.Int32, 0),
        PrimitiveKind.Decimal when type.Precision <= Int64Digits => new(PhysicalType.Int64, 0),
        PrimitiveKind.Decimal => new(PhysicalType.FixedLenByteArray, UnscaledNumber.BytesOf(type.Precision)),
        PrimitiveKind.String or PrimitiveKind.Binary => new(PhysicalType.ByteArray, 0),
        PrimitiveKind.Uuid => new(PhysicalType.FixedLenByteArray, UuidBytes),
        PrimitiveKind.Fixed => new(PhysicalType.FixedLenByteArray, type.Length),
        PrimitiveKind.Boolean or >= PrimitiveKind.Unknown => null,
        _ => new(PhysicalType.Int64, 0),
    };

    /// <summary>Returns the hash that Bloom filters use for a value.</summary>
    /// <param name="value">Value in the form of <see cref="PrimitiveKind"/>, not NaN.</param>
    /// <returns>Null if the column cannot hold the value.</returns>
    public ulong? HashOf(object value)
    {
        if (value is byte[] bytes) return ParquetBloomFilter.HashOf(bytes);
        if (value is not string text)
        {
            Span<byte> plain = stackalloc byte[MaxFixedBytes];
            return TryWrite(value, plain, out var length) ? ParquetBloomFilter.HashOf(plain[..length]) : null;
        }

        var pooled = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var hash = ParquetBloomFilter.HashOf(pooled.AsSpan(0, Encoding.UTF8.GetBytes(text, pooled)));
        ArrayPool<byte>.Shared.Return(pooled);
        return hash;
    }

    private bool TryWrite(object value, Span<byte> target, out int length)
    {
        length = UuidBytes;
        switch (value)
        {
            case Guid uuid:
                return uuid.TryWriteBytes(target, bigEndian: true, out _);
            case float or double:
                return TryWriteReal(value is float real ? real : (double)value, target, out length);
            case Int128 number:
                return TryWriteNumber(number, target, out length);
            default:
                return TryWriteNumber(value is int small ? small : (long)value, target, out length);
        }
    }

    private bool TryWriteReal(double value, Span<byte> target, out int length)
    {
        if (Physical == PhysicalType.Double)
        {
            length = sizeof(double);
            BinaryPrimitives.WriteDoubleLittleEndian(target, value);
            return true;
        }

        length = sizeof(float);
        BinaryPrimitives.WriteSingleLittleEndian(target, (float)value);
        return (float)value == value;
    }

    private bool TryWriteNumber(Int128 value, Span<byte> target, out int length)
    {
        switch (Physical)
        {
            case PhysicalType.Int32:
                length = sizeof(int);
                BinaryPrimitives.WriteInt32LittleEndian(target, unchecked((int)value));
                return value >= int.MinValue && value <= int.MaxValue;
            case PhysicalType.Int64:
                length = sizeof(long);
                BinaryPrimitives.WriteInt64LittleEndian(target, unchecked((long)value));
                return value >= long.MinValue && value <= long.MaxValue;
            default:
                length = Length;
                Span<byte> all = stackalloc byte[MaxFixedBytes];
                BinaryPrimitives.WriteInt128BigEndian(all, value);
                all[(MaxFixedBytes - length)..].CopyTo(target);
                var sign = value < 0 ? byte.MaxValue : (byte)0;
                var isWhole = !all[..(MaxFixedBytes - length)].ContainsAnyExcept(sign);
                return isWhole && (target[0] & 0x80) == (sign & 0x80);
        }
    }

    private static bool IsInteger(PhysicalType physical) => physical is PhysicalType.Int32 or PhysicalType.Int64;
}
