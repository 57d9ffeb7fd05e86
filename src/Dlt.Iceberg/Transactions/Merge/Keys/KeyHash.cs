using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>
/// Hashes keys to 128 bits, with a seed that is random for each process. Two of a million keys have the same hash with a probability below
/// 2⁻⁸⁸, and nobody can choose such keys. Integers of different sizes have the same hash, and so have -0 and 0.
/// </summary>
internal static class KeyHash
{
    private static readonly long Seed = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long)));

    /// <summary>Hashes a number: a boolean, an integer, or a date or time in its unit.</summary>
    public static UInt128 Of(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Of(bytes);
    }

    /// <summary>Hashes a binary floating-point number.</summary>
    public static UInt128 Of(double value) => Of(Bits(value));

    /// <summary>Hashes an unscaled decimal.</summary>
    public static UInt128 Of(Int128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt128LittleEndian(bytes, value);
        return Of(bytes);
    }

    /// <summary>Hashes bytes, or a text in UTF-8.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> bytes) => XxHash128.HashToUInt128(bytes, Seed);

    /// <summary>Hashes the key of several columns from the hashes of their values.</summary>
    /// <param name="hash">Hash of the columns before.</param>
    /// <param name="next">Hash of the next column.</param>
    public static UInt128 Combine(UInt128 hash, UInt128 next)
    {
        Span<byte> bytes = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, hash);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], next);
        return Of(bytes);
    }

    /// <summary>Hashes a value in the .NET form of <see cref="PrimitiveKind"/>.</summary>
    public static UInt128 Of(object value) => value switch
    {
        bool flag => Of(flag ? 1L : 0L),
        int number => Of((long)number),
        long number => Of(number),
        float number => Of((double)number),
        double number => Of(number),
        Int128 number => Of(number),
        string text => OfText(text),
        byte[] bytes => Of(bytes.AsSpan()),
        Guid id => OfGuid(id),
        _ => throw new ArgumentException($"A {value.GetType().Name} cannot be part of a key."),
    };

    private static long Bits(double value) =>
        double.IsNaN(value) ? long.MinValue + 1 : BitConverter.DoubleToInt64Bits(value == 0 ? 0.0 : value);

    private static UInt128 OfText(string text)
    {
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var bytes = length <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(length);
        var hash = Of(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    private static UInt128 OfGuid(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Of(bytes);
    }
}
