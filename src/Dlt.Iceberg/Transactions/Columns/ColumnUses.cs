namespace Dlt.Iceberg;

/// <summary>Finds the parts of a table that depend on a column: identifier fields, sort order and partition specs.</summary>
/// <param name="metadata">Metadata of the table.</param>
internal sealed class ColumnUses(TableMetadata metadata)
{
    /// <summary>Checks that a column can be dropped.</summary>
    /// <param name="name">Full name of the column.</param>
    /// <param name="fieldIds">Ids of the column and of all fields within it.</param>
    /// <param name="identifierFieldIds">Ids of the fields that identify rows.</param>
    /// <exception cref="IcebergException">The column identifies rows, or a sort order or partition spec uses it.</exception>
    public void CheckUnused(string name, IReadOnlySet<int> fieldIds, IEnumerable<int> identifierFieldIds)
    {
        if (identifierFieldIds.Any(fieldIds.Contains)) throw IcebergException.Illegal($"'{name}' identifies rows and cannot be dropped.");
        if (SortOrder()?.Fields.Any(f => fieldIds.Contains(f.SourceId)) == true)
            throw IcebergException.Illegal($"The table is sorted by '{name}'. Change the sort order first with ReplaceSortOrder.");
        if (FieldOf(metadata.DefaultSpec, fieldIds) is { } field)
        {
            throw IcebergException.Illegal(
                $"The table is partitioned by '{field.Name}', which is computed from '{name}'. First remove the field from the partition "
                + $"spec with UpdateSpec(s => s.RemoveField(\"{field.Name}\")), then remove the old spec: {SpecRemoval.Calls}.");
        }

        foreach (var spec in metadata.PartitionSpecs)
        {
            if (FieldOf(spec, fieldIds) is not { } old) continue;
            throw IcebergException.Illegal(
                $"'{name}' cannot be dropped: the older partition spec {spec.SpecId} has a field '{old.Name}' that is computed from it. "
                + "Without the column, every query of Iceberg Java up to 1.9.2 (Athena, EMR, Glue) fails. "
                + $"Remove the spec first, once no file uses it: {SpecRemoval.Calls}.");
        }
    }

    private static PartitionField? FieldOf(PartitionSpec spec, IReadOnlySet<int> fieldIds) =>
        spec.Fields.FirstOrDefault(f => fieldIds.Contains(f.SourceId));

    private SortOrder? SortOrder() => metadata.SortOrders.FirstOrDefault(o => o.OrderId == metadata.DefaultSortOrderId);
}
