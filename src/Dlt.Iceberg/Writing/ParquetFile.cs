using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Dlt.Parquet.Thrift;

namespace Dlt.Iceberg;

/// <summary>
/// The footer of a Parquet file of our own writer: gets the table's field ids, and tells the metrics (spec/iceberg.md 5.4).
/// </summary>
internal sealed class ParquetFile
{
    private const int TrailerBytes = 8;
    private const short CreatedByMember = 6;
    private const string OwnWriter = "dlt-dotnet version ";

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
        if (!trailer[4..].SequenceEqual("PAR1"u8) || size <= 0 || _footerStart < 4)
            throw IcebergException.Corrupt(path, "the file does not end as Parquet does", _length - TrailerBytes);
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
    public static KeyValuePair<string, string> SchemaKeyValue(Schema schema) =>
        new("iceberg.schema", Dlt.Json.JsonText.Write(SchemaJson.Write(schema)));

    /// <summary>Writes the file again, with the ids of a schema at every column of that name.</summary>
    /// <exception cref="IcebergException">A column is not in the schema.</exception>
    public void WriteWithIds(string target, Schema schema)
    {
        foreach (var (element, path) in Elements())
        {
            if (path is null) continue;
            var field = schema.Find(path)
                ?? throw IcebergException.Illegal($"{_path} has a column '{path}', which the table does not have.");
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

    /// <summary>True when a time of the file has another unit than Iceberg files have: its rows have to be written again.</summary>
    public bool HasOtherUnits(Schema schema) =>
        Leaves(schema).Any(l => l.Field.Type is PrimitiveType type && !new FooterColumn(l.Element, type).HasUnitOfType);

    /// <summary>
    /// What a manifest says of the file. Footers do not say how many values are NaN, so that floats and doubles get no bounds here
    /// (<see cref="RowMetrics"/> has them), but in files of our own encoder, which gives a chunk with a NaN no bounds: where all have some,
    /// there is none.
    /// </summary>
    public DataFile Describe(string location, long size, Schema schema, TableMetadata metadata,
        int specId, ImmutableArray<object?> partition)
    {
        var leaves = Leaves(schema);
        var sizes = new Dictionary<int, long>();
        var columns = new Dictionary<int, FooterMetrics>();
        var offsets = ImmutableArray.CreateBuilder<long>();
        foreach (var group in _footer[4]!.Value.List.Items.Select(g => g.Struct))
        {
            var chunks = group[1]!.Value.List.Items;
            offsets.Add(Start(chunks[0].Struct));
            for (var i = 0; i < chunks.Count; i++)
            {
                var meta = chunks[i].Struct[3]!.Value.Struct;
                var field = leaves[i].Field;
                sizes[field.Id] = sizes.GetValueOrDefault(field.Id) + meta[7]!.Value.Long;
                if (schema.PathTo(field.Id)![..^1].Any(f => f.Type is not StructType)) continue;   // values below lists are not rows
                if (!columns.TryGetValue(field.Id, out var column))
                    columns[field.Id] = column = new(new FooterColumn(leaves[i].Element, (PrimitiveType)field.Type));
                column.Add(meta);
            }
        }

        var bounds = new ColumnBounds(metadata);
        Dictionary<int, byte[]> lower = [], upper = [];
        var nans = new Dictionary<int, long>();
        foreach (var (id, column) in columns)
        {
            var type = (PrimitiveType)schema.Find(id)!.Type;
            if (HasNoNans(type, column)) nans[id] = 0;
            else if (!HasSafeBounds(type, column)) continue;
            if (column.Lower is { } least && bounds.Lower(type, least) is { } low) lower[id] = low;
            if (column.Upper is { } greatest && bounds.Upper(type, greatest) is { } high) upper[id] = high;
        }

        return new()
        {
            FilePath = location,
            SpecId = specId,
            Partition = partition,
            RecordCount = Rows,
            FileSizeInBytes = size,
            ColumnSizes = sizes,
            ValueCounts = columns.ToDictionary(c => c.Key, c => c.Value.Values),
            NullValueCounts = columns.Where(c => c.Value.Nulls is not null).ToDictionary(c => c.Key, c => c.Value.Nulls!.Value),
            NanValueCounts = nans.Count > 0 ? nans : null,
            LowerBounds = lower,
            UpperBounds = upper,
            SplitOffsets = offsets.ToImmutable(),
            SortOrderId = 0,
            TableUuid = metadata.TableUuid,
        };
    }

    /// <summary>Writers before the build was named in the footer bounded the numbers beside the NaNs.</summary>
    private bool HasNoNans(PrimitiveType type, FooterMetrics column) =>
        type.Kind is PrimitiveKind.Float or PrimitiveKind.Double && column.Lower is not null && column.Upper is not null
        && _footer.Text(CreatedByMember) is { } writer && writer.StartsWith(OwnWriter, StringComparison.Ordinal)
        && writer.Contains("(build ", StringComparison.Ordinal);

    /// <summary>
    /// Bounds beside NaNs nobody has counted let other engines delete those rows, and bounds of uuids are read in two orders.
    /// </summary>
    private static bool HasSafeBounds(PrimitiveType type, FooterMetrics column) => type.Kind switch
    {
        PrimitiveKind.Float or PrimitiveKind.Double => false,
        PrimitiveKind.Uuid => column.Lower is { } lower && lower.Equals(column.Upper),
        _ => true,
    };

    private static long Start(ThriftStruct chunk)
    {
        var meta = chunk[3]!.Value.Struct;
        return meta[11]?.Long is { } dictionary and > 0 ? Math.Min(dictionary, meta[9]!.Value.Long) : meta[9]!.Value.Long;
    }

    /// <summary>The leaf columns with the fields that they are: by their ids, where the file has them, else by their names.</summary>
    private List<(ThriftStruct Element, NestedField Field)> Leaves(Schema schema) =>
    [
        .. Elements().Where(e => e.Path is not null && e.Element[5] is null).Select(e => (
            e.Element, (e.Element[9] is { } id ? schema.Find((int)id.Long) : null) ?? schema.Find(e.Path!)
                ?? throw IcebergException.Illegal($"{_path} has a column '{e.Path}', which the table does not have."))),
    ];

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
