using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>
/// One version of a table's metadata (Iceberg table specification). Members that are not known stay in the file when it is written again.
/// </summary>
public sealed record TableMetadata
{
    internal const int LowestVersion = 1;
    internal const int WrittenVersion = 2;
    internal const int HighestVersion = 3;

    /// <summary>1, 2 or 3.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>Never changes; null in some tables of version 1.</summary>
    public string? TableUuid { get; init; }

    /// <summary>The table's folder, without a slash at its end.</summary>
    public required string Location { get; init; }

    /// <summary>Sequence number of the newest snapshot; 0 in version 1.</summary>
    public long LastSequenceNumber { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public long LastUpdatedMs { get; init; }

    /// <summary>Highest field id ever given.</summary>
    public int LastColumnId { get; init; }

    /// <summary>All schemas that snapshots may refer to.</summary>
    public required ImmutableArray<Schema> Schemas { get; init; }

    /// <summary>Id of the schema for new rows.</summary>
    public int CurrentSchemaId { get; init; }

    /// <summary>All partition specs that files may refer to.</summary>
    public required ImmutableArray<PartitionSpec> PartitionSpecs { get; init; }

    /// <summary>Id of the spec for new files.</summary>
    public int DefaultSpecId { get; init; }

    /// <summary>Highest partition field id ever given, 999 for none.</summary>
    public int LastPartitionId { get; init; } = PartitionSpec.FirstFieldId - 1;

    /// <summary>All sort orders.</summary>
    public ImmutableArray<SortOrder> SortOrders { get; init; } = [SortOrder.Unsorted];

    /// <summary>Id of the order for new files.</summary>
    public int DefaultSortOrderId { get; init; }

    /// <summary>The table's properties.</summary>
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty
        .WithComparers(StringComparer.Ordinal);

    /// <summary>Snapshots, oldest first.</summary>
    public ImmutableArray<Snapshot> Snapshots { get; init; } = [];

    /// <summary>Branches and tags by name.</summary>
    public ImmutableSortedDictionary<string, SnapshotRef> Refs { get; init; } = ImmutableSortedDictionary<string, SnapshotRef>.Empty
        .WithComparers(StringComparer.Ordinal);

    /// <summary>When which snapshot became main's: milliseconds since 1970, snapshot id.</summary>
    public ImmutableArray<(long TimestampMs, long SnapshotId)> SnapshotLog { get; init; } = [];

    /// <summary>Metadata files before this one: milliseconds since 1970, location.</summary>
    public ImmutableArray<(long TimestampMs, string MetadataFile)> MetadataLog { get; init; } = [];

    /// <summary>The file as it was read: with members that this record does not have.</summary>
    internal JsonValue? Source { get; init; }

    /// <summary>The schema for new rows.</summary>
    public Schema CurrentSchema =>
        SchemaOf(CurrentSchemaId) ?? throw new FormatException($"There is no schema {CurrentSchemaId}, which is the current one.");

    /// <summary>The spec for new files.</summary>
    public PartitionSpec DefaultSpec =>
        SpecOf(DefaultSpecId) ?? throw new FormatException($"There is no partition spec {DefaultSpecId}, which is the default one.");

    /// <summary>The order of the rows in new files.</summary>
    internal SortOrder DefaultSortOrder => SortOrders.FirstOrDefault(o => o.OrderId == DefaultSortOrderId) ?? SortOrder.Unsorted;

    /// <summary>Main's snapshot; null for a table without rows.</summary>
    public Snapshot? CurrentSnapshot => Refs.TryGetValue(SnapshotRef.Main, out var main) ? Find(main.SnapshotId) : null;

    /// <summary>The snapshot of that id.</summary>
    public Snapshot? Find(long snapshotId) => Index().Find(snapshotId);

    /// <summary>The schema of that id.</summary>
    public Schema? SchemaOf(int schemaId) => Schemas.FirstOrDefault(s => s.SchemaId == schemaId);

    /// <summary>The partition spec of that id.</summary>
    public PartitionSpec? SpecOf(int specId) => PartitionSpecs.FirstOrDefault(s => s.SpecId == specId);

    /// <summary>The snapshot that was main's at a time.</summary>
    public Snapshot? AsOf(DateTimeOffset time)
    {
        var at = SnapshotLog.LastOrDefault(e => e.TimestampMs <= time.ToUnixTimeMilliseconds(), (0, -1));
        return at.SnapshotId < 0 ? null : Find(at.SnapshotId);
    }

    /// <summary>A snapshot and its ancestors, as far as they are kept; newest first.</summary>
    public IEnumerable<Snapshot> AncestorsOf(Snapshot? snapshot)
    {
        for (var seen = new HashSet<long>(); snapshot is not null
            && seen.Add(snapshot.SnapshotId);
            snapshot = snapshot.ParentSnapshotId is { } parent ? Find(parent) : null) yield return snapshot;
    }

    private SnapshotIndex? _index;

    /// <summary>
    /// Made at the first look-up, and again for a copy that has other snapshots. The index never changes, so that threads may share it.
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
