using System.Runtime.CompilerServices;

namespace Dlt.Iceberg;

/// <summary>A scan of a table: a snapshot, columns, and a filter on rows.</summary>
public sealed record TableScan
{
    internal TableScan(TableMetadata metadata, string metadataLocation, IFileIO files)
    {
        Metadata = metadata;
        MetadataLocation = metadataLocation;
        Files = files;
        Snapshot = metadata.CurrentSnapshot;
        Schema = metadata.CurrentSchema;
    }

    /// <summary>Snapshot to read; null for a table without snapshots.</summary>
    public Snapshot? Snapshot { get; private init; }

    /// <summary>Columns of the rows.</summary>
    public Schema Schema { get; private init; }

    /// <summary>Filter on the rows.</summary>
    public Filter Filter { get; private init; } = Filter.True;

    internal TableMetadata Metadata { get; }

    internal string MetadataLocation { get; }

    internal IFileIO Files { get; }

    /// <summary>The filter, bound to the columns of the scan's schema.</summary>
    internal Filter BoundFilter => FilterBinder.Bind(Filter, SchemaBeforeSelect ?? Schema);

    /// <summary>The schema with all columns, including those that are not selected.</summary>
    internal Schema FullSchema => SchemaBeforeSelect ?? Schema;

    private Schema? SchemaBeforeSelect { get; init; }

    /// <summary>Reads a snapshot, with the columns that the table had at that time.</summary>
    /// <exception cref="IcebergException">The snapshot does not exist.</exception>
    public TableScan UseSnapshot(long snapshotId) =>
        Use(Metadata.Find(snapshotId) ?? throw NotFound($"has no snapshot {snapshotId}"), isBranch: false);

    /// <summary>Reads the snapshot that was current on the main branch at a time.</summary>
    /// <exception cref="IcebergException">The table had no snapshot at that time, or the snapshot has expired.</exception>
    public TableScan AsOf(DateTimeOffset time) =>
        Use(Metadata.AsOf(time) ?? throw NotFound($"has no snapshot from {time:O} or before"), isBranch: false);

    /// <summary>Reads a branch or tag.</summary>
    /// <exception cref="IcebergException">The branch or tag does not exist.</exception>
    public TableScan UseRef(string name)
    {
        if (Metadata.Refs.TryGetValue(name, out var reference)) return Use(Metadata.Find(reference.SnapshotId)!, reference.IsBranch);
        var names = string.Join(", ", Metadata.Refs.Keys.Select(k => $"'{k}'"));
        throw NotFound($"has no branch or tag '{name}'; it has {names}");
    }

    /// <summary>Adds a filter; rows must match all filters.</summary>
    public TableScan Where(Filter filter) => this with { Filter = Filter.And(Filter, filter) };

    /// <summary>Selects top-level columns, in this order.</summary>
    /// <exception cref="ArgumentException">A column does not exist.</exception>
    public TableScan Select(params string[] columns) => this with
    {
        SchemaBeforeSelect = FullSchema,
        Schema = new Schema([.. columns.Select(Column)], FullSchema.SchemaId),
    };

    /// <summary>Plans the scan: the data files that may have matching rows, with their delete files.</summary>
    /// <exception cref="IcebergException">A file of the table is damaged or missing.</exception>
    /// <exception cref="ArgumentException">The filter names a column that does not exist.</exception>
    public async IAsyncEnumerable<ScanTask> PlanFilesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Snapshot is null) yield break;
        var filter = BoundFilter;
        var reader = new SnapshotReader(Files, Metadata);
        var manifests = await reader.ManifestsAsync(Snapshot, cancellationToken).ConfigureAwait(false);
        var partitions = new Dictionary<int, PartitionFilter?>();
        PartitionFilter? Of(int specId)
        {
            if (!partitions.TryGetValue(specId, out var known))
                partitions[specId] = known = Metadata.SpecOf(specId) is { } spec ? new PartitionFilter(filter, spec, FullSchema) : null;
            return known;
        }

        var dataManifests = manifests.Where(m => !m.IsDeletes && (Of(m.SpecId)?.MayMatch(m) ?? true));
        var data = await reader.LiveEntriesAsync(dataManifests, cancellationToken).ConfigureAwait(false);
        var deleteManifests = manifests.Where(m => m.IsDeletes);
        var deleteEntries = await reader.LiveEntriesAsync(deleteManifests, cancellationToken).ConfigureAwait(false);
        var deletes = new DeleteIndex(deleteEntries, Metadata);
        foreach (var entry in data)
        {
            if (Of(entry.File.SpecId) is { } partition && !partition.MayMatch(entry.File.Partition)) continue;
            if (!new MetricsFilter(FullSchema, entry.File).MayMatch(filter)) continue;
            yield return new ScanTask(entry, [.. deletes.Of(entry)]);
        }
    }

    private NestedField Column(string name)
    {
        if (FullSchema.Fields.FirstOrDefault(f => f.Name == name) is { } column) return column;
        var columns = string.Join(", ", FullSchema.Fields.Select(f => $"'{f.Name}'"));
        throw new ArgumentException($"There is no column '{name}'. The table has {columns}.");
    }

    private TableScan Use(Snapshot snapshot, bool isBranch) => this with
    {
        Snapshot = snapshot,
        SchemaBeforeSelect = null,
        Schema = isBranch || snapshot.SchemaId is not { } id ? Metadata.CurrentSchema : Metadata.SchemaOf(id) ?? Metadata.CurrentSchema,
    };

    private IcebergException NotFound(string what) =>
        new(IcebergError.NotFound, $"The table {MetadataLocation} {what}. Nothing was read.") { File = MetadataLocation };
}
