using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Legal changes of metadata; each says which rule a change would break (spec/iceberg.md 2, 6).</summary>
internal static class TableMetadataChanges
{
    private static readonly string[] Reserved =
        ["format-version", "uuid", "snapshot-count", "current-snapshot-summary", "current-snapshot-id", "current-snapshot-timestamp-ms", "current-schema", "default-partition-spec", "default-sort-order"];

    /// <summary>The metadata of a new table.</summary>
    /// <exception cref="IcebergException">Schema, spec or order are not legal.</exception>
    public static TableMetadata New(Schema schema, PartitionSpec spec, SortOrder order, string location, IReadOnlyDictionary<string, string> properties, DateTimeOffset now)
    {
        var (fresh, ids) = FreshIds(schema);
        Check(fresh);
        var fields = spec.Fields.Select((f, i) => f with { SourceId = Mapped(ids, f.SourceId, $"Partition field '{f.Name}'"), FieldId = PartitionSpec.FirstFieldId + i }).ToImmutableArray();
        Check(fields, fresh);
        var sort = order.Fields.IsEmpty ? SortOrder.Unsorted : new SortOrder(1, [.. order.Fields.Select(f => f with { SourceId = Mapped(ids, f.SourceId, "A sort field") })]);
        return new TableMetadata
        {
            FormatVersion = TableMetadata.WrittenVersion,
            TableUuid = Guid.NewGuid().ToString("D"),
            Location = location,
            LastUpdatedMs = now.ToUnixTimeMilliseconds(),
            LastColumnId = fresh.HighestFieldId,
            Schemas = [fresh],
            CurrentSchemaId = 0,
            PartitionSpecs = [new(0, fields)],
            LastPartitionId = PartitionSpec.FirstFieldId - 1 + fields.Length,
            SortOrders = sort.OrderId == 0 ? [sort] : [SortOrder.Unsorted, sort],
            DefaultSortOrderId = sort.OrderId,
            Properties = properties.Where(p => !Reserved.Contains(p.Key)).ToImmutableSortedDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal),
        };
    }

    /// <summary>Adds a snapshot and moves a branch to it; a table of version 1 becomes one of version 2.</summary>
    public static TableMetadata WithSnapshot(this TableMetadata metadata, Snapshot snapshot, string branch)
    {
        if (metadata.FormatVersion > TableMetadata.WrittenVersion)
            throw new IcebergException(IcebergError.Unsupported, $"The table of {metadata.Location} has format version {metadata.FormatVersion}; snapshots are written to version 2 only (docs/iceberg.md). Nothing was written; the table is as before.");
        var before = metadata.Refs.GetValueOrDefault(branch);
        if (before is { IsBranch: false }) throw IcebergException.Illegal($"'{branch}' is a tag, which cannot be written to.");
        var changed = metadata with
        {
            FormatVersion = TableMetadata.WrittenVersion,
            TableUuid = metadata.TableUuid ?? Guid.NewGuid().ToString("D"),
            LastSequenceNumber = snapshot.SequenceNumber,
            Snapshots = metadata.Snapshots.Add(snapshot),
        };
        return changed.WithRef(branch, (before ?? new SnapshotRef(0, IsBranch: true)) with { SnapshotId = snapshot.SnapshotId }, snapshot.TimestampMs);
    }

    /// <summary>Sets a branch or tag; main gets a line in the log.</summary>
    public static TableMetadata WithRef(this TableMetadata metadata, string name, SnapshotRef reference, long timestampMs)
    {
        if (metadata.Find(reference.SnapshotId) is null) throw IcebergException.Illegal($"'{name}' would be snapshot {reference.SnapshotId}, which the table does not have.");
        if (name == SnapshotRef.Main && !reference.IsBranch) throw IcebergException.Illegal("'main' must be a branch.");
        var changed = metadata with { Refs = metadata.Refs.SetItem(name, reference) };
        if (name != SnapshotRef.Main || metadata.Refs.GetValueOrDefault(name)?.SnapshotId == reference.SnapshotId) return changed;
        // Of several snapshots in one commit the last one counts.
        var log = metadata.SnapshotLog is [.., var last] && last.TimestampMs == timestampMs && metadata.Source is null ? metadata.SnapshotLog.RemoveAt(metadata.SnapshotLog.Length - 1) : metadata.SnapshotLog;
        return changed with { SnapshotLog = log.Add((timestampMs, reference.SnapshotId)) };
    }

    /// <summary>Removes snapshots; the log forgets what came before them.</summary>
    public static TableMetadata WithoutSnapshots(this TableMetadata metadata, IReadOnlySet<long> ids)
    {
        if (metadata.Refs.FirstOrDefault(r => ids.Contains(r.Value.SnapshotId)) is { Key: { } name }) throw IcebergException.Illegal($"Snapshot {metadata.Refs[name].SnapshotId} is that of '{name}' and cannot be removed.");
        var log = new List<(long, long)>();
        foreach (var entry in metadata.SnapshotLog)
        {
            if (ids.Contains(entry.SnapshotId)) log.Clear();
            else log.Add(entry);
        }

        return metadata with { Snapshots = [.. metadata.Snapshots.Where(s => !ids.Contains(s.SnapshotId))], SnapshotLog = [.. log] };
    }

    /// <summary>Makes a schema the current one; one that was there before gets its old id.</summary>
    public static TableMetadata WithCurrentSchema(this TableMetadata metadata, Schema schema, int lastColumnId)
    {
        Check(schema);
        if (metadata.Schemas.FirstOrDefault(s => s.HasSameColumns(schema)) is { } same) return metadata with { CurrentSchemaId = same.SchemaId, LastColumnId = Math.Max(lastColumnId, metadata.LastColumnId) };
        var id = metadata.Schemas.Max(s => s.SchemaId) + 1;
        return metadata with { Schemas = metadata.Schemas.Add(schema.WithId(id)), CurrentSchemaId = id, LastColumnId = Math.Max(lastColumnId, metadata.LastColumnId) };
    }

    /// <summary>Makes a spec the default one; one that was there before gets its old id.</summary>
    public static TableMetadata WithDefaultSpec(this TableMetadata metadata, ImmutableArray<PartitionField> fields)
    {
        Check(fields, metadata.CurrentSchema);
        var spec = new PartitionSpec(0, fields);
        if (metadata.PartitionSpecs.FirstOrDefault(s => s.IsCompatible(spec)) is { } same) return metadata with { DefaultSpecId = same.SpecId };
        var id = metadata.PartitionSpecs.Max(s => s.SpecId) + 1;
        return metadata with
        {
            PartitionSpecs = metadata.PartitionSpecs.Add(new(id, fields)), DefaultSpecId = id, LastPartitionId = Math.Max(metadata.LastPartitionId, fields.Select(f => f.FieldId).DefaultIfEmpty(0).Max()),
        };
    }

    /// <summary>The line of the file before, and the time of the change.</summary>
    public static TableMetadata Committed(this TableMetadata next, Table basis, DateTimeOffset now)
    {
        var keep = next.Properties.TryGetValue("write.metadata.previous-versions-max", out var text) && int.TryParse(text, out var most) ? Math.Max(1, most) : 100;
        var log = next.MetadataLog.Add((basis.Metadata.LastUpdatedMs, basis.MetadataLocation));
        return next with
        {
            LastUpdatedMs = Math.Max(Math.Max(now.ToUnixTimeMilliseconds(), basis.Metadata.LastUpdatedMs), next.SnapshotLog.Select(e => e.TimestampMs).DefaultIfEmpty(0).Max()),
            MetadataLog = log.Length > keep ? log[^keep..] : log,
        };
    }

    /// <summary>A schema whose fields have ids from 1 on, level by level (spec/iceberg.md 2.2), and which id became which.</summary>
    public static (Schema Schema, Dictionary<int, int> Ids) FreshIds(Schema schema)
    {
        var next = 1;
        var ids = new Dictionary<int, int>();
        var fields = Fresh(schema.Fields, ref next, ids);
        return (new Schema(fields, 0, [.. schema.IdentifierFieldIds.Select(i => ids[i])]), ids);
    }

    internal static ImmutableArray<NestedField> Fresh(ImmutableArray<NestedField> fields, ref int next, Dictionary<int, int> ids)
    {
        var numbered = new List<NestedField>();
        foreach (var field in fields)
        {
            ids[field.Id] = next;
            numbered.Add(field with { Id = next++ });
        }

        for (var i = 0; i < numbered.Count; i++) numbered[i] = numbered[i] with { Type = Fresh(numbered[i].Type, ref next, ids) };
        return [.. numbered];
    }

    internal static IcebergType Fresh(IcebergType type, ref int next, Dictionary<int, int> ids)
    {
        switch (type)
        {
            case StructType structure: return new StructType(Fresh(structure.Fields, ref next, ids));
            case ListType list:
                var element = next++;
                ids[list.ElementId] = element;
                return new ListType(element, Fresh(list.Element, ref next, ids), list.IsElementRequired);
            case MapType map:
                var (key, value) = (next++, next++);
                (ids[map.KeyId], ids[map.ValueId]) = (key, value);
                return new MapType(key, Fresh(map.Key, ref next, ids), value, Fresh(map.Value, ref next, ids), map.IsValueRequired);
            default: return type;
        }
    }

    /// <exception cref="IcebergException">A rule of schemas is broken.</exception>
    public static void Check(Schema schema)
    {
        foreach (var (field, name) in schema.AllFields)
        {
            if (field.Name.Length == 0) throw IcebergException.Illegal("A column has no name.");
            if (field.Type is PrimitiveType { NeedsVersion3: true } type) throw IcebergException.Illegal($"Column '{name}' is of the type {type}, which tables of version 2 do not have.");
            if (field.InitialDefault is not null || field.WriteDefault is not null) throw IcebergException.Illegal($"Column '{name}' has a default, which tables of version 2 do not have.");
        }

        foreach (var id in schema.IdentifierFieldIds)
        {
            var path = schema.PathTo(id) ?? throw IcebergException.Illegal($"The identifier field {id} is not in the schema.");
            if (!path.All(f => f.IsRequired) || path[^1].Type is not PrimitiveType { Kind: not (PrimitiveKind.Float or PrimitiveKind.Double) } || path[..^1].Any(f => f.Type is not StructType))
                throw IcebergException.Illegal($"'{schema.NameOf(id)}' cannot identify rows: it must be required, no float or double, and in no list, map or optional struct.");
        }
    }

    private static void Check(ImmutableArray<PartitionField> fields, Schema schema)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            var path = schema.PathTo(field.SourceId) ?? throw IcebergException.Illegal($"Partition field '{field.Name}' is made of the field {field.SourceId}, which the schema does not have.");
            if (path[..^1].Any(f => f.Type is not StructType)) throw IcebergException.Illegal($"Partition field '{field.Name}' is made of a field within a list or map.");
            if (path[^1].Type is not PrimitiveType type || field.Transform.ResultType(type) is null) throw IcebergException.Illegal($"Partition field '{field.Name}': {field.Transform} does not take {path[^1].Type}.");
            if (!names.Add(field.Name)) throw IcebergException.Illegal($"There are two partition fields '{field.Name}'.");
            if (schema.Find(field.Name) is { } column && !(field.Transform is IdentityTransform or VoidTransform && column.Id == field.SourceId)) throw IcebergException.Illegal($"A partition field cannot be called '{field.Name}' as a column is.");
        }

        if (fields.Where(f => f.Transform is TimeTransform).GroupBy(f => (f.SourceId, f.Transform)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw IcebergException.Illegal($"Column {schema.NameOf(twice.Key.SourceId)} is partitioned by {twice.Key.Transform} twice.");
    }

    private static int Mapped(Dictionary<int, int> ids, int id, string what) => ids.TryGetValue(id, out var mapped) ? mapped : throw IcebergException.Illegal($"{what} is made of the field {id}, which the schema does not have.");
}
