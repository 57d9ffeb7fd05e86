using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Dlt.Iceberg.Avro;

/// <summary>Encodes values in Avro's binary format (docs/spec/iceberg.md 3.1).</summary>
internal sealed class AvroEncoder
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 12);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public int Length => _buffer.WrittenCount;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Long(long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        Span<byte> bytes = stackalloc byte[10];
        var length = 0;
        for (; rest >= 0x80; rest >>= 7) bytes[length++] = (byte)(rest | 0x80);
        bytes[length++] = (byte)rest;
        _buffer.Write(bytes[..length]);
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Float(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(sizeof(float)), value);
        _buffer.Advance(sizeof(float));
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(sizeof(double)), value);
        _buffer.Advance(sizeof(double));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Long(value.Length);
        _buffer.Write(value);
    }

    public void Raw(ReadOnlySpan<byte> value) => _buffer.Write(value);

    public void String(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    /// <summary>Writes the branch of a union of null and another type.</summary>
    /// <returns>True if the value follows.</returns>
    public bool Optional(bool hasValue)
    {
        Long(hasValue ? 1 : 0);
        return hasValue;
    }

    private void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }
}
