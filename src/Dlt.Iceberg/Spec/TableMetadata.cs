using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>
/// One version of a table's metadata (Iceberg table specification). Unknown members are kept when the metadata is written again.
/// </summary>
public sealed record TableMetadata
{
    internal const int LowestVersion = 1;
    internal const int WrittenVersion = 2;
    internal const int HighestVersion = 3;

    /// <summary>Format version: 1, 2 or 3.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>UUID of the table, which never changes; null for some tables of version 1.</summary>
    public string? TableUuid { get; init; }

    /// <summary>Location of the table's folder, without a trailing slash.</summary>
    public required string Location { get; init; }

    /// <summary>Row id of the next new row (format version 3); 0 in older versions.</summary>
    public long NextRowId { get; init; }

    /// <summary>Sequence number of the newest snapshot; 0 in version 1.</summary>
    public long LastSequenceNumber { get; init; }

    /// <summary>Time of the last change in milliseconds since 1970.</summary>
    public long LastUpdatedMs { get; init; }

    /// <summary>Highest field id that was ever assigned.</summary>
    public int LastColumnId { get; init; }

    /// <summary>All schemas that snapshots may refer to.</summary>
    public required ImmutableArray<Schema> Schemas { get; init; }

    /// <summary>Id of the current schema.</summary>
    public int CurrentSchemaId { get; init; }

    /// <summary>All partition specs that files may refer to.</summary>
    public required ImmutableArray<PartitionSpec> PartitionSpecs { get; init; }

    /// <summary>Id of the partition spec for new files.</summary>
    public int DefaultSpecId { get; init; }

    /// <summary>Highest partition field id that was ever assigned; 999 if there is none.</summary>
    public int LastPartitionId { get; init; } = PartitionSpec.FirstFieldId - 1;

    /// <summary>All sort orders of the table.</summary>
    public ImmutableArray<SortOrder> SortOrders { get; init; } = [SortOrder.Unsorted];

    /// <summary>Id of the sort order for new files.</summary>
    public int DefaultSortOrderId { get; init; }

    /// <summary>Properties of the table.</summary>
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty
        .WithComparers(StringComparer.Ordinal);

    /// <summary>Snapshots, oldest first.</summary>
    public ImmutableArray<Snapshot> Snapshots { get; init; } = [];

    /// <summary>Branches and tags by name.</summary>
    public ImmutableSortedDictionary<string, SnapshotRef> Refs { get; init; } = ImmutableSortedDictionary<string, SnapshotRef>.Empty
        .WithComparers(StringComparer.Ordinal);

    /// <summary>History of the main branch: time of each change in milliseconds since 1970, and the id of the new snapshot.</summary>
    public ImmutableArray<(long TimestampMs, long SnapshotId)> SnapshotLog { get; init; } = [];

    /// <summary>Previous metadata files: time of the change in milliseconds since 1970, and the file's location.</summary>
    public ImmutableArray<(long TimestampMs, string MetadataFile)> MetadataLog { get; init; } = [];

    /// <summary>The file's JSON, including members that this record does not have.</summary>
    internal JsonValue? Source { get; init; }

    /// <summary>The schema for new rows.</summary>
    public Schema CurrentSchema =>
        SchemaOf(CurrentSchemaId) ?? throw new FormatException($"The current schema {CurrentSchemaId} is missing.");

    /// <summary>The partition spec for new files.</summary>
    public PartitionSpec DefaultSpec =>
        SpecOf(DefaultSpecId) ?? throw new FormatException($"The default partition spec {DefaultSpecId} is missing.");

    /// <summary>The sort order for new files.</summary>
    internal SortOrder DefaultSortOrder => SortOrders.FirstOrDefault(o => o.OrderId == DefaultSortOrderId) ?? SortOrder.Unsorted;

    /// <summary>Current snapshot of the main branch; null for a table without snapshots.</summary>
    public Snapshot? CurrentSnapshot => Refs.TryGetValue(SnapshotRef.Main, out var main) ? Find(main.SnapshotId) : null;

    /// <summary>Finds a snapshot by its id; null if the table does not have it.</summary>
    public Snapshot? Find(long snapshotId) => Index().Find(snapshotId);

    /// <summary>Finds a schema by its id; null if the table does not have it.</summary>
    public Schema? SchemaOf(int schemaId) => Schemas.FirstOrDefault(s => s.SchemaId == schemaId);

    /// <summary>Finds a partition spec by its id; null if the table does not have it.</summary>
    public PartitionSpec? SpecOf(int specId) => PartitionSpecs.FirstOrDefault(s => s.SpecId == specId);

    /// <summary>Finds the snapshot that was current on the main branch at a time; null if there was none.</summary>
    public Snapshot? AsOf(DateTimeOffset time)
    {
        var at = SnapshotLog.LastOrDefault(e => e.TimestampMs <= time.ToUnixTimeMilliseconds(), (0, -1));
        return at.SnapshotId < 0 ? null : Find(at.SnapshotId);
    }

    /// <summary>A snapshot and its ancestors, newest first. The list ends at the first expired ancestor.</summary>
    public IEnumerable<Snapshot> AncestorsOf(Snapshot? snapshot)
    {
        var seen = new HashSet<long>();
        while (snapshot is not null && seen.Add(snapshot.SnapshotId))
        {
            yield return snapshot;
            snapshot = snapshot.ParentSnapshotId is { } parent ? Find(parent) : null;
        }
    }

    private SnapshotIndex? _index;

    /// <summary>
    /// Created on first use, and again for a copy with other snapshots. The index is immutable and safe for concurrent use.
    /// </summary>
    private SnapshotIndex Index()
    {
        if (_index is { } known && known.Snapshots == Snapshots) return known;
        var index = new SnapshotIndex(Snapshots);
        _index = index;
        return index;
    }

    /// <summary>Snapshots by id.</summary>
    private sealed class SnapshotIndex
    {
        private readonly Dictionary<long, Snapshot> _byId = [];

        public SnapshotIndex(ImmutableArray<Snapshot> snapshots)
        {
            Snapshots = snapshots;
            foreach (var snapshot in snapshots) _byId[snapshot.SnapshotId] = snapshot;
        }

        public ImmutableArray<Snapshot> Snapshots { get; }

        public Snapshot? Find(long snapshotId) => _byId.GetValueOrDefault(snapshotId);
    }
}
