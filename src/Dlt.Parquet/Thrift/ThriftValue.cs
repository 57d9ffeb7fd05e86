namespace Dlt.Parquet.Thrift;

/// <summary>Types of the compact protocol by their number.</summary>
internal enum ThriftType : byte
{
    True = 1,
    False = 2,
    Byte = 3,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
}

/// <summary>A value whose meaning is not known here: numbers are long, doubles their eight bytes, binaries byte[].</summary>
internal readonly record struct ThriftValue(ThriftType Type, object? Value)
{
    public long Long => (long)Value!;

    public byte[] Bytes => (byte[])Value!;

    public ThriftStruct Struct => (ThriftStruct)Value!;

    public ThriftList List => (ThriftList)Value!;

    public bool Bool => Type == ThriftType.True;
}

/// <summary>Fields of a struct by their numbers.</summary>
internal sealed class ThriftStruct
{
    public SortedDictionary<short, ThriftValue> Fields { get; } = [];

    public ThriftValue? this[short field] => Fields.TryGetValue(field, out var value) ? value : null;

    public string? Text(short field) =>
        this[field] is { Type: ThriftType.Binary } value ? System.Text.Encoding.UTF8.GetString(value.Bytes) : null;
}

internal sealed record ThriftList(ThriftType ElementType, List<ThriftValue> Items);
