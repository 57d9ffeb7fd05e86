using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Dlt.Iceberg;

/// <summary>What is read of a table: a snapshot, columns, and rows that match a filter.</summary>
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

    /// <summary>The snapshot that is read; null for a table without rows.</summary>
    public Snapshot? Snapshot { get; private init; }

    /// <summary>The columns that the rows have.</summary>
    public Schema Schema { get; private init; }

    /// <summary>Which rows.</summary>
    public Filter Filter { get; private init; } = Filter.True;

    internal TableMetadata Metadata { get; }

    internal string MetadataLocation { get; }

    internal IFileIO Files { get; }

    /// <summary>The filter with the columns of the schema of the scan.</summary>
    internal Filter BoundFilter => FilterBinder.Bind(Filter, _fullSchema ?? Schema);

    /// <summary>The schema with all columns, also those that are not selected.</summary>
    internal Schema FullSchema => _fullSchema ?? Schema;

    private Schema? _fullSchema { get; init; }

    /// <summary>The rows of a snapshot, with the columns that the table had then.</summary>
    /// <exception cref="IcebergException">There is no such snapshot.</exception>
    public TableScan UseSnapshot(long snapshotId) =>
        Use(Metadata.Find(snapshotId) ?? throw NotFound($"has no snapshot {snapshotId}"), isBranch: false);

    /// <summary>The rows that main had at a time.</summary>
    /// <exception cref="IcebergException">There was no snapshot yet, or it has expired.</exception>
    public TableScan AsOf(DateTimeOffset time) =>
        Use(Metadata.AsOf(time) ?? throw NotFound($"has no snapshot of {time:O} or before"), isBranch: false);

    /// <summary>The rows of a branch or tag.</summary>
    /// <exception cref="IcebergException">There is no such ref.</exception>
    public TableScan UseRef(string name) => Metadata.Refs.TryGetValue(name, out var reference)
        ? Use(Metadata.Find(reference.SnapshotId)!, reference.IsBranch)
        : throw NotFound($"has no branch or tag '{name}'; there are {string.Join(", ", Metadata.Refs.Keys.Select(k => $"'{k}'"))}");

    /// <summary>Only rows that match this filter as well.</summary>
    public TableScan Where(Filter filter) => this with { Filter = Filter.And(Filter, filter) };

    /// <summary>Only these top-level columns, in this order.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public TableScan Select(params string[] columns) => this with
    {
        _fullSchema = FullSchema,
        Schema = new Schema(
            [.. columns.Select(c => FullSchema.Fields.FirstOrDefault(f => f.Name == c)
                ?? throw new ArgumentException(
                    $"There is no column '{c}'; there are {string.Join(", ", FullSchema.Fields.Select(f => $"'{f.Name}'"))}."))],
            FullSchema.SchemaId),
    };

    /// <summary>The data files that may have matching rows, with their deletes.</summary>
    /// <exception cref="IcebergException">A file of the table is damaged or missing.</exception>
    /// <exception cref="ArgumentException">The filter names a column that is not there.</exception>
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

        var data = await reader.LiveEntriesAsync(manifests.Where(m => !m.IsDeletes && (Of(m.SpecId)?.MayMatch(m) ?? true)),
            cancellationToken).ConfigureAwait(false);
        var deletes = new DeleteIndex(
            await reader.LiveEntriesAsync(manifests.Where(m => m.IsDeletes), cancellationToken).ConfigureAwait(false), Metadata);
        foreach (var entry in data)
        {
            if (!(Of(entry.File.SpecId)?.MayMatch(entry.File.Partition) ?? true) || !new MetricsFilter(FullSchema, entry.File)
                .MayMatch(filter)) continue;
            yield return new ScanTask(entry, [.. deletes.Of(entry)]);
        }
    }

    private TableScan Use(Snapshot snapshot, bool isBranch) => this with
    {
        Snapshot = snapshot,
        _fullSchema = null,
        Schema = isBranch || snapshot.SchemaId is not { } id ? Metadata.CurrentSchema : Metadata.SchemaOf(id) ?? Metadata.CurrentSchema,
    };

    private IcebergException NotFound(string what) =>
        new(IcebergError.NotFound, $"The table of {MetadataLocation} {what}. Nothing was read.") { File = MetadataLocation };
}
