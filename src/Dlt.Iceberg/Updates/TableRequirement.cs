namespace Dlt.Iceberg;

/// <summary>
/// Condition that the current version of a table must meet for a commit, so the commit does not undo changes of another writer (Iceberg
/// REST catalog specification, TableRequirement). Each summary begins with the type of the requirement in the specification.
/// </summary>
internal abstract record TableRequirement
{
    private TableRequirement()
    {
    }

    /// <summary>Returns whether metadata meets the requirement.</summary>
    public abstract bool IsMetBy(TableMetadata metadata);

    /// <summary><c>assert-table-uuid</c>: the table was not dropped and created again.</summary>
    internal sealed record AssertTableUuid(string Uuid) : TableRequirement
    {
        public override bool IsMetBy(TableMetadata metadata) => metadata.TableUuid == Uuid;
    }

    /// <summary><c>assert-ref-snapshot-id</c>: a branch or tag is still at a snapshot. Null requires that it does not exist.</summary>
    internal sealed record AssertRefSnapshotId(string Ref, long? SnapshotId) : TableRequirement
    {
        public override bool IsMetBy(TableMetadata metadata) => metadata.Refs.GetValueOrDefault(Ref)?.SnapshotId == SnapshotId;
    }

    /// <summary><c>assert-last-assigned-field-id</c>: no column was added.</summary>
    internal sealed record AssertLastAssignedFieldId(int LastAssignedFieldId) : TableRequirement
    {
        public override bool IsMetBy(TableMetadata metadata) => metadata.LastColumnId == LastAssignedFieldId;
    }

    /// <summary><c>assert-current-schema-id</c>: the schema for new rows is still the same.</summary>
    internal sealed record AssertCurrentSchemaId(int CurrentSchemaId) : TableRequirement
    {
        public override bool IsMetBy(TableMetadata metadata) => metadata.CurrentSchemaId == CurrentSchemaId;
    }

    /// <summary><c>assert-last-assigned-partition-id</c>: no partition field was added.</summary>
    internal sealed record AssertLastAssignedPartitionId(int LastAssignedPartitionId) : TableRequirement
    {
        public override bool IsMetBy(TableMetadata metadata) => metadata.LastPartitionId == LastAssignedPartitionId;
    }

    /// <summary><c>assert-default-spec-id</c>: the partition spec for new files is still the same.</summary>
    internal sealed record AssertDefaultSpecId(int DefaultSpecId) : TableRequirement
    {
        public override bool IsMetBy(TableMetadata metadata) => metadata.DefaultSpecId == DefaultSpecId;
    }

    /// <summary><c>assert-default-sort-order-id</c>: the order of the rows in new files is still the same.</summary>
    internal sealed record AssertDefaultSortOrderId(int DefaultSortOrderId) : TableRequirement
    {
        public override bool IsMetBy(TableMetadata metadata) => metadata.DefaultSortOrderId == DefaultSortOrderId;
    }
}
