using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dlt.Iceberg;

/// <summary>Unscaled numbers of decimals as big-endian bytes in two's complement.</summary>
/// <remarks>
/// Numbers are passed boxed: a method with values of <see cref="Int128"/> is not compiled ahead of time, nor are the methods that only
/// it calls.
/// </remarks>
internal static class UnscaledNumber
{
    private const int MaxBytes = 16;

    /// <summary>Returns a number in the .NET form of decimals, an <see cref="Int128"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static object Of(long number) => (Int128)number;

    /// <summary>Encodes an <see cref="Int128"/> with as few bytes as possible.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte[] MinimalBytes(object unscaled)
    {
        var value = (Int128)unscaled;
        Span<byte> all = stackalloc byte[MaxBytes];
        BinaryPrimitives.WriteInt128BigEndian(all, value);
        var start = 0;
        var sign = value < 0 ? (byte)0xFF : (byte)0;
        while (start < MaxBytes - 1 && all[start] == sign && (all[start + 1] & 0x80) == (sign & 0x80)) start++;
        return all[start..].ToArray();
    }

    /// <summary>Encodes an <see cref="Int128"/> with a given number of bytes, which must hold it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte[] Bytes(object unscaled, int length)
    {
        Span<byte> all = stackalloc byte[MaxBytes];
        BinaryPrimitives.WriteInt128BigEndian(all, (Int128)unscaled);
        return all[^length..].ToArray();
    }

    /// <summary>Decodes a number of any length to an <see cref="Int128"/>; null if it does not fit into 128 bits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static object? Read(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(bytes, isUnsigned: false, isBigEndian: true);
        return number >= (BigInteger)Int128.MinValue && number <= (BigInteger)Int128.MaxValue ? (Int128)number : null;
    }

    /// <summary>The smallest number of bytes that holds every number with this many digits (docs/spec/iceberg.md 3.5).</summary>
    /// <param name="precision">Number of digits, 1 to 38.</param>
    public static int BytesOf(int precision)
    {
        var limit = BigInteger.Pow(10, precision);
        var bytes = 1;
        while (BigInteger.Pow(2, 8 * bytes - 1) <= limit - 1) bytes++;
        return bytes;
    }
}
