using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>
/// One change of a table's metadata (Iceberg REST catalog specification, TableUpdate). <see cref="TableMetadataBuilder"/> applies it,
/// <see cref="TableCommit"/> carries it to the catalog. The summaries give the specification's name of the action.
/// </summary>
internal abstract record TableUpdate
{
    /// <summary>In place of an id: the schema, spec or sort order that the same commit added last.</summary>
    public const int LastAdded = -1;

    private TableUpdate()
    {
    }

    /// <summary><c>assign-uuid</c>: gives a table without a uuid one.</summary>
    internal sealed record AssignUuid(string Uuid) : TableUpdate;

    /// <summary><c>upgrade-format-version</c>: raises the format version.</summary>
    internal sealed record UpgradeFormatVersion(int FormatVersion) : TableUpdate
    {
        /// <summary>
        /// Manifest lists that the writer has made for snapshots of version 1 that name their manifests themselves: location by snapshot
        /// id. They are not part of the specification's update; a catalog's server sees to its own metadata.
        /// </summary>
        public ImmutableDictionary<long, string> ManifestLists { get; init; } = ImmutableDictionary<long, string>.Empty;
    }

    /// <summary><c>add-schema</c>: adds a schema of a new id.</summary>
    internal sealed record AddSchema(Schema Schema, int LastColumnId) : TableUpdate;

    /// <summary><c>set-current-schema</c>: chooses the schema for new rows.</summary>
    internal sealed record SetCurrentSchema(int SchemaId) : TableUpdate;

    /// <summary><c>add-spec</c>: adds a partition spec of a new id.</summary>
    internal sealed record AddSpec(PartitionSpec Spec) : TableUpdate;

    /// <summary><c>set-default-spec</c>: chooses the partition spec for new files.</summary>
    internal sealed record SetDefaultSpec(int SpecId) : TableUpdate;

    /// <summary><c>remove-partition-specs</c>: removes specs that no file is written with.</summary>
    internal sealed record RemovePartitionSpecs(ImmutableArray<int> SpecIds) : TableUpdate;

    /// <summary><c>add-sort-order</c>: adds a sort order of a new id.</summary>
    internal sealed record AddSortOrder(SortOrder SortOrder) : TableUpdate;

    /// <summary><c>set-default-sort-order</c>: chooses the order of the rows in new files.</summary>
    internal sealed record SetDefaultSortOrder(int SortOrderId) : TableUpdate;

    /// <summary><c>set-properties</c>: adds properties, or gives them other values.</summary>
    internal sealed record SetProperties(ImmutableSortedDictionary<string, string> Updates) : TableUpdate;

    /// <summary><c>remove-properties</c>: removes properties; one that is not set is left alone.</summary>
    internal sealed record RemoveProperties(ImmutableArray<string> Removals) : TableUpdate;

    /// <summary><c>add-snapshot</c>: adds a snapshot, which no branch or tag names yet.</summary>
    internal sealed record AddSnapshot(Snapshot Snapshot) : TableUpdate;

    /// <summary><c>set-snapshot-ref</c>: makes a branch or tag, or changes it.</summary>
    internal sealed record SetSnapshotRef(string RefName, SnapshotRef Reference) : TableUpdate;

    /// <summary><c>remove-snapshot-ref</c>: removes a branch or tag; its snapshots stay.</summary>
    internal sealed record RemoveSnapshotRef(string RefName) : TableUpdate;

    /// <summary><c>remove-snapshots</c>: removes snapshots that no branch or tag names.</summary>
    internal sealed record RemoveSnapshots(ImmutableArray<long> SnapshotIds) : TableUpdate;
}
