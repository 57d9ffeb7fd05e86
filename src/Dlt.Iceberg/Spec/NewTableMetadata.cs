using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Makes the metadata of a new table (docs/spec/iceberg.md 2).</summary>
internal static class NewTableMetadata
{
    /// <summary>Makes metadata of format version 2, without a snapshot.</summary>
    /// <param name="schema">The columns; they get ids of their own.</param>
    /// <param name="spec">The partitions, by the ids that <paramref name="schema"/> has.</param>
    /// <param name="order">The order of rows, by the same ids.</param>
    /// <param name="location">The folder.</param>
    /// <param name="properties">The properties; reserved ones are left out.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="IcebergException">Schema, spec or order are not legal.</exception>
    public static TableMetadata Of(Schema schema, PartitionSpec spec, SortOrder order, string location,
        IReadOnlyDictionary<string, string> properties, DateTimeOffset now)
    {
        var (fresh, ids) = FreshIds.Of(schema);
        SchemaRules.Check(fresh);
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

    /// <summary>The property chooses the version of a new table (docs/spec/iceberg.md 2.5).</summary>
    private static void CheckVersion(IReadOnlyDictionary<string, string> properties)
    {
        if (properties.GetValueOrDefault(ReservedProperties.FormatVersion) is not { } version || version == "2") return;
        throw new IcebergException(IcebergError.Unsupported,
            $"A table of format version '{version}' is wanted; tables are made in version 2 only (docs/iceberg.md). Nothing was made. "
                + "Leave out the property format-version.");
    }

    private static int Mapped(Dictionary<int, int> ids, int id, string what) => ids.TryGetValue(id, out var mapped)
        ? mapped : throw IcebergException.Illegal($"{what} is made of the field {id}, which the schema does not have.");
}
