using System.Runtime.CompilerServices;

namespace Dlt.Iceberg;

/// <summary>Reads the data file of a scan task: columns by field id, without deleted rows, and only matching rows.</summary>
/// <param name="files">Files of the table.</param>
/// <param name="metadata">Metadata with schemas and specs.</param>
/// <param name="parquet">Reader of Parquet files; null if there is none.</param>
internal sealed class TaskReader(IFileIO files, TableMetadata metadata, IDataFileReader? parquet)
{
    private const int FilePathId = 2147483546;
    private const int PositionId = 2147483545;

    private static readonly Schema PositionSchema =
        new([new(FilePathId, "file_path", new PrimitiveType(PrimitiveKind.String), true),
            new(PositionId, "pos", new PrimitiveType(PrimitiveKind.Long), true)]);

    /// <summary>Reads the matching rows of one file, with their positions in the file.</summary>
    public async IAsyncEnumerable<IReadOnlyList<(long Position, object?[] Row)>> ReadAsync(
        ScanTask task, Schema schema, Filter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var field in schema.AllFields)
            if (field.Field.Type is PrimitiveType { Kind: PrimitiveKind.Variant or PrimitiveKind.Geometry or PrimitiveKind.Geography } type)
                throw IcebergException.Unsupported(task.File.FilePath, $"column '{field.FullName}' is of the type {type}");
        var deleted = await DeletedPositionsAsync(task, cancellationToken).ConfigureAwait(false);
        var equality = await EqualityAsync(task, cancellationToken).ConfigureAwait(false);
        var (readSchema, access) = ReadSchema(schema, filter, equality);
        var keys = equality.Select(e => e.FieldIds.Select(id => access[id]).ToArray()).ToArray();
        var lineage = RowLineage.IndexIn(schema);
        var position = 0L;
        await foreach (var batch in RowsAsync(task.File, readSchema, filter, cancellationToken).ConfigureAwait(false))
        {
            var end = position + batch.RowCount;
            var rows = new List<(long, object?[])>(batch.Rows.Count);
            foreach (var row in batch.Rows)
            {
                var at = position++;
                if (deleted.Contains(at)) continue;
                var isDeleted = false;
                for (var e = 0; e < keys.Length && !isDeleted; e++)
                    isDeleted = equality[e].Deletes([.. keys[e].Select(key => key(row))], task.SequenceNumber);
                if (isDeleted || !RowFilter.Matches(filter, field => access[field.Id](row))) continue;
                var own = ReferenceEquals(readSchema, schema) ? row : FieldPath.Trimmed(schema.Struct, row);
                if (lineage is { } index) RowLineage.Inherit(own, index, task.File.FirstRowId + at, task.SequenceNumber);
                rows.Add((at, own));
            }

            position = end;
            if (rows.Count > 0) yield return rows;
        }

        if (position != task.File.RecordCount)
        {
            var problem = $"its manifest says {task.File.RecordCount} rows, but the file has {position}";
            throw IcebergException.Corrupt(task.File.FilePath, problem);
        }
    }

    /// <summary>
    /// The wanted columns, followed by the columns that the filter and the deletes need, and functions that read the needed fields from a
    /// row.
    /// </summary>
    private (Schema Schema, Dictionary<int, Func<object?[], object?>> Access) ReadSchema(
        Schema schema, Filter filter, List<DeletedKeys> equality)
    {
        var fields = schema.Fields.ToList();
        var access = new Dictionary<int, Func<object?[], object?>>();
        foreach (var id in ColumnsOf(filter).Select(f => f.Id).Concat(equality.SelectMany(e => e.FieldIds)).Distinct())
        {
            access[id] = FieldPath.Accessor(fields, PathTo(id, schema), FreeName);
        }

        var isUnchanged = fields.SequenceEqual(schema.Fields, ReferenceEqualityComparer.Instance);
        return (isUnchanged ? schema : new Schema([.. fields], schema.SchemaId), access);
    }

    private static string FreeName(List<NestedField> fields, string name) =>
        fields.Exists(f => f.Name == name) ? FreeName(fields, name + "_") : name;

    private static IEnumerable<NestedField> ColumnsOf(Filter filter) => filter switch
    {
        AndFilter and => ColumnsOf(and.Left).Concat(ColumnsOf(and.Right)),
        OrFilter or => ColumnsOf(or.Left).Concat(ColumnsOf(or.Right)),
        BoundFilter bound => [bound.Field],
        _ => [],
    };

    /// <summary>All schemas, newest first, to find the type of a dropped field.</summary>
    private IEnumerable<Schema> AllSchemas(Schema schema) =>
        metadata.Schemas.OrderByDescending(s => s.SchemaId).Prepend(metadata.CurrentSchema).Prepend(schema);

    private async IAsyncEnumerable<DataFileBatch> RowsAsync(DataFile file, Schema schema, Filter filter,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = RequestOf(file, schema) with { Filter = filter };
        switch (file.FileFormat)
        {
            case "AVRO":
                var content = await files.ReadAsync(file.FilePath, cancellationToken).ConfigureAwait(false);
                await foreach (var batch in AvroDataFile.ReadAsync(content, request, cancellationToken).ConfigureAwait(false))
                    yield return batch;
                break;
            case "PARQUET":
                if (parquet is null)
                    throw new IcebergException(IcebergError.Unsupported,
                        $"{file.FilePath} cannot be read without a reader of Parquet files. Nothing was changed. Add the package "
                            + "Dlt.Parquet.Reading and give the catalog its ParquetDataFileReader.")
                    { File = file.FilePath };
                var stream = await files.OpenAsync(file.FilePath, file.FileSizeInBytes, cancellationToken).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                {
                    await foreach (var batch in parquet.ReadAsync(stream, request, cancellationToken).ConfigureAwait(false))
                        yield return batch;
                }

                break;
            default: throw IcebergException.Unsupported(file.FilePath, $"a data file of the format {file.FileFormat}");
        }
    }

    /// <summary>Describes how to find the fields of a schema in a file of the table.</summary>
    public DataFileRequest RequestOf(DataFile file, Schema schema) =>
        new(file.FilePath, schema) { Constants = Constants(file), NameMapping = NameMapping(), TableSchema = metadata.CurrentSchema };

    /// <summary>Values of identity partitions (docs/spec/iceberg.md 1.6, step 2).</summary>
    private Dictionary<int, object?> Constants(DataFile file)
    {
        var constants = new Dictionary<int, object?>();
        if (file.Content != FileContent.Data || metadata.SpecOf(file.SpecId) is not { } spec) return constants;
        for (var i = 0; i < spec.Fields.Length; i++)
        {
            if (spec.Fields[i].Transform is not IdentityTransform || i >= file.Partition.Length
                || metadata.CurrentSchema.Find(spec.Fields[i].SourceId)?.Type is not PrimitiveType type) continue;
            constants[spec.Fields[i].SourceId] = file.Partition[i] is { } value && Promotion.TryTo(type, value, out var promoted)
                ? promoted : file.Partition[i];
        }

        return constants;
    }

    private JsonValue? NameMapping() => metadata.Properties.TryGetValue("schema.name-mapping.default", out var mapping)
        ? JsonValue.Parse(mapping, "the table's property schema.name-mapping.default") : null;

    /// <summary>Reads the positions of the rows that position deletes and deletion vectors remove from a file.</summary>
    public async Task<HashSet<long>> DeletedPositionsAsync(ScanTask task, CancellationToken cancellationToken)
    {
        var deleted = new HashSet<long>();
        foreach (var file in task.Deletes.Where(d => d.Content == FileContent.PositionDeletes))
        {
            if (file.IsDeletionVector)
            {
                deleted.UnionWith(await VectorAsync(file, cancellationToken).ConfigureAwait(false));
                continue;
            }

            var ofFile = FilterBinder.Bind(Filter.Equal("file_path", task.File.FilePath), PositionSchema);
            await foreach (var batch in RowsAsync(file, PositionSchema, ofFile, cancellationToken).ConfigureAwait(false))
                foreach (var row in batch.Rows)
                    if ((string)row[0]! == task.File.FilePath) deleted.Add((long)row[1]!);
        }

        return deleted;
    }

    private async Task<HashSet<long>> VectorAsync(DataFile file, CancellationToken cancellationToken)
    {
        if (file.ContentOffset is not { } offset || file.ContentSizeInBytes is not { } size || offset < 0 || size < 0)
            throw IcebergException.Corrupt(file.FilePath, "its manifest lacks the offset or the size of the deletion vector");
        try
        {
            var content = await files.ReadAsync(file.FilePath, offset, size, cancellationToken).ConfigureAwait(false);
            var positions = DeletionVector.Read(content);
            if (positions.Count == file.RecordCount) return positions;
            throw new FormatException($"its manifest says {file.RecordCount} positions, but the vector has {positions.Count}");
        }
        catch (FormatException error)
        {
            throw IcebergException.Corrupt(file.FilePath, error.Message, offset, error);
        }
    }

    private async Task<List<DeletedKeys>> EqualityAsync(ScanTask task, CancellationToken cancellationToken)
    {
        var groups = new List<DeletedKeys>();
        foreach (var entry in task.DeleteEntries.Where(d => d.File.Content == FileContent.EqualityDeletes))
        {
            var ids = entry.File.EqualityIds;
            if (ids.IsEmpty)
                throw IcebergException.Corrupt(entry.File.FilePath, "its manifest lacks the columns that these equality deletes compare");
            var group = groups.Find(g => g.FieldIds.SequenceEqual(ids));
            if (group is null) groups.Add(group = new(ids));
            var fields = new List<NestedField>();
            var keys = ids.Select(id => FieldPath.Accessor(fields, PathTo(id, metadata.CurrentSchema), FreeName)).ToArray();
            await foreach (var batch in RowsAsync(entry.File, new Schema([.. fields]), Filter.True, cancellationToken)
                .ConfigureAwait(false))
                foreach (var row in batch.Rows) group.Add([.. keys.Select(key => key(row))], entry.SequenceNumber);
        }

        return groups;
    }

    /// <summary>The field with this id and the structs around it, outermost first.</summary>
    /// <exception cref="IcebergException">
    /// No schema has the field, or it is in a list or map, where a row can have several values of it.
    /// </exception>
    private List<NestedField> PathTo(int id, Schema schema)
    {
        var path = AllSchemas(schema).Select(s => s.PathTo(id)).FirstOrDefault(p => p is not null);
        if (path is not null && path[..^1].TrueForAll(f => f.Type is StructType)) return path;
        var problem = path is null ? "no schema of the table has" : "is in a list or map";
        throw new IcebergException(IcebergError.Unsupported,
            $"Equality deletes of the table compare the field {id}, which {problem}. Nothing was read. Compact the table with another "
            + "engine.");
    }
}
