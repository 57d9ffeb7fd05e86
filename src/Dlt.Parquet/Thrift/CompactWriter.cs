using System.Buffers;
using System.Text;

namespace Dlt.Parquet.Thrift;

/// <summary>Writes the part of Thrift's compact protocol that Parquet footers and page headers use.</summary>
internal sealed class CompactWriter(IBufferWriter<byte> output)
{
    private const byte TypeTrue = 1;
    private const byte TypeFalse = 2;
    private const byte TypeI32 = 5;
    private const byte TypeI64 = 6;
    private const byte TypeBinary = 8;
    private const byte TypeList = 9;
    private const byte TypeStruct = 12;

    private readonly Stack<short> _outer = new();
    private short _lastField;

    public void I32(short field, int value)
    {
        Header(field, TypeI32);
        ZigZag(value);
    }

    public void I64(short field, long value)
    {
        Header(field, TypeI64);
        ZigZag(value);
    }

    public void I8(short field, sbyte value)
    {
        Header(field, 3);
        Byte((byte)value);
    }

    public void Bool(short field, bool value) => Header(field, value ? TypeTrue : TypeFalse);

    public void Text(short field, string value) => Binary(field, Encoding.UTF8.GetBytes(value));

    public void Binary(short field, ReadOnlySpan<byte> value)
    {
        Header(field, TypeBinary);
        BinaryElement(value);
    }

    public void BeginStruct(short field)
    {
        Header(field, TypeStruct);
        BeginElement();
    }

    /// <summary>Starts a struct that is a list element or the message itself.</summary>
    public void BeginElement()
    {
        _outer.Push(_lastField);
        _lastField = 0;
    }

    public void EndStruct()
    {
        Byte(0);
        _lastField = _outer.Pop();
    }

    public void EmptyStruct(short field)
    {
        BeginStruct(field);
        EndStruct();
    }

    public void BeginStructList(short field, int count) => BeginList(field, count, TypeStruct);

    public void I32List(short field, ReadOnlySpan<int> values)
    {
        BeginList(field, values.Length, TypeI32);
        foreach (var value in values) ZigZag(value);
    }

    public void I64List(short field, IReadOnlyCollection<long> values)
    {
        BeginList(field, values.Count, TypeI64);
        foreach (var value in values) ZigZag(value);
    }

    /// <summary>Writes a list of booleans, each as one byte: 1 or 2.</summary>
    public void BoolList(short field, IReadOnlyCollection<bool> values)
    {
        BeginList(field, values.Count, TypeTrue);
        foreach (var value in values) Byte(value ? TypeTrue : TypeFalse);
    }

    public void BinaryList(short field, IReadOnlyCollection<byte[]> values)
    {
        BeginList(field, values.Count, TypeBinary);
        foreach (var value in values) BinaryElement(value);
    }

    public void TextList(short field, IReadOnlyList<string> values)
    {
        BeginList(field, values.Count, TypeBinary);
        foreach (var value in values) BinaryElement(Encoding.UTF8.GetBytes(value));
    }

    private void BeginList(short field, int count, byte type)
    {
        Header(field, TypeList);
        if (count < 15)
        {
            Byte((byte)((count << 4) | type));
            return;
        }

        Byte((byte)(0xF0 | type));
        VarInt((ulong)count);
    }

    private void BinaryElement(ReadOnlySpan<byte> value)
    {
        VarInt((ulong)value.Length);
        output.Write(value);
    }

    private void Header(short field, byte type)
    {
        var delta = field - _lastField;
        if (delta is > 0 and <= 15)
        {
            Byte((byte)((delta << 4) | type));
        }
        else
        {
            Byte(type);
            ZigZag(field);
        }

        _lastField = field;
    }

    private void ZigZag(long value) => VarInt((ulong)((value << 1) ^ (value >> 63)));

    private void VarInt(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
