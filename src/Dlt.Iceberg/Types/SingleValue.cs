using System.Buffers.Binary;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>Values as bytes, for bounds and partition summaries (Iceberg specification, "Binary single-value serialization").</summary>
public static class SingleValue
{
    private const int UuidBytes = 16;
    private const int CanonicalFloatNan = 0x7fc00000;
    private const long CanonicalDoubleNan = 0x7ff8000000000000;

    /// <summary>Encodes a value.</summary>
    /// <param name="type">Type of the value.</param>
    /// <param name="value">Value in the .NET form of the type (<see cref="PrimitiveKind"/>).</param>
    /// <returns>Null for types without such an encoding: those of format version 3, except timestamps.</returns>
    public static byte[]? Encode(PrimitiveType type, object value)
    {
        switch (type.Kind)
        {
            case PrimitiveKind.Boolean: return [(bool)value ? (byte)1 : (byte)0];
            case PrimitiveKind.Int or PrimitiveKind.Date: return Bytes(4, b => BinaryPrimitives.WriteInt32LittleEndian(b, (int)value));
            case PrimitiveKind.Float:
                var floatBits = value is float.NaN ? CanonicalFloatNan : BitConverter.SingleToInt32Bits((float)value);
                return Bytes(4, b => BinaryPrimitives.WriteInt32LittleEndian(b, floatBits));
            case PrimitiveKind.Double:
                var doubleBits = value is double.NaN ? CanonicalDoubleNan : BitConverter.DoubleToInt64Bits((double)value);
                return Bytes(8, b => BinaryPrimitives.WriteInt64LittleEndian(b, doubleBits));
            case PrimitiveKind.Decimal: return UnscaledNumber.MinimalBytes(value);
            case PrimitiveKind.String: return Encoding.UTF8.GetBytes((string)value);
            case PrimitiveKind.Uuid: return Bytes(UuidBytes, b => ((Guid)value).TryWriteBytes(b, bigEndian: true, out _));
            case PrimitiveKind.Fixed or PrimitiveKind.Binary: return (byte[])value;
            case >= PrimitiveKind.Unknown: return null;
            default: return Bytes(8, b => BinaryPrimitives.WriteInt64LittleEndian(b, (long)value));
        }
    }

    /// <summary>
    /// Decodes a value. Bounds that were written before a type promotion have the length of the older type.
    /// </summary>
    /// <param name="type">Type of the value.</param>
    /// <param name="bytes">Bytes from a manifest.</param>
    /// <param name="value">Value in the .NET form of the type (<see cref="PrimitiveKind"/>).</param>
    /// <returns>False if the bytes do not have a length that the type uses. Such a bound is unusable.</returns>
    public static bool TryDecode(PrimitiveType type, ReadOnlySpan<byte> bytes, out object? value)
    {
        value = (type.Kind, bytes.Length) switch
        {
            (PrimitiveKind.Boolean, 1) => bytes[0] != 0,
            (PrimitiveKind.Int or PrimitiveKind.Date, 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            (PrimitiveKind.Long, 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            (PrimitiveKind.Timestamp, 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes) * Micros.PerDay,
            (PrimitiveKind.TimestampNs, 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes) * Micros.PerDay * 1000,
            (PrimitiveKind.Long or PrimitiveKind.Time or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz
                or PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs, 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            (PrimitiveKind.Float, 4) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            (PrimitiveKind.Double, 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            (PrimitiveKind.Double, 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            (PrimitiveKind.Decimal, > 0) => UnscaledNumber.Read(bytes),
            (PrimitiveKind.String, _) => Encoding.UTF8.GetString(bytes),
            (PrimitiveKind.Uuid, UuidBytes) => new Guid(bytes, bigEndian: true),
            (PrimitiveKind.Binary, _) => bytes.ToArray(),
            (PrimitiveKind.Fixed, var length) when length == type.Length => bytes.ToArray(),
            _ => null,
        };
        return value is not null;
    }

    private delegate void Writer(Span<byte> bytes);

    private static byte[] Bytes(int length, Writer write)
    {
        var bytes = new byte[length];
        write(bytes);
        return bytes;
    }
}
