using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Dlt.Parquet.Thrift;

namespace Dlt.Iceberg;

/// <summary>The footer of a Parquet file of our own writer: gets the table's field ids, and tells the metrics (spec/iceberg.md 5.4).</summary>
internal sealed class ParquetFile
{
    private const int TrailerBytes = 8;
    private const int DefaultWidth = 16;

    private readonly string _path;
    private readonly ThriftStruct _footer;
    private readonly long _footerStart;
    private readonly long _length;

    /// <param name="path">The file.</param>
    /// <exception cref="IcebergException">No Parquet file.</exception>
    public ParquetFile(string path)
    {
        _path = path;
        using var file = File.OpenRead(path);
        _length = file.Length;
        if (_length < 2 * TrailerBytes) throw IcebergException.Corrupt(path, "the file is too short for Parquet");
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        file.Position = _length - TrailerBytes;
        file.ReadExactly(trailer);
        var size = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        _footerStart = _length - TrailerBytes - size;
        if (!trailer[4..].SequenceEqual("PAR1"u8) || size <= 0 || _footerStart < 4) throw IcebergException.Corrupt(path, "the file does not end as Parquet does", _length - TrailerBytes);
        file.Position = _footerStart;
        var bytes = new byte[size];
        file.ReadExactly(bytes);
        try
        {
            _footer = CompactTree.Read(bytes);
        }
        catch (FormatException error)
        {
            throw IcebergException.Corrupt(path, error.Message, _footerStart, error);
        }
    }

    public long Rows => _footer[3]!.Value.Long;

    /// <summary>The schema that a file was written with: light readers find renamed columns by it (spec/iceberg.md 5.3).</summary>
    public static KeyValuePair<string, string> SchemaKeyValue(Schema schema) => new("iceberg.schema", Dlt.Json.JsonText.Write(SchemaJson.Write(schema)));

    /// <summary>Writes the file again, with the ids of a schema at every column of that name.</summary>
    /// <exception cref="IcebergException">A column is not in the schema.</exception>
    public void WriteWithIds(string target, Schema schema)
    {
        foreach (var (element, path) in Elements())
        {
            if (path is null) continue;
            var field = schema.Find(path) ?? throw IcebergException.Illegal($"{_path} has a column '{path}', which the table does not have.");
            element.Fields[9] = new(ThriftType.I32, (long)field.Id);
        }

        var (key, value) = SchemaKeyValue(schema);
        var entry = new ThriftStruct();
        entry.Fields[1] = new(ThriftType.Binary, System.Text.Encoding.UTF8.GetBytes(key));
        entry.Fields[2] = new(ThriftType.Binary, System.Text.Encoding.UTF8.GetBytes(value));
        _footer.Fields[5] = new(ThriftType.List, new ThriftList(ThriftType.Struct, [new(ThriftType.Struct, entry)]));
        using var source = File.OpenRead(_path);
        using var copy = new FileStream(target, FileMode.Create, FileAccess.Write);
        CopyData(source, copy);
        var footer = new ArrayBufferWriter<byte>();
        CompactTree.Write(footer, _footer);
        copy.Write(footer.WrittenSpan);
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteInt32LittleEndian(trailer, footer.WrittenCount);
        "PAR1"u8.CopyTo(trailer[4..]);
        copy.Write(trailer);
    }

    /// <summary>What a manifest says of the file.</summary>
    public DataFile Describe(string location, long size, Schema schema, TableMetadata metadata, int specId, ImmutableArray<object?> partition)
    {
        var leafElements = Elements().Where(e => e.Path is not null && e.Element[5] is null).ToList();
        var leaves = leafElements.ConvertAll(e => e.Path!);
        Dictionary<int, long> sizes = [], values = [];
        Dictionary<int, long?> nulls = [];
        Dictionary<int, (object Lower, object Upper)?> bounds = [];
        var offsets = ImmutableArray.CreateBuilder<long>();
        foreach (var group in _footer[4]!.Value.List.Items.Select(g => g.Struct))
        {
            var chunks = group[1]!.Value.List.Items;
            offsets.Add(Start(chunks[0].Struct));
            for (var i = 0; i < chunks.Count; i++)
            {
                var meta = chunks[i].Struct[3]!.Value.Struct;
                var field = schema.Find(leaves[i])!;
                sizes[field.Id] = sizes.GetValueOrDefault(field.Id) + meta[7]!.Value.Long;
                if (schema.PathTo(field.Id)![..^1].Any(f => f.Type is not StructType)) continue;   // values below lists are not rows
                values[field.Id] = values.GetValueOrDefault(field.Id) + meta[5]!.Value.Long;
                Merge(nulls, bounds, field, leafElements[i].Element[1]?.Long is 1 or 2, meta);
            }
        }

        var width = Width(metadata);
        return new()
        {
            FilePath = location,
            SpecId = specId,
            Partition = partition,
            RecordCount = Rows,
            FileSizeInBytes = size,
            ColumnSizes = sizes,
            ValueCounts = values,
            NullValueCounts = nulls.Where(n => n.Value is not null).ToDictionary(n => n.Key, n => n.Value!.Value),
            LowerBounds = Encoded(bounds, schema, b => width is { } w ? Bounds.Lower(b.Lower, w) : b.Lower),
            UpperBounds = Encoded(bounds, schema, b => width is { } w ? Bounds.Upper(b.Upper, w) : b.Upper),
            SplitOffsets = offsets.ToImmutable(),
            SortOrderId = 0,
            TableUuid = metadata.TableUuid,
        };
    }

    /// <summary>Length of texts in bounds; null for whole ones.</summary>
    private static int? Width(TableMetadata metadata) => metadata.Properties.GetValueOrDefault("write.metadata.metrics.default") switch
    {
        "full" => null,
        { } mode when mode.StartsWith("truncate(", StringComparison.Ordinal) && int.TryParse(mode.AsSpan(9, mode.Length - 10), out var width) && width > 0 => width,
        _ => DefaultWidth,
    };

    private static Dictionary<int, byte[]> Encoded(Dictionary<int, (object Lower, object Upper)?> bounds, Schema schema, Func<(object Lower, object Upper), object?> choose)
    {
        var result = new Dictionary<int, byte[]>();
        foreach (var (id, known) in bounds)
            if (known is { } both && choose(both) is { } value && SingleValue.Encode((PrimitiveType)schema.Find(id)!.Type, value) is { } bytes) result[id] = bytes;
        return result;
    }

    private static long Start(ThriftStruct chunk)
    {
        var meta = chunk[3]!.Value.Struct;
        return meta[11]?.Long is { } dictionary and > 0 ? Math.Min(dictionary, meta[9]!.Value.Long) : meta[9]!.Value.Long;
    }

    /// <summary>Counts and bounds hold only while every row group has them.</summary>
    private static void Merge(Dictionary<int, long?> nulls, Dictionary<int, (object Lower, object Upper)?> bounds, NestedField field, bool isInteger, ThriftStruct meta)
    {
        var statistics = meta[12]?.Struct;
        var chunkNulls = statistics?[3]?.Long;
        nulls[field.Id] = nulls.GetValueOrDefault(field.Id, 0) + chunkNulls;
        if (chunkNulls == meta[5]!.Value.Long) return;   // nothing but nulls
        var type = (PrimitiveType)field.Type;
        if (statistics is null || statistics[6] is not { } min || statistics[5] is not { } max || Decode(type, min.Bytes, isInteger) is not { } lower || Decode(type, max.Bytes, isInteger) is not { } upper)
        {
            bounds[field.Id] = null;
            return;
        }

        if (!bounds.TryGetValue(field.Id, out var known)) bounds[field.Id] = (lower, upper);
        else if (known is { } both) bounds[field.Id] = (ValueOrder.Compare(lower, both.Lower) < 0 ? lower : both.Lower, ValueOrder.Compare(upper, both.Upper) > 0 ? upper : both.Upper);
    }

    /// <summary>Bounds of footers: decimals are as long as the column, all else as in manifests; cut texts may end within a character.</summary>
    private static object? Decode(PrimitiveType type, byte[] bytes, bool isInteger)
    {
        if (type.Kind == PrimitiveKind.Decimal && isInteger) return bytes.Length == 4 ? (Int128)BinaryPrimitives.ReadInt32LittleEndian(bytes) : bytes.Length == 8 ? (Int128)BinaryPrimitives.ReadInt64LittleEndian(bytes) : null;
        if (type.Kind == PrimitiveKind.String)
        {
            try
            {
                return new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            }
            catch (System.Text.DecoderFallbackException)
            {
                return null;
            }
        }

        return SingleValue.TryDecode(type, bytes, out var value) ? value : null;
    }

    private void CopyData(FileStream source, FileStream target)
    {
        var buffer = new byte[1 << 20];
        for (var left = _footerStart; left > 0;)
        {
            var read = source.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, left)));
            if (read == 0) throw IcebergException.Corrupt(_path, "the file became shorter while it was read");
            target.Write(buffer.AsSpan(0, read));
            left -= read;
        }
    }

    /// <summary>Schema elements with the names that Iceberg has for them; the groups that repeat in lists and maps have none.</summary>
    private IEnumerable<(ThriftStruct Element, string? Path)> Elements()
    {
        var elements = _footer[2]!.Value.List.Items.Select(e => e.Struct).ToList();
        var result = new List<(ThriftStruct, string?)>();
        var at = 1;
        for (var column = 0L; column < elements[0][5]!.Value.Long; column++) Visit("");
        return result;

        void Visit(string prefix)
        {
            var element = elements[at++];
            var children = element[5]?.Long ?? 0;
            var repeats = element[3]?.Long == 2;
            var path = repeats ? prefix : prefix.Length == 0 ? element.Text(4)! : $"{prefix}.{element.Text(4)}";
            result.Add((element, repeats ? null : path));
            for (var child = 0L; child < children; child++) Visit(path);
        }
    }
}
