using System.Text;

namespace Dlt.Iceberg;

/// <summary>Finds the delete files that apply to a data file (docs/spec/iceberg.md 1.5).</summary>
internal sealed class DeleteIndex
{
    private const int FilePathId = 2147483546;

    private readonly Dictionary<string, List<ManifestEntry>> _vectors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ManifestEntry>> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<PartitionKey, List<ManifestEntry>> _byPartition = [];
    private readonly Dictionary<PartitionKey, List<ManifestEntry>> _equality = [];
    private readonly List<ManifestEntry> _global = [];
    private readonly Schema _schema;

    /// <param name="deletes">Live entries of delete files.</param>
    /// <param name="metadata">Metadata with specs and schemas.</param>
    public DeleteIndex(IEnumerable<ManifestEntry> deletes, TableMetadata metadata)
    {
        _schema = metadata.CurrentSchema;
        foreach (var entry in deletes)
        {
            var file = entry.File;
            var partition = new PartitionKey(file.SpecId, file.Partition);
            if (file.Content == FileContent.EqualityDeletes)
            {
                if (metadata.SpecOf(file.SpecId) is { Fields.Length: 0 }) _global.Add(entry);
                else Add(_equality, partition, entry);
            }
            else if (file.IsDeletionVector)
            {
                Add(_vectors, file.ReferencedDataFile
                    ?? throw IcebergException.Corrupt(file.FilePath, "a deletion vector has no referenced data file"), entry);
            }
            else if (TargetOf(file) is { } target)
            {
                Add(_byPath, target, entry);
            }
            else
            {
                Add(_byPartition, partition, entry);
            }
        }
    }

    /// <summary>
    /// Location of the data file that position deletes belong to: the referenced data file, or the path if both bounds are equal. Null if
    /// the deletes belong to several files.
    /// </summary>
    public static string? TargetOf(DataFile deletes)
    {
        if (deletes.ReferencedDataFile is { } named) return named;
        return deletes.LowerBounds?.GetValueOrDefault(FilePathId) is { } lower
            && deletes.UpperBounds?.GetValueOrDefault(FilePathId) is { } upper && lower.AsSpan().SequenceEqual(upper)
            ? Encoding.UTF8.GetString(lower) : null;
    }

    /// <summary>The delete files that apply to a data file.</summary>
    /// <exception cref="IcebergException">Deletes of this file are in a different partition.</exception>
    public List<ManifestEntry> Of(ManifestEntry data)
    {
        var found = new List<ManifestEntry>();
        var partition = new PartitionKey(data.File.SpecId, data.File.Partition);
        if (_equality.TryGetValue(partition, out var equality))
            found.AddRange(equality.Where(e => data.SequenceNumber < e.SequenceNumber && MayConcern(e.File, data.File)));
        found.AddRange(_global.Where(e => data.SequenceNumber < e.SequenceNumber && MayConcern(e.File, data.File)));
        if (_vectors.TryGetValue(data.File.FilePath, out var vectors)
            && vectors.LastOrDefault(v => data.SequenceNumber <= v.SequenceNumber) is { } vector)
        {
            found.Add(vector);   // A deletion vector contains the older position deletes.
            return found;
        }

        if (_byPath.TryGetValue(data.File.FilePath, out var scoped))
        {
            foreach (var entry in scoped.Where(e => data.SequenceNumber <= e.SequenceNumber))
            {
                if (!new PartitionKey(entry.File.SpecId, entry.File.Partition).Equals(partition))
                    throw IcebergException.Corrupt(
                        entry.File.FilePath, $"these deletes of {data.File.FilePath} are in a different partition than the data file");
                found.Add(entry);
            }
        }

        if (_byPartition.TryGetValue(partition, out var shared)) found.AddRange(shared.Where(e => data.SequenceNumber <= e.SequenceNumber));
        return found;
    }

    /// <summary>False only if no row of the data file can have a key of the delete file.</summary>
    private bool MayConcern(DataFile deletes, DataFile data)
    {
        foreach (var id in deletes.EqualityIds)
        {
            if (_schema.Find(id)?.Type is not PrimitiveType type) continue;
            if (AllNull(deletes, id) && Count(data.NullValueCounts, id) is 0) return false;
            if (AllNull(data, id) && Count(deletes.NullValueCounts, id) is 0) return false;
            if (Count(data.NullValueCounts, id) is not 0 && Count(deletes.NullValueCounts, id) is not 0) continue;
            // Bounds exclude NaNs, which are equal here. The order of UUID bounds is unknown.
            if (type.Kind is PrimitiveKind.Float or PrimitiveKind.Double && Count(data.NanValueCounts, id) is not 0
                && Count(deletes.NanValueCounts, id) is not 0) continue;
            if (type.Kind == PrimitiveKind.Uuid) continue;
            if (Bound(data.LowerBounds, id, type) is not { } dataLower || Bound(data.UpperBounds, id, type) is not { } dataUpper
                || Bound(deletes.LowerBounds, id, type) is not { } deleteLower
                || Bound(deletes.UpperBounds, id, type) is not { } deleteUpper) continue;
            if (ValueOrder.Compare(dataLower, deleteUpper) > 0 || ValueOrder.Compare(deleteLower, dataUpper) > 0) return false;
        }

        return true;
    }

    private static bool AllNull(DataFile file, int id) =>
        Count(file.ValueCounts, id) is { } values && values == Count(file.NullValueCounts, id);

    private static long? Count(IReadOnlyDictionary<int, long>? counts, int id) =>
        counts is not null && counts.TryGetValue(id, out var count) ? count : null;

    private static object? Bound(IReadOnlyDictionary<int, byte[]>? bounds, int id, PrimitiveType type) =>
        bounds is not null && bounds.TryGetValue(id, out var bytes) && SingleValue.TryDecode(type, bytes, out var value) ? value : null;

    private static void Add<TKey>(Dictionary<TKey, List<ManifestEntry>> index, TKey key, ManifestEntry entry)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var list)) index[key] = list = [];
        list.Add(entry);
    }
}
