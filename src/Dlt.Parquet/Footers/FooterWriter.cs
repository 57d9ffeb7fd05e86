using System.Reflection;
using Dlt.Parquet.Nested;
using Dlt.Parquet.Pages;
using Dlt.Parquet.Metrics;
using Dlt.Parquet.Thrift;

namespace Dlt.Parquet.Footers;

/// <summary>Writes the file metadata at the end of a file (parquet.thrift, FileMetaData).</summary>
internal static class FooterWriter
{
    private const int MapConverted = 1;
    private const int ListConverted = 3;
    private const short MapLogical = 2;
    private const short ListLogical = 3;
    private const short UuidLogical = 14;
    private const int DataPageType = 0;
    private const int DictionaryPageType = 2;

    /// <summary>Name of the writer, in the form that parquet-mr parses to decide on statistics: "name version x (build y)".</summary>
    private static string CreatedBy { get; } = $"{Name} version {Version} (build {Build})";

    /// <summary>Name of this library in footers.</summary>
    public const string Name = "dlt-dotnet";

    private static Assembly Own => typeof(FooterWriter).Assembly;

    private static string Version => Own.GetName().Version!.ToString(3);

    /// <summary>Commit from which the assembly was built, or a placeholder when it does not state one.</summary>
    private static string Build
    {
        get
        {
            var version = Own.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            return version?.Split('+') is [_, var commit] ? commit : "release";
        }
    }

    public static void Write(
        PageBuffer target, IReadOnlyList<ParquetColumn> columns, IReadOnlyList<RowGroup> rowGroups,
        ParquetCodec codec, IReadOnlyList<KeyValuePair<string, string>> keyValues)
    {
        var thrift = new CompactWriter(target);
        var nodes = columns.ToDictionary(c => c.Name, c => c.IsNested ? NestedNode.Of(c) : null, StringComparer.Ordinal);
        List<ParquetColumn> leaves = [.. columns.SelectMany(c => nodes[c.Name]?.Leaves.Select(n => n.Leaf!) ?? [c])];
        thrift.BeginElement();
        thrift.I32(1, 2);
        thrift.BeginStructList(2, columns.Sum(c => nodes[c.Name] is { } node ? ElementsOf(node) : 1) + 1);
        thrift.BeginElement();
        thrift.Text(4, "schema");
        thrift.I32(5, columns.Count);
        thrift.EndStruct();
        foreach (var column in columns)
        {
            if (nodes[column.Name] is { } node) SchemaElements(thrift, node);
            else SchemaElement(thrift, column);
        }

        thrift.I64(3, rowGroups.Sum(g => (long)g.Rows));
        thrift.BeginStructList(4, rowGroups.Count);
        foreach (var group in rowGroups) RowGroupElement(thrift, group, leaves, codec);
        if (keyValues.Count > 0)
        {
            thrift.BeginStructList(5, keyValues.Count);
            foreach (var (key, value) in keyValues)
            {
                thrift.BeginElement();
                thrift.Text(1, key);
                thrift.Text(2, value);
                thrift.EndStruct();
            }
        }

        thrift.Text(6, CreatedBy);
        thrift.BeginStructList(7, leaves.Count);
        foreach (var _ in leaves)
        {
            thrift.BeginElement();
            thrift.EmptyStruct(1);
            thrift.EndStruct();
        }

        thrift.EndStruct();
    }

    private static int ElementsOf(NestedNode node) =>
        (node.Type.Nested is NestedColumnType.List or NestedColumnType.Map ? 2 : 1) + node.Children.Sum(ElementsOf);

    /// <summary>Writes the schema of a nested column: groups before their parts (LogicalTypes.md).</summary>
    private static void SchemaElements(CompactWriter thrift, NestedNode node)
    {
        if (node.Leaf is { } leaf)
        {
            SchemaElement(thrift, leaf);
            return;
        }

        var (converted, logical, repeated) = node.Type.Nested switch
        {
            NestedColumnType.List => (ListConverted, ListLogical, "list"),
            NestedColumnType.Map => (MapConverted, MapLogical, "key_value"),
            _ => (-1, (short)0, ""),
        };
        thrift.BeginElement();
        thrift.I32(3, 1);
        thrift.Text(4, node.Name);
        thrift.I32(5, repeated.Length > 0 ? 1 : node.Children.Count);
        if (converted >= 0)
        {
            thrift.I32(6, converted);
            thrift.BeginStruct(10);
            thrift.EmptyStruct(logical);
            thrift.EndStruct();
        }

        thrift.EndStruct();
        if (repeated.Length > 0)
        {
            thrift.BeginElement();
            thrift.I32(3, 2);
            thrift.Text(4, repeated);
            thrift.I32(5, node.Children.Count);
            thrift.EndStruct();
        }

        foreach (var child in node.Children) SchemaElements(thrift, child);
    }

    private static void SchemaElement(CompactWriter thrift, ParquetColumn column)
    {
        thrift.BeginElement();
        thrift.I32(1, (int)column.PhysicalType);
        if (column.PhysicalType == PhysicalType.FixedLenByteArray) thrift.I32(2, column.TypeLength);
        thrift.I32(3, column.IsRequired ? 0 : 1);
        thrift.Text(4, column.Name);
        var type = column.Type;
        if (ConvertedType(type) is { } converted) thrift.I32(6, converted);
        if (type.DataType is DataType.Decimal or DataType.Wei)
        {
            thrift.I32(7, type.Scale);
            thrift.I32(8, type.Precision);
        }

        if (column.FieldId is { } id) thrift.I32(9, id);
        if (column.IsUuid) UuidType(thrift);
        else LogicalType(thrift, type);
        thrift.EndStruct();
    }

    private static void UuidType(CompactWriter thrift)
    {
        thrift.BeginStruct(10);
        thrift.EmptyStruct(UuidLogical);
        thrift.EndStruct();
    }

    private static int? ConvertedType(ColumnType type) => type.DataType switch
    {
        DataType.Text or DataType.Json => 0,
        DataType.Decimal or DataType.Wei => 5,
        DataType.Date => 6,
        // A local timestamp has no converted type, because all of the old types mean UTC.
        DataType.Timestamp when type.IsUtc => type.FractionDigits <= 3 ? 9 : 10,
        DataType.Bigint => type.IntegerBits switch { 8 => 15, 16 => 16, _ => null },
        _ => null,
    };

    private static void LogicalType(CompactWriter thrift, ColumnType type)
    {
        switch (type.DataType)
        {
            case DataType.Text or DataType.Json:
                thrift.BeginStruct(10);
                thrift.EmptyStruct(1);
                break;
            case DataType.Decimal or DataType.Wei:
                thrift.BeginStruct(10);
                thrift.BeginStruct(5);
                thrift.I32(1, type.Scale);
                thrift.I32(2, type.Precision);
                thrift.EndStruct();
                break;
            case DataType.Date:
                thrift.BeginStruct(10);
                thrift.EmptyStruct(6);
                break;
            case DataType.Timestamp or DataType.Time:
                thrift.BeginStruct(10);
                thrift.BeginStruct((short)(type.DataType == DataType.Time ? 7 : 8));
                thrift.Bool(1, type.IsUtc);
                thrift.BeginStruct(2);
                thrift.EmptyStruct((short)(type.FractionDigits <= 3 ? 1 : 2));
                thrift.EndStruct();
                thrift.EndStruct();
                break;
            case DataType.Bigint when type.IntegerBits <= 16:
                thrift.BeginStruct(10);
                thrift.BeginStruct(10);
                thrift.I8(1, (sbyte)type.IntegerBits);
                thrift.Bool(2, true);
                thrift.EndStruct();
                break;
            default:
                return;
        }

        thrift.EndStruct();
    }

    private static void RowGroupElement(CompactWriter thrift, RowGroup group, IReadOnlyList<ParquetColumn> columns, ParquetCodec codec)
    {
        thrift.BeginElement();
        thrift.BeginStructList(1, columns.Count);
        foreach (var column in columns) ChunkElement(thrift, group.Chunks[column.Key], codec);
        thrift.I64(2, columns.Sum(c => group.Chunks[c.Key].UncompressedBytes));
        thrift.I64(3, group.Rows);
        thrift.I64(6, columns.Sum(c => group.Chunks[c.Key].CompressedBytes));
        thrift.EndStruct();
    }

    private static void ChunkElement(CompactWriter thrift, ColumnChunk chunk, ParquetCodec codec)
    {
        thrift.BeginElement();
        thrift.I64(2, chunk.DictionaryPageOffset ?? chunk.DataPageOffset);
        thrift.BeginStruct(3);
        thrift.I32(1, (int)chunk.Column.PhysicalType);
        ReadOnlySpan<int> encodings = chunk.DictionaryPageOffset is null
            ? [chunk.Encoding, ValueEncoder.Rle]
            : [ValueEncoder.Plain, ValueEncoder.Rle, chunk.Encoding];
        thrift.I32List(2, encodings);
        thrift.TextList(3, chunk.Column.Path);
        thrift.I32(4, (int)codec);
        thrift.I64(5, chunk.Values);
        thrift.I64(6, chunk.UncompressedBytes);
        thrift.I64(7, chunk.CompressedBytes);
        thrift.I64(9, chunk.DataPageOffset);
        if (chunk.DictionaryPageOffset is { } dictionary) thrift.I64(11, dictionary);
        thrift.BeginStruct(12);
        thrift.I64(3, chunk.NullCount);
        if (chunk.Bounds is { } bounds) BoundsFields(thrift, bounds);
        thrift.EndStruct();
        EncodingStats(thrift, chunk);
        if (chunk.BloomLocation is { } bloom)
        {
            thrift.I64(14, bloom.Offset);
            thrift.I32(15, bloom.Bytes);
        }

        thrift.EndStruct();
        if (chunk.IndexLocation is { } index)
        {
            thrift.I64(4, index.OffsetIndexOffset);
            thrift.I32(5, index.OffsetIndexBytes);
            if (index.ColumnIndexOffset is { } columnIndex)
            {
                thrift.I64(6, columnIndex);
                thrift.I32(7, index.ColumnIndexBytes);
            }
        }

        thrift.EndStruct();
    }

    private static void BoundsFields(CompactWriter thrift, ColumnBounds bounds)
    {
        if (bounds.Max is { } max) thrift.Binary(5, max);
        if (bounds.Min is { } min) thrift.Binary(6, min);
        if (bounds.Max is not null) thrift.Bool(7, bounds.IsMaxExact);
        if (bounds.Min is not null) thrift.Bool(8, bounds.IsMinExact);
    }

    /// <summary>
    /// Writes that all data pages use the dictionary: Trino and Iceberg then skip row groups whose dictionary lacks a value.
    /// </summary>
    private static void EncodingStats(CompactWriter thrift, ColumnChunk chunk)
    {
        var hasDictionary = chunk.DictionaryPageOffset is not null;
        thrift.BeginStructList(13, hasDictionary ? 2 : 1);
        if (hasDictionary) Stat(DictionaryPageType, ValueEncoder.Plain, 1);
        Stat(DataPageType, chunk.Encoding, chunk.Pages.Count);

        void Stat(int page, int encoding, int count)
        {
            thrift.BeginElement();
            thrift.I32(1, page);
            thrift.I32(2, encoding);
            thrift.I32(3, count);
            thrift.EndStruct();
        }
    }
}
