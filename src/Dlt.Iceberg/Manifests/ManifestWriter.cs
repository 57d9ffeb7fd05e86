using System.Collections.Immutable;
using System.Globalization;
using Dlt.Iceberg.Avro;

namespace Dlt.Iceberg;

/// <summary>An entry to write. Null sequence numbers are inherited (docs/spec/iceberg.md 3.6).</summary>
internal sealed record EntryToWrite(EntryStatus Status, long SnapshotId, long? SequenceNumber, long? FileSequenceNumber, DataFile File)
{
    public static EntryToWrite Added(DataFile file, long snapshotId, long? sequenceNumber = null) =>
        new(EntryStatus.Added, snapshotId, sequenceNumber, null, file);

    public static EntryToWrite Existing(ManifestEntry entry) =>
        new(EntryStatus.Existing, entry.SnapshotId, entry.SequenceNumber, entry.FileSequenceNumber, entry.File);

    public static EntryToWrite Deleted(ManifestEntry entry, long snapshotId) =>
        new(EntryStatus.Deleted, snapshotId, entry.SequenceNumber, entry.FileSequenceNumber, entry.File);
}

/// <summary>Writes manifests of version 2, and of version 3 for tables with row lineage (docs/spec/iceberg.md 3.4).</summary>
internal sealed class ManifestWriter
{
    private readonly PartitionSpec _spec;
    private readonly PrimitiveType[] _types;
    private readonly AvroFileWriter _file;
    private readonly bool _isDeletes;
    private readonly bool _hasRowIds;
    private readonly PartitionSummary[] _summaries;
    private readonly int[] _files = new int[3];
    private readonly long[] _rows = new long[3];
    private long? _minSequenceNumber;
    private bool _hasInherited;

    /// <param name="metadata">Metadata with the schema and the specs.</param>
    /// <param name="specId">Id of the partition spec of all files in the manifest.</param>
    /// <param name="isDeletes">True for a manifest of delete files.</param>
    public ManifestWriter(TableMetadata metadata, int specId, bool isDeletes)
    {
        _spec = metadata.SpecOf(specId)
            ?? throw IcebergException.Illegal($"A file has the partition spec {specId}, which the table does not have.");
        _isDeletes = isDeletes;
        _hasRowIds = metadata.HasRowLineage();
        _types = [.. _spec.Fields.Select(f => TypeOf(f, metadata))];
        _summaries = [.. _types.Select(t => new PartitionSummary(t))];
        _file = new(
            ManifestSchemas.Manifest(_spec.Fields.Zip(_types), _hasRowIds),
            [
                new("schema", JsonText.Write(SchemaJson.Write(metadata.CurrentSchema))),
                new("schema-id", metadata.CurrentSchemaId.ToString(CultureInfo.InvariantCulture)),
                new("partition-spec", JsonText.Write(_spec.WriteFields())),
                new("partition-spec-id", specId.ToString(CultureInfo.InvariantCulture)),
                new("format-version", _hasRowIds ? "3" : "2"),
                new("content", isDeletes ? "deletes" : "data"),
            ],
            metadata.Properties.GetValueOrDefault("write.manifest.compression-codec") != "uncompressed");
    }

    public long Length => _file.Length;

    public int Entries => _files.Sum();

    public void Add(EntryToWrite entry)
    {
        _files[(int)entry.Status]++;
        _rows[(int)entry.Status] += entry.File.RecordCount;
        if (entry.Status != EntryStatus.Deleted)
        {
            if (entry.SequenceNumber is { } number) _minSequenceNumber = Math.Min(_minSequenceNumber ?? long.MaxValue, number);
            else _hasInherited = true;
        }

        for (var i = 0; i < _summaries.Length; i++) _summaries[i].Add(entry.File.Partition[i]);
        _file.Add(avro => Write(avro, entry));
    }

    /// <summary>Returns the content of the manifest and its manifest list entry.</summary>
    /// <param name="path">Location of the manifest.</param>
    /// <param name="snapshotId">Id of the snapshot that adds the manifest.</param>
    /// <param name="sequenceNumber">Sequence number of the commit. Each commit attempt sets it.</param>
    public (byte[] Content, ManifestFile Manifest) Complete(string path, long snapshotId, long sequenceNumber)
    {
        var content = _file.Complete();
        return (content, new()
        {
            Path = path,
            Length = content.Length,
            SpecId = _spec.SpecId,
            IsDeletes = _isDeletes,
            SequenceNumber = sequenceNumber,
            MinSequenceNumber = _hasInherited || _minSequenceNumber is null
                ? Math.Min(sequenceNumber, _minSequenceNumber ?? long.MaxValue) : _minSequenceNumber.Value,
            AddedSnapshotId = snapshotId,
            AddedFiles = _files[(int)EntryStatus.Added],
            ExistingFiles = _files[(int)EntryStatus.Existing],
            DeletedFiles = _files[(int)EntryStatus.Deleted],
            AddedRows = _rows[(int)EntryStatus.Added],
            ExistingRows = _rows[(int)EntryStatus.Existing],
            DeletedRows = _rows[(int)EntryStatus.Deleted],
            // Java reads a summary without bounds as "all values are null", so all summaries are omitted.
            Partitions = _summaries.Any(s => s.IsAmbiguous) ? default : [.. _summaries.Select(s => s.ToSummary())],
        });
    }

    /// <summary>Type of a partition value. For a dropped column, the type in the newest schema that has it.</summary>
    internal static PrimitiveType TypeOf(PartitionField field, TableMetadata metadata)
    {
        var schemas = metadata.Schemas.OrderByDescending(s => s.SchemaId).Prepend(metadata.CurrentSchema);
        var type = schemas.Select(s => PartitionSpec.ResultType(field, s)).FirstOrDefault(t => t is not null);
        return type ?? throw new IcebergException(IcebergError.Unsupported,
            $"Partition field '{field.Name}' has the transform {field.Transform}, which cannot be written. Nothing was written; the table "
            + "is as before.");
    }

    private void Write(AvroEncoder avro, EntryToWrite entry)
    {
        avro.Long((int)entry.Status);
        Optional(avro, entry.SnapshotId);
        Optional(avro, entry.SequenceNumber);
        Optional(avro, entry.FileSequenceNumber);
        var file = entry.File;
        avro.Long((int)file.Content);
        avro.String(file.FilePath);
        avro.String(file.FileFormat);
        for (var i = 0; i < _types.Length; i++)
            if (avro.Optional(file.Partition[i] is not null)) Value(avro, _types[i], file.Partition[i]!);
        avro.Long(file.RecordCount);
        avro.Long(file.FileSizeInBytes);
        Map(avro, file.ColumnSizes, avro.Long);
        Map(avro, file.ValueCounts, avro.Long);
        Map(avro, file.NullValueCounts, avro.Long);
        Map(avro, file.NanValueCounts, avro.Long);
        Map(avro, file.LowerBounds, b => avro.Bytes(b));
        Map(avro, file.UpperBounds, b => avro.Bytes(b));
        if (avro.Optional(file.KeyMetadata is not null)) avro.Bytes(file.KeyMetadata);
        Array(avro, file.SplitOffsets, avro.Long);
        Array(avro, file.EqualityIds, id => avro.Long(id));
        Optional(avro, file.SortOrderId);
        // New files inherit their row ids from the manifest list, so only the list is written again.
        if (_hasRowIds) Optional(avro, entry.Status == EntryStatus.Added ? null : file.FirstRowId);
        if (avro.Optional(file.ReferencedDataFile is not null)) avro.String(file.ReferencedDataFile!);
        if (!_hasRowIds) return;
        Optional(avro, file.ContentOffset);
        Optional(avro, file.ContentSizeInBytes);
    }

    private static void Value(AvroEncoder avro, PrimitiveType type, object value)
    {
        switch (value)
        {
            case bool flag:
                avro.Bool(flag);
                break;
            case int number:
                avro.Long(number);
                break;
            case long number:
                avro.Long(number);
                break;
            case float number when type.Kind == PrimitiveKind.Double:
                avro.Double(number);
                break;
            case float number:
                avro.Float(number);
                break;
            case double number:
                avro.Double(number);
                break;
            case string text:
                avro.String(text);
                break;
            case Int128:
                if (!DecimalDigits.FitBytes(value, type.Precision))
                    throw IcebergException.Illegal(
                        $"The partition value {ValueText.Of(type, value)} has more digits than its type {type}.");
                avro.Raw(UnscaledNumber.Bytes(value, UnscaledNumber.BytesOf(type.Precision)));
                break;
            case Guid id:
                Span<byte> bytes = stackalloc byte[16];
                id.TryWriteBytes(bytes, bigEndian: true, out _);
                avro.Raw(bytes);
                break;
            case byte[] content when type.Kind == PrimitiveKind.Fixed:
                avro.Raw(content);
                break;
            default:
                avro.Bytes((byte[])value);
                break;
        }
    }

    private static void Optional(AvroEncoder avro, long? value)
    {
        if (avro.Optional(value is not null)) avro.Long(value!.Value);
    }

    private static void Map<T>(AvroEncoder avro, IReadOnlyDictionary<int, T>? map, Action<T> write)
    {
        if (!avro.Optional(map is { Count: > 0 })) return;
        avro.Long(map!.Count);
        foreach (var (key, value) in map.OrderBy(m => m.Key))
        {
            avro.Long(key);
            write(value);
        }

        avro.Long(0);
    }

    private static void Array<T>(AvroEncoder avro, ImmutableArray<T> items, Action<T> write)
    {
        if (!avro.Optional(!items.IsDefaultOrEmpty)) return;
        avro.Long(items.Length);
        foreach (var item in items) write(item);
        avro.Long(0);
    }
}
