using System.Buffers.Binary;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>Numbers that order values and show how far apart they are.</summary>
internal static class ValueCode
{
    private const int Bytes = 16;

    /// <summary>
    /// Returns the number of a value. A smaller value of the same type (<see cref="ValueOrder"/>) never has a greater number. Zeros of both
    /// signs have the same number, and so have texts and binary values with the same first 16 bytes.
    /// </summary>
    /// <param name="value">A value in the .NET form of <see cref="PrimitiveKind"/>, not NaN.</param>
    public static UInt128 Of(object value) => value switch
    {
        bool flag => flag ? UInt128.One : UInt128.Zero,
        int number => Of((Int128)number),
        long number => Of((Int128)number),
        Int128 number => Of(number),
        float number => Of((double)number),
        double number => Of(number),
        string text => OfText(text),
        byte[] bytes => OfPrefix(bytes.AsSpan(0, Math.Min(bytes.Length, Bytes))),
        Guid id => OfGuid(id),
        _ => throw new ArgumentException($"A {value.GetType().Name} cannot be part of a key."),
    };

    private static UInt128 Of(Int128 number) => (UInt128)number ^ (UInt128.One << 127);

    private static UInt128 Of(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number == 0 ? 0.0 : number);
        return (ulong)(bits < 0 ? ~bits : bits | long.MinValue);
    }

    private static UInt128 OfText(string text)
    {
        // One character more, so the last of the 16 bytes does not come from half of a surrogate pair.
        var start = text.AsSpan(0, Math.Min(text.Length, Bytes + 1));
        Span<byte> bytes = stackalloc byte[(Bytes + 1) * 3];
        var length = Encoding.UTF8.GetBytes(start, bytes);
        return OfPrefix(bytes[..Math.Min(length, Bytes)]);
    }

    private static UInt128 OfPrefix(ReadOnlySpan<byte> prefix)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes.Clear();
        prefix.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static UInt128 OfGuid(Guid id)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
