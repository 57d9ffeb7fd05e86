using System.Collections.Immutable;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// A local Parquet file that will be added to a table: assigns the table's field ids and reads the metrics (docs/spec/iceberg.md 5.4).
/// </summary>
internal sealed class ParquetFile
{
    private const string OwnWriter = "dlt-dotnet version ";

    private readonly string _path;
    private readonly ParquetFooter _footer;

    /// <param name="path">Path of the local file.</param>
    /// <exception cref="IcebergException">The file is not a Parquet file.</exception>
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

    /// <summary>
    /// The footer entry with the schema of the file. Some readers find renamed columns with it (docs/spec/iceberg.md 5.3).
    /// </summary>
    public static KeyValuePair<string, string> SchemaKeyValue(Schema schema) =>
        new("iceberg.schema", Dlt.JsonText.Write(SchemaJson.Write(schema)));

    /// <summary>Copies the file with the field ids of the schema's columns of the same names.</summary>
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

    /// <summary>True if a time column has a unit that Iceberg does not allow. The rows must then be rewritten.</summary>
    public bool HasOtherUnits(Schema schema) =>
        Leaves(schema).Any(l => l.Field.Type is PrimitiveType type && !new FooterColumn(l.Element, type).HasUnitOfType);

    /// <summary>True if the table wants longer bounds of a column than the footer has. The rows must then be read.</summary>
    public bool HasShortBounds(Schema schema, MetricsConfig metrics)
    {
        var leaves = Leaves(schema);
        for (var i = 0; i < leaves.Count; i++)
        {
            var field = leaves[i].Field;
            if (field.Type is not PrimitiveType type || !metrics.KeepsLongBounds(field.Id, type)) continue;
            if (_footer.RowGroups.Any(g => IsShortened(g.Columns[i]))) return true;
        }

        return false;
    }

    /// <summary>
    /// Describes the file for a manifest. Bounds have the whole length of the footer's; <see cref="MetricsConfig"/> shortens them. Footers
    /// do not count NaNs, so floats and doubles get no bounds here (<see cref="RowMetrics"/> provides them). Exception: this library's
    /// encoder omits the bounds of a chunk with NaNs, so if all chunks have bounds, the column has no NaNs.
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
                if (schema.PathTo(field.Id)![..^1].Any(f => f.Type is not StructType)) continue;   // values in lists are not per row
                if (!columns.TryGetValue(field.Id, out var column))
                    columns[field.Id] = column = new(new FooterColumn(leaves[i].Element, (PrimitiveType)field.Type));
                column.Add(chunks[i]);
            }
        }

        Dictionary<int, byte[]> lower = [], upper = [];
        var nans = new Dictionary<int, long>();
        foreach (var (id, column) in columns)
        {
            var type = (PrimitiveType)schema.Find(id)!.Type;
            if (HasNoNans(type, column)) nans[id] = 0;
            else if (!HasSafeBounds(type, column)) continue;
            if (column.Lower is { } least && ColumnBounds.Lower(type, least) is { } low) lower[id] = low;
            if (column.Upper is { } greatest && ColumnBounds.Upper(type, greatest) is { } high) upper[id] = high;
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

    private static bool IsShortened(ParquetColumnChunk chunk) =>
        chunk.NullCount != chunk.Values && (chunk.Min is null || chunk.Max is null || !chunk.IsMinExact || !chunk.IsMaxExact);

    /// <summary>
    /// True if the footer proves that a column has no NaNs. Versions without a build in the footer wrote bounds in spite of NaNs.
    /// </summary>
    private bool HasNoNans(PrimitiveType type, FooterMetrics column) =>
        type.Kind is PrimitiveKind.Float or PrimitiveKind.Double && column.Lower is not null && column.Upper is not null
        && _footer.CreatedBy is { } writer && writer.StartsWith(OwnWriter, StringComparison.Ordinal)
        && writer.Contains("(build ", StringComparison.Ordinal);

    /// <summary>
    /// False for bounds that other engines could misread: floats with an unknown number of NaNs, and UUIDs, which have two orders.
    /// </summary>
    private static bool HasSafeBounds(PrimitiveType type, FooterMetrics column) => type.Kind switch
    {
        PrimitiveKind.Float or PrimitiveKind.Double => false,
        PrimitiveKind.Uuid => column.Lower is { } lower && lower.Equals(column.Upper),
        _ => true,
    };

    /// <summary>Leaf columns with their fields, found by field id or by name.</summary>
    private List<(ParquetElement Element, NestedField Field)> Leaves(Schema schema)
    {
        var leaves = _footer.Elements.Where(e => e.Path is not null && e.IsLeaf);
        return [.. leaves.Select(e => (e, FieldOf(e, schema)))];
    }

    private NestedField FieldOf(ParquetElement element, Schema schema)
    {
        var byId = element.FieldId is { } id ? schema.Find(id) : null;
        return byId ?? schema.Find(element.Path!) ?? throw NoField(element.Path!);
    }

    private IcebergException NoField(string column) =>
        IcebergException.Illegal($"{_path} has a column '{column}', which the table does not have.");
}
