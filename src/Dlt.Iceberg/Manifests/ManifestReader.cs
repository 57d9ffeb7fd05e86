using System.Collections.Immutable;
using Dlt.Iceberg.Avro;

namespace Dlt.Iceberg;

/// <summary>Reads manifests (docs/spec/iceberg.md 3.4, 3.6). Fields are found by their ids.</summary>
internal static class ManifestReader
{
    /// <summary>Reads all entries, including deleted ones.</summary>
    /// <param name="content">Content of the manifest.</param>
    /// <param name="manifest">Manifest list entry with the inherited values.</param>
    /// <param name="spec">Partition spec of the manifest; null if the table does not have it.</param>
    /// <exception cref="IcebergException">The file is damaged, or it contradicts the manifest list.</exception>
    public static List<ManifestEntry> Read(byte[] content, ManifestFile manifest, PartitionSpec? spec)
    {
        var avro = new AvroFile(content, manifest.Path);
        try
        {
            var entries = new List<ManifestEntry>();
            var firstRowId = manifest.FirstRowId;
            foreach (var record in avro.Records())
            {
                var entry = Entry(record, manifest, spec);
                if (firstRowId is { } next && !manifest.IsDeletes && entry is { IsLive: true, File.FirstRowId: null })
                {
                    entry = entry with { File = entry.File with { FirstRowId = next } };
                    firstRowId = next + entry.File.RecordCount;
                }

                entries.Add(entry);
            }

            Check(entries, manifest);
            return entries;
        }
        catch (Exception error) when (error is InvalidCastException or NullReferenceException or FormatException)
        {
            throw IcebergException.Corrupt(manifest.Path, error.Message, null, error);
        }
    }

    /// <summary>Describes a manifest of version 1 that is not in a manifest list.</summary>
    public static ManifestFile Describe(byte[] content, string path, long snapshotId)
    {
        var avro = new AvroFile(content, path);
        var manifest = new ManifestFile
        {
            Path = path,
            Length = content.Length,
            AddedSnapshotId = snapshotId,
            SpecId = int.TryParse(avro.Text("partition-spec-id"), out var spec) ? spec : 0,
        };
        var entries = Read(content, manifest, null);
        int Files(EntryStatus status) => entries.Count(e => e.Status == status);
        long Rows(EntryStatus status) => entries.Where(e => e.Status == status).Sum(e => e.File.RecordCount);
        return manifest with
        {
            AddedFiles = Files(EntryStatus.Added),
            ExistingFiles = Files(EntryStatus.Existing),
            DeletedFiles = Files(EntryStatus.Deleted),
            AddedRows = Rows(EntryStatus.Added),
            ExistingRows = Rows(EntryStatus.Existing),
            DeletedRows = Rows(EntryStatus.Deleted),
        };
    }

    private static ManifestEntry Entry(AvroRecord record, ManifestFile manifest, PartitionSpec? spec)
    {
        var status = Long(record[0]) switch
        {
            0 => EntryStatus.Existing,
            1 => EntryStatus.Added,
            2 => EntryStatus.Deleted,
            var other => throw new FormatException($"an entry has the status {other}"),
        };
        var snapshot = Long(record[1]) ?? manifest.AddedSnapshotId;
        return new(status, snapshot, Inherited(Long(record[3]), status, manifest), Inherited(Long(record[4]), status, manifest),
            File((AvroRecord)record[2]!, manifest, spec));
    }

    private static long Inherited(long? number, EntryStatus status, ManifestFile manifest)
    {
        if (number is { } given) return given;
        if (status == EntryStatus.Added || manifest.SequenceNumber == 0) return manifest.SequenceNumber;
        throw new FormatException("an entry that is not new has no sequence number");
    }

    private static DataFile File(AvroRecord r, ManifestFile manifest, PartitionSpec? spec)
    {
        var content = Long(r[134]) switch
        {
            null or 0 => FileContent.Data,
            1 => FileContent.PositionDeletes,
            2 => FileContent.EqualityDeletes,
            var other => throw new FormatException($"a file has the content {other}"),
        };
        if ((content != FileContent.Data) != manifest.IsDeletes)
            throw new FormatException(
                $"the manifest list says that it has {(manifest.IsDeletes ? "delete" : "data")} files, but it has another file");
        return new()
        {
            Content = content,
            FilePath = r[100] as string ?? throw new FormatException("a file has no path"),
            FileFormat = (r[101] as string ?? throw new FormatException("a file has no format")).ToUpperInvariant(),
            SpecId = manifest.SpecId,
            Partition = Partition(r[102] as AvroRecord, spec),
            RecordCount = Count(r[103], "record_count"),
            FileSizeInBytes = Count(r[104], "file_size_in_bytes"),
            ColumnSizes = Longs(r[108]),
            ValueCounts = Longs(r[109]),
            NullValueCounts = Longs(r[110]),
            NanValueCounts = Longs(r[137]),
            LowerBounds = Bytes(r[125]),
            UpperBounds = Bytes(r[128]),
            KeyMetadata = r[131] as byte[],
            SplitOffsets = r[132] is List<object?> offsets ? [.. offsets.Select(o => Long(o)!.Value)] : [],
            EqualityIds = r[135] is List<object?> ids ? [.. ids.Select(i => (int)Long(i)!.Value)] : [],
            SortOrderId = (int?)Long(r[140]),
            FirstRowId = Long(r[142]),
            ReferencedDataFile = r[143] as string,
            ContentOffset = Long(r[144]),
            ContentSizeInBytes = Long(r[145]),
        };
    }

    /// <summary>Partition values in the order of the spec's fields, or in file order without a spec.</summary>
    private static ImmutableArray<object?> Partition(AvroRecord? tuple, PartitionSpec? spec)
    {
        if (tuple is null) return [];
        if (spec is null) return [.. tuple.Values];
        return [.. spec.Fields.Select((f, i) => PartitionValue(tuple, f, i))];
    }

    private static object? PartitionValue(AvroRecord tuple, PartitionField field, int place) =>
        tuple.Type.IndexOf(field.FieldId) is var at and >= 0 ? tuple.Values[at] : ByName(tuple, field.Name, place);

    /// <summary>Finds a partition value by its name, because version 1 may omit the ids of partition fields.</summary>
    private static object? ByName(AvroRecord tuple, string name, int place)
    {
        if (tuple.Type.Fields.Any(f => f.FieldId is not null) && tuple.Type.Fields.All(f => f.Name != name)) return null;
        for (var i = 0; i < tuple.Values.Length; i++)
            if (tuple.Type.Fields[i].Name == name) return tuple.Values[i];
        return place < tuple.Values.Length ? tuple.Values[place] : null;
    }

    private static void Check(List<ManifestEntry> entries, ManifestFile manifest)
    {
        (EntryStatus Status, int? Count)[] expected =
        [
            (EntryStatus.Added, manifest.AddedFiles),
            (EntryStatus.Existing, manifest.ExistingFiles),
            (EntryStatus.Deleted, manifest.DeletedFiles),
        ];
        foreach (var (status, count) in expected)
        {
            var found = entries.Count(e => e.Status == status);
            if (count is null || count == found) continue;
            var name = status.ToString().ToLowerInvariant();
            throw new FormatException($"the manifest list says {count} {name} files, but the manifest has {found}");
        }
    }

    private static long Count(object? value, string what) =>
        Long(value) is { } count and >= 0 ? count : throw new FormatException($"a file has a missing or negative {what}");

    private static Dictionary<int, long>? Longs(object? map) =>
        map is List<KeyValuePair<object?, object?>> pairs ? Distinct(pairs, v => Long(v)!.Value) : null;

    private static Dictionary<int, byte[]>? Bytes(object? map) =>
        map is List<KeyValuePair<object?, object?>> pairs ? Distinct(pairs, v => (byte[])v!) : null;

    private static Dictionary<int, T> Distinct<T>(List<KeyValuePair<object?, object?>> pairs, Func<object?, T> value)
    {
        var result = new Dictionary<int, T>(pairs.Count);
        foreach (var (key, member) in pairs) result[(int)Long(key)!.Value] = value(member);
        return result;
    }

    private static long? Long(object? value) => value switch
    {
        null => null,
        int number => number,
        long number => number,
        _ => throw new FormatException($"a number has the type {value.GetType().Name}"),
    };
}
