using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Derives the requirements of a commit from its updates (docs/spec/iceberg.md 9.2; Java: UpdateRequirements).</summary>
internal static class TableRequirements
{
    /// <summary>Returns the requirements without duplicates, in the order of the updates that need them.</summary>
    /// <param name="basis">Metadata that the updates were prepared on.</param>
    /// <param name="updates">The updates of the commit.</param>
    public static ImmutableArray<TableRequirement> Of(TableMetadata basis, IEnumerable<TableUpdate> updates)
    {
        IEnumerable<TableRequirement> table = basis.TableUuid is { } uuid ? [new TableRequirement.AssertTableUuid(uuid)] : [];
        return [.. table.Concat(updates.SelectMany(u => Of(basis, u))).Distinct()];
    }

    private static IEnumerable<TableRequirement> Of(TableMetadata basis, TableUpdate update) => update switch
    {
        TableUpdate.AddSchema => [new TableRequirement.AssertLastAssignedFieldId(basis.LastColumnId)],
        TableUpdate.SetCurrentSchema => [new TableRequirement.AssertCurrentSchemaId(basis.CurrentSchemaId)],
        TableUpdate.AddSpec => [new TableRequirement.AssertLastAssignedPartitionId(basis.LastPartitionId)],
        TableUpdate.SetDefaultSpec => [DefaultSpec(basis)],
        // If neither the default spec nor a branch has changed, no commit in between can have used the removed specs.
        TableUpdate.RemovePartitionSpecs => [DefaultSpec(basis), .. basis.Refs.Where(r => r.Value.IsBranch).Select(r => Ref(basis, r.Key))],
        TableUpdate.SetDefaultSortOrder => [new TableRequirement.AssertDefaultSortOrderId(basis.DefaultSortOrderId)],
        TableUpdate.SetSnapshotRef set => [Ref(basis, set.RefName)],
        TableUpdate.RemoveSnapshotRef removed => [Ref(basis, removed.RefName)],
        _ => [],
    };

    private static TableRequirement.AssertDefaultSpecId DefaultSpec(TableMetadata basis) => new(basis.DefaultSpecId);

    private static TableRequirement.AssertRefSnapshotId Ref(TableMetadata basis, string name) =>
        new(name, basis.Refs.GetValueOrDefault(name)?.SnapshotId);
}
