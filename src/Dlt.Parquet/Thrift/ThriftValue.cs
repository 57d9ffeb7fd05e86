namespace Dlt.Parquet.Thrift;

/// <summary>Types of the compact protocol, with their numbers.</summary>
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

/// <summary>A value of the compact protocol: numbers are <c>long</c>, doubles their eight bytes, binaries <c>byte[]</c>.</summary>
internal readonly record struct ThriftValue(ThriftType Type, object? Value)
{
    public long Long => (long)Value!;

    public byte[] Bytes => (byte[])Value!;

    public ThriftStruct Struct => (ThriftStruct)Value!;

    public ThriftList List => (ThriftList)Value!;

    /// <exception cref="FormatException">The value has another type.</exception>
    public ThriftStruct RequiredStruct => Value as ThriftStruct ?? throw new FormatException("a struct is missing in a list");

    public bool Bool => Type == ThriftType.True;
}

/// <summary>Fields of a struct by their numbers.</summary>
internal sealed class ThriftStruct
{
    public SortedDictionary<short, ThriftValue> Fields { get; } = [];

    public ThriftValue? this[short field] => Fields.TryGetValue(field, out var value) ? value : null;

    /// <summary>Returns a number; null when the field is absent.</summary>
    public long? Long(short field) => this[field]?.Value as long?;

    /// <summary>Returns a struct; null when the field is absent.</summary>
    public ThriftStruct? Struct(short field) => this[field]?.Value as ThriftStruct;

    /// <summary>Returns bytes; null when the field is absent.</summary>
    public byte[]? Bytes(short field) => this[field] is { Type: ThriftType.Binary } value ? value.Bytes : null;

    /// <exception cref="FormatException">The field is absent or is not a number.</exception>
    public long RequiredLong(short field) => Long(field) ?? throw new FormatException($"the number of field {field} is missing");

    /// <exception cref="FormatException">The field is absent or is not a list.</exception>
    public ThriftList RequiredList(short field) =>
        this[field]?.Value as ThriftList ?? throw new FormatException($"the list of field {field} is missing");

    /// <summary>Returns a text; null when the field is absent.</summary>
    public string? Text(short field) =>
        this[field] is { Type: ThriftType.Binary } value ? System.Text.Encoding.UTF8.GetString(value.Bytes) : null;
}

internal sealed record ThriftList(ThriftType ElementType, List<ThriftValue> Items);
