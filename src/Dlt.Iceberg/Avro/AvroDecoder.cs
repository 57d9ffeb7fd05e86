using System.Buffers.Binary;
using System.Text;

namespace Dlt.Iceberg.Avro;

/// <summary>Decodes values of a block. It checks lengths and counts against the remaining bytes.</summary>
internal ref struct AvroDecoder(ReadOnlySpan<byte> block)
{
    private const int MaxDepth = 64;
    private const int MaxEmptyItems = 1 << 16;

    private readonly ReadOnlySpan<byte> _block = block;

    /// <summary>
    /// True if a fixed without a logical type is preceded by its length. The Java library writes partition values so, in conflict with the
    /// schema of its own file.
    /// </summary>
    public bool HasPrefixedFixed { get; init; }

    /// <summary>Number of bytes read.</summary>
    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position == _block.Length;

    /// <summary>
    /// Decodes a value to bool, int, long, float, double, byte[], string, Int128 for decimals, or Guid. Lists become List, maps lists of
    /// pairs, records <see cref="AvroRecord"/>.
    /// </summary>
    /// <exception cref="FormatException">The bytes are not a value of the type.</exception>
    public object? Read(AvroType type) => Read(type, 0);

    public long ReadLong()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return (long)(value >> 1) ^ -(long)(value & 1);
        }

        throw new FormatException("a number is longer than ten bytes");
    }

    public ReadOnlySpan<byte> ReadBytes() => Take(ReadLong());

    public ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > _block.Length - Position)
            throw new FormatException($"{length} bytes are announced, and {_block.Length - Position} are left");
        var bytes = _block.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    private object? Read(AvroType type, int depth)
    {
        if (depth > MaxDepth) throw new FormatException($"values are nested more than {MaxDepth} levels deep");
        switch (type)
        {
            case AvroPrimitive primitive: return Primitive(primitive);
            case AvroUnion union:
                var branch = ReadLong();
                if (branch < 0 || branch >= union.Branches.Length)
                    throw new FormatException($"branch {branch} of a union with {union.Branches.Length}");
                return Read(union.Branches[(int)branch], depth + 1);
            case AvroRecordType record:
                var values = new object?[record.Fields.Length];
                for (var i = 0; i < values.Length; i++) values[i] = Read(record.Fields[i].Type, depth + 1);
                return new AvroRecord(record, values);
            case AvroFixed fixedType: return Fixed(fixedType);
            case AvroArray array: return Items(array, depth);
            case AvroMap map: return Pairs(map, depth);
            default:
                var symbols = ((AvroEnum)type).Symbols;
                var at = ReadLong();
                return at >= 0 && at < symbols.Length
                    ? symbols[(int)at] : throw new FormatException($"symbol {at} of an enum with {symbols.Length}");
        }
    }

    private object? Primitive(AvroPrimitive type)
    {
        switch (type.Kind)
        {
            case AvroKind.Null: return null;
            case AvroKind.Boolean: return Byte() switch { 0 => false, 1 => true, var b => throw new FormatException($"a boolean is {b}") };
            case AvroKind.Int:
                var number = ReadLong();
                return number is >= int.MinValue and <= int.MaxValue ? (int)number : throw new FormatException($"{number} is not an int");
            case AvroKind.Long: return ReadLong();
            case AvroKind.Float: return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
            case AvroKind.Double: return BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));
            case AvroKind.String:
                var text = ReadBytes();
                return Encoding.UTF8.GetString(text);
            default:
                var bytes = ReadBytes();
                return type.LogicalType == "decimal" ? Unscaled(bytes) : bytes.ToArray();
        }
    }

    private object Fixed(AvroFixed type)
    {
        if (HasPrefixedFixed && type.LogicalType is null && ReadLong() is var length && length != type.Size)
            throw new FormatException($"a fixed of {type.Size} bytes announces {length}");
        var bytes = Take(type.Size);
        return type.LogicalType switch
        {
            "decimal" => Unscaled(bytes),
            "uuid" when type.Size == 16 => new Guid(bytes, bigEndian: true),
            _ => bytes.ToArray(),
        };
    }

    private static object Unscaled(ReadOnlySpan<byte> bytes) =>
        UnscaledNumber.Read(bytes) ?? throw new FormatException("a decimal has more than 38 digits");

    private object Items(AvroArray array, int depth)
    {
        var items = new List<object?>();
        for (var count = Count(); count > 0; count = Count())
        {
            for (; count > 0; count--)
            {
                var before = Position;
                items.Add(Read(array.Items, depth + 1));
                if (Position == before && items.Count > MaxEmptyItems)
                    throw new FormatException("a list has too many items of zero bytes");
            }
        }

        if (!array.IsMap) return items;
        return items.Select(i => i is AvroRecord { Values: [var key, var value] }
            ? KeyValuePair.Create(key, value) : throw new FormatException("a map has items that are not pairs")).ToList();
    }

    private List<KeyValuePair<object?, object?>> Pairs(AvroMap map, int depth)
    {
        var pairs = new List<KeyValuePair<object?, object?>>();
        for (var count = Count(); count > 0; count = Count())
        {
            for (; count > 0; count--)
            {
                var key = ReadBytes();
                pairs.Add(KeyValuePair.Create<object?, object?>(Encoding.UTF8.GetString(key), Read(map.Values, depth + 1)));
            }
        }

        return pairs;
    }

    /// <summary>
    /// The number of items in the next block of a list or map. A negative count is followed by the block's size in bytes.
    /// </summary>
    private long Count()
    {
        var count = ReadLong();
        if (count >= 0) return count;
        if (count == long.MinValue) throw new FormatException("a list announces an invalid number of items");
        ReadLong();
        return -count;
    }

    private byte Byte() => Position < _block.Length ? _block[Position++] : throw new FormatException("the block ends within a value");
}
