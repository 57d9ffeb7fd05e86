using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Creates the metadata of a new table (docs/spec/iceberg.md 2).</summary>
internal static class NewTableMetadata
{
    /// <summary>Creates metadata without a snapshot, of format version 2 if the properties do not name version 3.</summary>
    /// <param name="schema">Columns. Their fields get new ids.</param>
    /// <param name="spec">Partition spec with the field ids of <paramref name="schema"/>.</param>
    /// <param name="order">Sort order with the field ids of <paramref name="schema"/>.</param>
    /// <param name="location">Location of the table's folder.</param>
    /// <param name="properties">Properties of the table. Reserved properties are not stored.</param>
    /// <param name="now">Time of the creation.</param>
    /// <exception cref="IcebergException">The schema, the spec or the order is not valid.</exception>
    public static TableMetadata Of(Schema schema, PartitionSpec spec, SortOrder order, string location,
        IReadOnlyDictionary<string, string> properties, DateTimeOffset now)
    {
        var (fresh, ids) = FreshIds.Of(schema);
        var version = VersionOf(properties);
        SchemaRules.Check(fresh, version);
        var fields = spec.Fields.Select((f, i) =>
            f with { SourceId = Mapped(ids, f.SourceId, $"Partition field '{f.Name}'"), FieldId = PartitionSpec.FirstFieldId + i })
                .ToImmutableArray();
        PartitionRules.Check(fields, fresh);
        PartitionRules.CheckAdded(fields, fresh);
        var sort = order.Fields.IsEmpty
            ? SortOrder.Unsorted
            : new SortOrder(1, [.. order.Fields.Select(f => f with { SourceId = Mapped(ids, f.SourceId, "A sort field") })]);
        SortRules.Check(sort.Fields, fresh);
        return new TableMetadata
        {
            FormatVersion = version,
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

    /// <summary>The property <c>format-version</c> selects the version of a new table (docs/spec/iceberg.md 2.5): 2 or 3.</summary>
    private static int VersionOf(IReadOnlyDictionary<string, string> properties) =>
        properties.GetValueOrDefault(ReservedProperties.FormatVersion) switch
        {
            null or "2" => TableMetadata.WrittenVersion,
            "3" => TableMetadata.HighestVersion,
            var other => throw new IcebergException(
                IcebergError.Unsupported,
                $"The property format-version is '{other}', but new tables have version 2 or 3 (docs/iceberg.md). No table was created. "
                    + "Remove the property format-version, or set it to 2 or 3."),
        };

    private static int Mapped(Dictionary<int, int> ids, int id, string what) => ids.TryGetValue(id, out var mapped)
        ? mapped : throw IcebergException.Illegal($"{what} refers to the field {id}, which the schema does not have.");
}
