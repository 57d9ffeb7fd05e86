using System.Collections.Immutable;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// A Parquet file beside the table that it goes to: takes the table's field ids, and gives the metrics (docs/spec/iceberg.md 5.4).
/// </summary>
internal sealed class ParquetFile
{
    private const string OwnWriter = "dlt-dotnet version ";

    private readonly string _path;
    private readonly ParquetFooter _footer;

    /// <param name="path">The file.</param>
    /// <exception cref="IcebergException">It is not a Parquet file.</exception>
    public ParquetFile(string path)
    {
        _path = path;
        try
        {
            _footer = ParquetFooter.Read(path);
        }
        catch (ParquetFormatException error)
        {
            throw IcebergException.Corrupt(path, error.Problem, error.Offset, error);
        }
    }

    public long Rows => _footer.Rows;

    /// <summary>The schema that a file was written with: light readers find renamed columns by it (docs/spec/iceberg.md 5.3).</summary>
    public static KeyValuePair<string, string> SchemaKeyValue(Schema schema) =>
        new("iceberg.schema", Dlt.JsonText.Write(SchemaJson.Write(schema)));

    /// <summary>Writes the file again, with the ids of a schema at every column of that name.</summary>
    /// <exception cref="IcebergException">A column is not in the schema.</exception>
    public void WriteWithIds(string target, Schema schema)
    {
        foreach (var element in _footer.Elements)
        {
            if (element.Path is { } path) element.FieldId = (schema.Find(path) ?? throw NoField(path)).Id;
        }

        _footer.SetKeyValues([SchemaKeyValue(schema)]);
        try
        {
            _footer.CopyTo(target);
        }
        catch (ParquetFormatException error)
        {
            throw IcebergException.Corrupt(_path, error.Problem, error.Offset, error);
        }
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
        foreach (var group in _footer.RowGroups)
        {
            var chunks = group.Columns;
            offsets.Add(chunks[0].Start);
            for (var i = 0; i < chunks.Count; i++)
            {
                var field = leaves[i].Field;
                sizes[field.Id] = sizes.GetValueOrDefault(field.Id) + chunks[i].CompressedBytes;
                if (schema.PathTo(field.Id)![..^1].Any(f => f.Type is not StructType)) continue;   // values below lists are not rows
                if (!columns.TryGetValue(field.Id, out var column))
                    columns[field.Id] = column = new(new FooterColumn(leaves[i].Element, (PrimitiveType)field.Type));
                column.Add(chunks[i]);
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
        && _footer.CreatedBy is { } writer && writer.StartsWith(OwnWriter, StringComparison.Ordinal)
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

    /// <summary>The leaf columns with the fields that they are: by their ids, where the file has them, else by their names.</summary>
    private List<(ParquetElement Element, NestedField Field)> Leaves(Schema schema) =>
    [
        .. _footer.Elements.Where(e => e.Path is not null && e.IsLeaf).Select(e => (
            e, (e.FieldId is { } id ? schema.Find(id) : null) ?? schema.Find(e.Path!) ?? throw NoField(e.Path!))),
    ];

    private IcebergException NoField(string column) =>
        IcebergException.Illegal($"{_path} has a column '{column}', which the table does not have.");
}
