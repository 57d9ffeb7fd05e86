using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Legal changes of metadata; each says which rule a change would break (spec/iceberg.md 2, 6).</summary>
internal static class TableMetadataChanges
{
    private const int DefaultPreviousVersions = 100;

    /// <summary>The metadata of a new table.</summary>
    /// <exception cref="IcebergException">Schema, spec or order are not legal.</exception>
    public static TableMetadata New(Schema schema, PartitionSpec spec, SortOrder order, string location,
        IReadOnlyDictionary<string, string> properties, DateTimeOffset now)
    {
        var (fresh, ids) = FreshIds(schema);
        Check(fresh);
        var fields = spec.Fields.Select((f, i) =>
            f with { SourceId = Mapped(ids, f.SourceId, $"Partition field '{f.Name}'"), FieldId = PartitionSpec.FirstFieldId + i })
                .ToImmutableArray();
        PartitionRules.Check(fields, fresh);
        PartitionRules.CheckAdded(fields, fresh);
        CheckVersion(properties);
        var sort = order.Fields.IsEmpty
            ? SortOrder.Unsorted
            : new SortOrder(1, [.. order.Fields.Select(f => f with { SourceId = Mapped(ids, f.SourceId, "A sort field") })]);
        SortRules.Check(sort.Fields, fresh);
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
            Properties = properties.Where(p => !ReservedProperties.Contains(p.Key))
                .ToImmutableSortedDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal),
        };
    }

    /// <summary>Adds a snapshot and moves a branch to it.</summary>
    public static TableMetadata WithSnapshot(this TableMetadata metadata, Snapshot snapshot, string branch)
    {
        metadata.CheckTakesRows();
        var before = metadata.Refs.GetValueOrDefault(branch);
        var changed = metadata with
        {
            LastSequenceNumber = snapshot.SequenceNumber,
            Snapshots = metadata.Snapshots.Add(snapshot),
        };
        return changed.WithRef(branch, (before ?? new SnapshotRef(0, IsBranch: true)) with { SnapshotId = snapshot.SnapshotId },
            snapshot.TimestampMs);
    }

    /// <summary>Sets a branch or tag; main gets a line in the log.</summary>
    public static TableMetadata WithRef(this TableMetadata metadata, string name, SnapshotRef reference, long timestampMs)
    {
        if (metadata.Find(reference.SnapshotId) is null)
            throw IcebergException.Illegal($"'{name}' would be snapshot {reference.SnapshotId}, which the table does not have.");
        if (name == SnapshotRef.Main && !reference.IsBranch) throw IcebergException.Illegal("'main' must be a branch.");
        var changed = metadata with { Refs = metadata.Refs.SetItem(name, reference) };
        if (name != SnapshotRef.Main || metadata.Refs.GetValueOrDefault(name)?.SnapshotId == reference.SnapshotId) return changed;
        return changed with { SnapshotLog = metadata.SnapshotLog.Add((timestampMs, reference.SnapshotId)) };
    }

    /// <summary>Removes snapshots; the log forgets what came before them.</summary>
    public static TableMetadata WithoutSnapshots(this TableMetadata metadata, IReadOnlySet<long> ids)
    {
        if (metadata.Refs.FirstOrDefault(r => ids.Contains(r.Value.SnapshotId)) is { Key: { } name })
            throw IcebergException.Illegal($"Snapshot {metadata.Refs[name].SnapshotId} is that of '{name}' and cannot be removed.");
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
        PartitionNames.Check(schema, metadata.CurrentSchema, metadata.PartitionSpecs);
        if (metadata.Schemas.FirstOrDefault(s => s.HasSameColumns(schema)) is { } same)
            return metadata with { CurrentSchemaId = same.SchemaId, LastColumnId = Math.Max(lastColumnId, metadata.LastColumnId) };
        var id = metadata.Schemas.Max(s => s.SchemaId) + 1;
        return metadata with
        {
            Schemas = metadata.Schemas.Add(schema.WithId(id)),
            CurrentSchemaId = id,
            LastColumnId = Math.Max(lastColumnId, metadata.LastColumnId),
        };
    }

    /// <summary>Makes a spec the default one; one that was there before gets its old id.</summary>
    public static TableMetadata WithDefaultSpec(this TableMetadata metadata, ImmutableArray<PartitionField> fields)
    {
        PartitionRules.Check(fields, metadata.CurrentSchema);
        var spec = new PartitionSpec(0, fields);
        if (metadata.PartitionSpecs.FirstOrDefault(s => s.IsCompatible(spec)) is { } same)
            return metadata with { DefaultSpecId = same.SpecId };
        var id = metadata.PartitionSpecs.Max(s => s.SpecId) + 1;
        return metadata with
        {
            PartitionSpecs = metadata.PartitionSpecs.Add(new(id, fields)), DefaultSpecId = id,
            LastPartitionId = Math.Max(metadata.LastPartitionId, fields.Select(f => f.FieldId).DefaultIfEmpty(0).Max()),
        };
    }

    /// <summary>The line of the file before, and the time of the change.</summary>
    public static TableMetadata Committed(this TableMetadata next, Table basis, DateTimeOffset now)
    {
        var keep = (int)Math.Clamp(next.Number("write.metadata.previous-versions-max") ?? DefaultPreviousVersions, 1, int.MaxValue);
        var log = next.MetadataLog.Add((basis.Metadata.LastUpdatedMs, basis.MetadataLocation));
        var snapshotLog = WithLastOf(next.SnapshotLog, basis.Metadata.SnapshotLog);
        var newest = snapshotLog.Select(e => e.TimestampMs).DefaultIfEmpty(0).Max();
        return next with
        {
            LastUpdatedMs = Math.Max(Math.Max(now.ToUnixTimeMilliseconds(), basis.Metadata.LastUpdatedMs), newest),
            MetadataLog = log.Length > keep ? log[^keep..] : log,
            SnapshotLog = snapshotLog,
        };
    }

    /// <summary>Of several snapshots that one commit makes main's, only the last one stands in the log (spec/iceberg.md 2.3).</summary>
    private static ImmutableArray<(long TimestampMs, long SnapshotId)> WithLastOf(
        ImmutableArray<(long TimestampMs, long SnapshotId)> log, ImmutableArray<(long TimestampMs, long SnapshotId)> before)
    {
        var known = before.ToHashSet();
        var added = log.Count(e => !known.Contains(e));
        return added < 2 ? log : [.. log.Where((e, i) => i == log.Length - 1 || known.Contains(e))];
    }

    /// <summary>The property chooses the version of a new table (spec/iceberg.md 2.5).</summary>
    private static void CheckVersion(IReadOnlyDictionary<string, string> properties)
    {
        if (properties.GetValueOrDefault(ReservedProperties.FormatVersion) is not { } version || version == "2") return;
        throw new IcebergException(IcebergError.Unsupported,
            $"A table of format version '{version}' is wanted; tables are made in version 2 only (docs/iceberg.md). Nothing was made. "
                + "Leave out the property format-version.");
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
            if (field.Type is PrimitiveType { NeedsVersion3: true } type)
                throw IcebergException.Illegal($"Column '{name}' is of the type {type}, which tables of version 2 do not have.");
            if (field.InitialDefault is not null || field.WriteDefault is not null)
                throw IcebergException.Illegal($"Column '{name}' has a default, which tables of version 2 do not have.");
        }

        foreach (var id in schema.IdentifierFieldIds)
        {
            var path = schema.PathTo(id) ?? throw IcebergException.Illegal($"The identifier field {id} is not in the schema.");
            if (!path.All(f => f.IsRequired)
                || path[^1].Type is not PrimitiveType { Kind: not (PrimitiveKind.Float or PrimitiveKind.Double) }
                || path[..^1].Any(f => f.Type is not StructType))
                throw IcebergException
                    .Illegal($"'{schema.NameOf(id)}' cannot identify rows: it must be required, no float or double, and in no list, map or "
                        + "optional struct.");
        }
    }

    private static int Mapped(Dictionary<int, int> ids, int id, string what) => ids.TryGetValue(id, out var mapped)
        ? mapped : throw IcebergException.Illegal($"{what} is made of the field {id}, which the schema does not have.");
}
