using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>
/// One change of the metadata of a table (Iceberg REST catalog specification, TableUpdate). <see cref="TableMetadataBuilder"/> applies it
/// and <see cref="TableCommit"/> sends it to the catalog. Each summary begins with the action of the update in the specification.
/// </summary>
internal abstract record TableUpdate
{
    /// <summary>Id that stands for the schema, partition spec or sort order that the same commit added last.</summary>
    public const int LastAdded = -1;

    private TableUpdate()
    {
    }

    /// <summary><c>assign-uuid</c>: sets the uuid of a table that has none.</summary>
    internal sealed record AssignUuid(string Uuid) : TableUpdate;

    /// <summary><c>upgrade-format-version</c>: raises the format version.</summary>
    internal sealed record UpgradeFormatVersion(int FormatVersion) : TableUpdate
    {
        /// <summary>
        /// Locations of manifest lists, by snapshot id, that the writer created for snapshots of version 1 without one. They are not part
        /// of the update in the specification, because the server of a catalog upgrades its own metadata.
        /// </summary>
        public ImmutableDictionary<long, string> ManifestLists { get; init; } = ImmutableDictionary<long, string>.Empty;
    }

    /// <summary><c>add-schema</c>: adds a schema with a new id.</summary>
    internal sealed record AddSchema(Schema Schema, int LastColumnId) : TableUpdate;

    /// <summary><c>set-current-schema</c>: sets the schema for new rows.</summary>
    internal sealed record SetCurrentSchema(int SchemaId) : TableUpdate;

    /// <summary><c>add-spec</c>: adds a partition spec with a new id.</summary>
    internal sealed record AddSpec(PartitionSpec Spec) : TableUpdate;

    /// <summary><c>set-default-spec</c>: sets the partition spec for new files.</summary>
    internal sealed record SetDefaultSpec(int SpecId) : TableUpdate;

    /// <summary><c>remove-partition-specs</c>: removes partition specs that no file uses.</summary>
    internal sealed record RemovePartitionSpecs(ImmutableArray<int> SpecIds) : TableUpdate;

    /// <summary><c>add-sort-order</c>: adds a sort order with a new id.</summary>
    internal sealed record AddSortOrder(SortOrder SortOrder) : TableUpdate;

    /// <summary><c>set-default-sort-order</c>: sets the order of the rows in new files.</summary>
    internal sealed record SetDefaultSortOrder(int SortOrderId) : TableUpdate;

    /// <summary><c>set-properties</c>: adds properties or changes their values.</summary>
    internal sealed record SetProperties(ImmutableSortedDictionary<string, string> Updates) : TableUpdate;

    /// <summary><c>remove-properties</c>: removes properties. A property that is not set is ignored.</summary>
    internal sealed record RemoveProperties(ImmutableArray<string> Removals) : TableUpdate;

    /// <summary><c>add-snapshot</c>: adds a snapshot. No branch or tag points to it yet.</summary>
    internal sealed record AddSnapshot(Snapshot Snapshot) : TableUpdate;

    /// <summary><c>set-snapshot-ref</c>: creates or changes a branch or tag.</summary>
    internal sealed record SetSnapshotRef(string RefName, SnapshotRef Reference) : TableUpdate;

    /// <summary><c>remove-snapshot-ref</c>: removes a branch or tag. Its snapshots stay.</summary>
    internal sealed record RemoveSnapshotRef(string RefName) : TableUpdate;

    /// <summary><c>remove-snapshots</c>: removes snapshots that no branch or tag points to.</summary>
    internal sealed record RemoveSnapshots(ImmutableArray<long> SnapshotIds) : TableUpdate;
}
