using System.Buffers.Binary;
using System.Numerics;

namespace Dlt.Iceberg;

/// <summary>Numbers of decimals without their point, as bytes in two's complement, the highest byte first.</summary>
internal static class UnscaledNumber
{
    private const int MaxBytes = 16;

    /// <summary>The fewest bytes that hold a number.</summary>
    public static byte[] MinimalBytes(Int128 value)
    {
        Span<byte> all = stackalloc byte[MaxBytes];
        BinaryPrimitives.WriteInt128BigEndian(all, value);
        var start = 0;
        var sign = value < 0 ? (byte)0xFF : (byte)0;
        while (start < MaxBytes - 1 && all[start] == sign && (all[start + 1] & 0x80) == (sign & 0x80)) start++;
        return all[start..].ToArray();
    }

    /// <summary>Reads a number of any length: an <see cref="Int128"/>, or null when it does not fit into 128 bits.</summary>
    public static object? Read(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(bytes, isUnsigned: false, isBigEndian: true);
        return number >= (BigInteger)Int128.MinValue && number <= (BigInteger)Int128.MaxValue ? (Int128)number : null;
    }

    /// <summary>The fewest bytes that hold every number of so many digits (docs/spec/iceberg.md 3.5).</summary>
    /// <param name="precision">1 to 38.</param>
    public static int BytesOf(int precision)
    {
        var limit = BigInteger.Pow(10, precision);
        var bytes = 1;
        while (BigInteger.Pow(2, 8 * bytes - 1) <= limit - 1) bytes++;
        return bytes;
    }
}
