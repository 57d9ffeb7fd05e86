using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>
/// Applies updates to the metadata of a table and checks the rules of the format (docs/spec/iceberg.md 2, 6). An update that is refused
/// changes nothing.
/// </summary>
internal sealed class TableMetadataBuilder
{
    private const int DefaultPreviousVersions = 100;

    private readonly TableMetadata _basis;
    private readonly long _time;
    private readonly List<TableUpdate> _updates = [];
    private int? _lastSchema;
    private int? _lastSpec;
    private int? _lastSortOrder;

    /// <param name="basis">The metadata before the updates.</param>
    /// <param name="now">Time of the change, for the logs. If it is before the last update of the table, that time is used instead.</param>
    public TableMetadataBuilder(TableMetadata basis, DateTimeOffset now)
    {
        _basis = basis;
        _time = Math.Max(now.ToUnixTimeMilliseconds(), basis.LastUpdatedMs);
        Metadata = basis;
    }

    /// <summary>The metadata after the updates that were applied so far.</summary>
    public TableMetadata Metadata { get; private set; }

    /// <summary>The updates that were applied so far, in their order.</summary>
    public IReadOnlyList<TableUpdate> Updates => _updates;

    /// <summary>Applies updates in their order.</summary>
    /// <exception cref="IcebergException">An update breaks a rule of the format. The updates before it stay applied.</exception>
    public TableMetadataBuilder Apply(IEnumerable<TableUpdate> updates)
    {
        foreach (var update in updates)
        {
            Metadata = Applied(update);
            _updates.Add(update);
        }

        return this;
    }

    /// <summary>Returns the metadata with its last update time and its metadata log, ready to be written.</summary>
    /// <param name="basisLocation">Location of the metadata file of the basis.</param>
    public TableMetadata Complete(string basisLocation)
    {
        var keep = (int)Math.Clamp(
            Metadata.Number("write.metadata.previous-versions-max") ?? DefaultPreviousVersions, 1, int.MaxValue);
        var log = Metadata.MetadataLog.Add((_basis.LastUpdatedMs, basisLocation));
        var newest = Metadata.SnapshotLog.Select(e => e.TimestampMs).DefaultIfEmpty(0).Max();
        return Metadata with
        {
            LastUpdatedMs = Math.Max(_time, newest),
            MetadataLog = log.Length > keep ? log[^keep..] : log,
        };
    }

    private TableMetadata Applied(TableUpdate update) => update switch
    {
        TableUpdate.AssignUuid assign => WithUuid(assign.Uuid),
        TableUpdate.UpgradeFormatVersion upgrade => FormatUpgrade.Apply(Metadata, upgrade),
        TableUpdate.AddSchema add => WithSchema(add.Schema, add.LastColumnId),
        TableUpdate.SetCurrentSchema set => WithCurrentSchema(set.SchemaId),
        TableUpdate.AddSpec add => WithSpec(add.Spec),
        TableUpdate.SetDefaultSpec set => WithDefaultSpec(set.SpecId),
        TableUpdate.RemovePartitionSpecs remove => WithoutSpecs(remove.SpecIds),
        TableUpdate.AddSortOrder add => WithSortOrder(add.SortOrder),
        TableUpdate.SetDefaultSortOrder set => WithDefaultSortOrder(set.SortOrderId),
        TableUpdate.SetProperties set => WithProperties(set.Updates),
        TableUpdate.RemoveProperties remove => Metadata with { Properties = Metadata.Properties.RemoveRange(remove.Removals) },
        TableUpdate.AddSnapshot add => WithSnapshot(add.Snapshot),
        TableUpdate.SetSnapshotRef set => WithRef(set.RefName, set.Reference),
        TableUpdate.RemoveSnapshotRef remove => WithoutRef(remove.RefName),
        TableUpdate.RemoveSnapshots remove => WithoutSnapshots(remove.SnapshotIds.ToHashSet()),
        _ => throw new InvalidOperationException($"{update.GetType().Name} cannot be applied."),
    };

    private TableMetadata WithUuid(string uuid) => Metadata.TableUuid is { } known && known != uuid
        ? throw IcebergException.Illegal($"The table has the uuid {known}, which cannot be changed to {uuid}.")
        : Metadata with { TableUuid = uuid };

    private TableMetadata WithSchema(Schema schema, int lastColumnId)
    {
        SchemaRules.Check(schema, Metadata.FormatVersion);
        if (Metadata.SchemaOf(schema.SchemaId) is not null)
            throw IcebergException.Illegal($"The table already has a schema {schema.SchemaId}.");
        if (lastColumnId < Metadata.LastColumnId)
        {
            throw IcebergException.Illegal(
                $"The table has used field ids up to {Metadata.LastColumnId}, so its last column id cannot be {lastColumnId}.");
        }

        _lastSchema = schema.SchemaId;
        return Metadata with { Schemas = Metadata.Schemas.Add(schema), LastColumnId = lastColumnId };
    }

    private TableMetadata WithCurrentSchema(int id)
    {
        var schema = Metadata.SchemaOf(Resolved(id, _lastSchema, "schema")) ?? throw Missing("schema", id);
        SchemaRules.Check(schema, Metadata.FormatVersion);
        PartitionNames.Check(schema, Metadata.CurrentSchema, Metadata.PartitionSpecs);
        return Metadata with { CurrentSchemaId = schema.SchemaId };
    }

    private TableMetadata WithSpec(PartitionSpec spec)
    {
        PartitionRules.Check(spec.Fields, Metadata.CurrentSchema);
        if (Metadata.SpecOf(spec.SpecId) is not null)
            throw IcebergException.Illegal($"The table already has a partition spec {spec.SpecId}.");
        _lastSpec = spec.SpecId;
        return Metadata with
        {
            PartitionSpecs = Metadata.PartitionSpecs.Add(spec),
            LastPartitionId = Math.Max(Metadata.LastPartitionId, spec.Fields.Select(f => f.FieldId).DefaultIfEmpty(0).Max()),
        };
    }

    private TableMetadata WithDefaultSpec(int id)
    {
        var spec = Metadata.SpecOf(Resolved(id, _lastSpec, "partition spec")) ?? throw Missing("partition spec", id);
        PartitionRules.Check(spec.Fields, Metadata.CurrentSchema);
        return Metadata with { DefaultSpecId = spec.SpecId };
    }

    private TableMetadata WithoutSpecs(ImmutableArray<int> ids) => ids.Contains(Metadata.DefaultSpecId)
        ? throw IcebergException.Illegal($"Partition spec {Metadata.DefaultSpecId} is the default spec and cannot be removed.")
        : Metadata with { PartitionSpecs = Metadata.PartitionSpecs.RemoveAll(s => ids.Contains(s.SpecId)) };

    private TableMetadata WithSortOrder(SortOrder order)
    {
        SortRules.Check(order.Fields, Metadata.CurrentSchema);
        if (Metadata.SortOrders.Any(o => o.OrderId == order.OrderId))
            throw IcebergException.Illegal($"The table already has a sort order {order.OrderId}.");
        _lastSortOrder = order.OrderId;
        return Metadata with { SortOrders = Metadata.SortOrders.Add(order) };
    }

    private TableMetadata WithDefaultSortOrder(int id)
    {
        var resolved = Resolved(id, _lastSortOrder, "sort order");
        var order = Metadata.SortOrders.FirstOrDefault(o => o.OrderId == resolved) ?? throw Missing("sort order", id);
        SortRules.Check(order.Fields, Metadata.CurrentSchema);
        return Metadata with { DefaultSortOrderId = order.OrderId };
    }

    private TableMetadata WithProperties(ImmutableSortedDictionary<string, string> updates)
    {
        ReservedProperties.Check(updates.Keys);
        return Metadata with { Properties = Metadata.Properties.SetItems(updates) };
    }

    private TableMetadata WithSnapshot(Snapshot snapshot)
    {
        Metadata.CheckTakesRows();
        if (Metadata.Find(snapshot.SnapshotId) is not null)
            throw IcebergException.Illegal($"The table already has a snapshot {snapshot.SnapshotId}.");
        if (snapshot.SequenceNumber <= Metadata.LastSequenceNumber)
        {
            throw IcebergException.Illegal(
                $"Snapshot {snapshot.SnapshotId} has the sequence number {snapshot.SequenceNumber}. It must be greater than "
                + $"{Metadata.LastSequenceNumber}, the last sequence number of the table.");
        }

        return Metadata with
        {
            LastSequenceNumber = snapshot.SequenceNumber,
            NextRowId = NextRowIdAfter(snapshot),
            Snapshots = Metadata.Snapshots.Add(snapshot),
        };
    }

    private long NextRowIdAfter(Snapshot snapshot)
    {
        if (!Metadata.HasRowLineage()) return Metadata.NextRowId;
        return snapshot.FirstRowId is { } first && first >= Metadata.NextRowId
            ? first + snapshot.AddedRows
            : throw IcebergException.Illegal(
                $"Snapshot {snapshot.SnapshotId} has the first row id {snapshot.FirstRowId}. It must be {Metadata.NextRowId} or more, "
                + "because the table has used the row ids below.");
    }

    private TableMetadata WithRef(string name, SnapshotRef reference)
    {
        var snapshot = Metadata.Find(reference.SnapshotId)
            ?? throw IcebergException.Illegal($"'{name}' cannot be moved to snapshot {reference.SnapshotId}, which does not exist.");
        if (name == SnapshotRef.Main && !reference.IsBranch) throw IcebergException.Illegal("'main' must be a branch and cannot be a tag.");
        var changed = Metadata with { Refs = Metadata.Refs.SetItem(name, reference) };
        if (name != SnapshotRef.Main || Metadata.Refs.GetValueOrDefault(name)?.SnapshotId == reference.SnapshotId) return changed;
        var isNew = _basis.Find(snapshot.SnapshotId) is null;
        return changed with { SnapshotLog = Metadata.SnapshotLog.Add((isNew ? snapshot.TimestampMs : _time, snapshot.SnapshotId)) };
    }

    private TableMetadata WithoutRef(string name)
    {
        if (name == SnapshotRef.Main) throw IcebergException.Illegal("'main' cannot be removed.");
        if (!Metadata.Refs.ContainsKey(name)) throw IcebergException.Illegal($"There is no branch or tag '{name}'.");
        return Metadata with { Refs = Metadata.Refs.Remove(name) };
    }

    /// <summary>Removes snapshots. The log of main loses its entries up to the last removed snapshot, because the history before it is no
    /// longer complete.</summary>
    private TableMetadata WithoutSnapshots(HashSet<long> ids)
    {
        if (Metadata.Refs.FirstOrDefault(r => ids.Contains(r.Value.SnapshotId)) is { Key: { } name })
            throw IcebergException.Illegal($"Snapshot {Metadata.Refs[name].SnapshotId} is the snapshot of '{name}' and cannot be removed.");
        var lastRemoved = Metadata.SnapshotLog.Length - 1;
        while (lastRemoved >= 0 && !ids.Contains(Metadata.SnapshotLog[lastRemoved].SnapshotId)) lastRemoved--;
        return Metadata with
        {
            Snapshots = [.. Metadata.Snapshots.Where(s => !ids.Contains(s.SnapshotId))],
            SnapshotLog = Metadata.SnapshotLog[(lastRemoved + 1)..],
        };
    }

    private static int Resolved(int id, int? lastAdded, string what) => id != TableUpdate.LastAdded
        ? id
        : lastAdded ?? throw IcebergException.Illegal($"The update refers to the {what} that was added last, but no {what} was added.");

    private static IcebergException Missing(string what, int id) => IcebergException.Illegal($"The table has no {what} {id}.");
}
