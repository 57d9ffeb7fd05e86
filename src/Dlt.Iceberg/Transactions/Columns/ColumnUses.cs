namespace Dlt.Iceberg;

/// <summary>What of a table is made of a column, and would be broken without it.</summary>
/// <param name="metadata">The table.</param>
internal sealed class ColumnUses(TableMetadata metadata)
{
    /// <summary>Checks that a column can be dropped.</summary>
    /// <param name="name">Full name of the column.</param>
    /// <param name="fieldIds">The column, and what is in it.</param>
    /// <param name="identifierFieldIds">The fields that identify rows.</param>
    /// <exception cref="IcebergException">The table is identified, partitioned or sorted by it.</exception>
    public void CheckUnused(string name, IReadOnlySet<int> fieldIds, IEnumerable<int> identifierFieldIds)
    {
        if (identifierFieldIds.Any(fieldIds.Contains)) throw IcebergException.Illegal($"'{name}' identifies rows and cannot be dropped.");
        if (SortOrder()?.Fields.Any(f => fieldIds.Contains(f.SourceId)) == true)
            throw IcebergException.Illegal($"The table is sorted by '{name}'. Change the sort order first: ReplaceSortOrder.");
        if (FieldOf(metadata.DefaultSpec, fieldIds) is { } field)
        {
            throw IcebergException.Illegal(
                $"The table is partitioned by '{field.Name}', which is made of '{name}'. Remove it from the partition spec first, "
                + $"UpdateSpec(s => s.RemoveField(\"{field.Name}\")), "
                + $"and then the spec itself: {SpecRemoval.Calls}.");
        }

        foreach (var spec in metadata.PartitionSpecs)
        {
            if (FieldOf(spec, fieldIds) is not { } old) continue;
            throw IcebergException.Illegal(
                $"'{name}' cannot be dropped: the older partition spec {spec.SpecId} has a field '{old.Name}' that is made of it, and "
                + "Iceberg Java up to 1.9.2 (Athena, EMR, Glue) "
                + $"then fails on every query. Remove the spec first, when nothing uses it any more: {SpecRemoval.Calls}.");
        }
    }

    private static PartitionField? FieldOf(PartitionSpec spec, IReadOnlySet<int> fieldIds) =>
        spec.Fields.FirstOrDefault(f => fieldIds.Contains(f.SourceId));

    private SortOrder? SortOrder() => metadata.SortOrders.FirstOrDefault(o => o.OrderId == metadata.DefaultSortOrderId);
}
