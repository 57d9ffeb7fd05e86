using System.Buffers;

namespace Dlt.Parquet.Thrift;

/// <summary>Reads and writes any struct of the compact protocol, so one field can be changed while all other fields are kept.</summary>
internal ref struct CompactTree(ReadOnlySpan<byte> bytes)
{
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <exception cref="FormatException">The bytes are not a valid struct.</exception>
    public static ThriftStruct Read(ReadOnlySpan<byte> bytes) => Read(bytes, out _);

    /// <summary>Reads a struct at the beginning of the bytes.</summary>
    /// <param name="bytes">The struct and any bytes behind it.</param>
    /// <param name="length">Number of bytes of the struct.</param>
    /// <exception cref="FormatException">The bytes are not a valid struct, or end within it.</exception>
    public static ThriftStruct Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var reader = new CompactTree(bytes);
        var result = reader.Struct(0);
        length = reader._at;
        return result;
    }

    public static void Write(IBufferWriter<byte> output, ThriftStruct value)
    {
        short last = 0;
        foreach (var (field, member) in value.Fields)
        {
            var delta = field - last;
            if (delta is > 0 and <= 15)
            {
                Byte(output, (byte)((delta << 4) | (byte)member.Type));
            }
            else
            {
                Byte(output, (byte)member.Type);
                VarInt(output, ZigZag(field));
            }

            last = field;
            if (member.Type is not (ThriftType.True or ThriftType.False)) Write(output, member);
        }

        Byte(output, 0);
    }

    private static void Write(IBufferWriter<byte> output, ThriftValue value)
    {
        switch (value.Type)
        {
            case ThriftType.True or ThriftType.False:
                Byte(output, (byte)value.Type);
                break;
            case ThriftType.Byte:
                Byte(output, (byte)value.Long);
                break;
            case ThriftType.Double:
                output.Write(value.Bytes);
                break;
            case ThriftType.Binary:
                VarInt(output, (ulong)value.Bytes.Length);
                output.Write(value.Bytes);
                break;
            case ThriftType.List or ThriftType.Set:
                var list = value.List;
                if (list.Items.Count < 15)
                {
                    Byte(output, (byte)((list.Items.Count << 4) | (byte)list.ElementType));
                }
                else
                {
                    Byte(output, (byte)(0xF0 | (byte)list.ElementType));
                    VarInt(output, (ulong)list.Items.Count);
                }

                foreach (var item in list.Items) Write(output, item);
                break;
            case ThriftType.Struct:
                Write(output, value.Struct);
                break;
            case ThriftType.Map: throw new NotSupportedException("Maps are not supported, because footers have none.");
            default:
                VarInt(output, ZigZag(value.Long));
                break;
        }
    }

    private ThriftStruct Struct(int depth)
    {
        if (depth > MaxDepth) throw new FormatException("structs are nested too deep");
        var result = new ThriftStruct();
        for (short field = 0; ;)
        {
            var head = Byte();
            if (head == 0) return result;
            field = (head >> 4) is var delta and > 0 ? (short)(field + delta) : (short)UnZigZag(VarInt());
            result.Fields[field] = Value((ThriftType)(head & 0x0F), depth + 1, isField: true);
        }
    }

    private ThriftValue Value(ThriftType type, int depth, bool isField)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False: return isField ? new(type, null) : new((ThriftType)Byte(), null);
            case ThriftType.Byte: return new(type, (long)(sbyte)Byte());
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64: return new(type, UnZigZag(VarInt()));
            case ThriftType.Double: return new(type, Take(8).ToArray());
            case ThriftType.Binary: return new(type, Take((long)VarInt()).ToArray());
            case ThriftType.List or ThriftType.Set:
                var head = Byte();
                var count = head >> 4 is var small and < 15 ? small : (long)VarInt();
                if (count < 0 || count > _bytes.Length - _at) throw new FormatException($"a list declares {count} items");
                var items = new List<ThriftValue>((int)count);
                for (var i = 0; i < count; i++) items.Add(Value((ThriftType)(head & 0x0F), depth, isField: false));
                return new(type, new ThriftList((ThriftType)(head & 0x0F), items));
            case ThriftType.Struct: return new(type, Struct(depth));
            default: throw new FormatException($"the type {(byte)type} is unknown");
        }
    }

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > _bytes.Length - _at) throw new FormatException("a value exceeds the end of the footer");
        var taken = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }

    private byte Byte() => _at < _bytes.Length ? _bytes[_at++] : throw new FormatException("the footer ends within a value");

    private ulong VarInt()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }

        throw new FormatException("a number has more than ten bytes");
    }

    private static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static void Byte(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private static void VarInt(IBufferWriter<byte> output, ulong value)
    {
        for (; value >= 0x80; value >>= 7) Byte(output, (byte)(value | 0x80));
        Byte(output, (byte)value);
    }
}
