using Dlt.Parquet.Thrift;

namespace Dlt.Parquet.Reading;

/// <summary>Header of a page (parquet.thrift, PageHeader).</summary>
/// <param name="Type">Number of the page's type.</param>
/// <param name="Length">Size of the header in bytes.</param>
/// <param name="UncompressedBytes">Size of the page before compression.</param>
/// <param name="CompressedBytes">Size of the page in the file, without the header.</param>
internal sealed record PageHeader(int Type, int Length, int UncompressedBytes, int CompressedBytes)
{
    public const int Data = 0;
    public const int Dictionary = 2;
    public const int DataV2 = 3;

    private const int Rle = 3;

    /// <summary>Checksum of the page; null when it has none.</summary>
    public uint? Crc { get; private init; }

    /// <summary>Number of values, including nulls.</summary>
    public int Values { get; private init; }

    /// <summary>Number of the values' encoding.</summary>
    public int Encoding { get; private init; }

    /// <summary>True when the definition levels have the RLE encoding. Others are of files from before the year 2014.</summary>
    public bool HasRleLevels { get; private init; } = true;

    /// <summary>Size of the repetition levels of a page of version 2.</summary>
    public int RepetitionBytes { get; private init; }

    /// <summary>Size of the definition levels of a page of version 2.</summary>
    public int DefinitionBytes { get; private init; }

    /// <summary>False for a page of version 2 with values that are not compressed.</summary>
    public bool IsCompressed { get; private init; } = true;

    /// <exception cref="FormatException">The bytes are not a valid header, or end within it.</exception>
    public static PageHeader Read(ReadOnlySpan<byte> bytes)
    {
        var header = CompactTree.Read(bytes, out var length);
        var page = new PageHeader((int)header.RequiredLong(1), length, Size(header, 2), Size(header, 3))
        {
            Crc = header.Long(4) is { } crc ? unchecked((uint)crc) : null,
        };
        return page.Type switch
        {
            Data when header.Struct(5) is { } data =>
                page with { Values = Size(data, 1), Encoding = Size(data, 2), HasRleLevels = data.Long(3) == Rle },
            Dictionary when header.Struct(7) is { } dictionary =>
                page with { Values = Size(dictionary, 1), Encoding = Size(dictionary, 2) },
            DataV2 when header.Struct(8) is { } data => page with
            {
                Values = Size(data, 1),
                Encoding = Size(data, 4),
                DefinitionBytes = Size(data, 5),
                RepetitionBytes = Size(data, 6),
                IsCompressed = data[7] is not { Bool: false },
            },
            Data or Dictionary or DataV2 => throw new FormatException("a page has no header of its type"),
            _ => page,
        };
    }

    private static int Size(ThriftStruct header, short field) => header.RequiredLong(field) is var size and >= 0 and <= int.MaxValue
        ? (int)size : throw new FormatException($"a page header has the number {header.RequiredLong(field)} in field {field}");
}
