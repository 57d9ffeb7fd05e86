namespace Dlt.Iceberg;

/// <summary>Holds the state of one attempt to create a snapshot.</summary>
/// <param name="metadata">Metadata of the table after the earlier changes of the transaction.</param>
/// <param name="parent">The newest snapshot of the branch; null for the first snapshot.</param>
/// <param name="reader">Reads manifests.</param>
/// <param name="before">Manifests of the parent; empty for the first snapshot.</param>
/// <param name="attempt">The attempt to commit the transaction.</param>
/// <param name="sequenceNumber">Sequence number of the new snapshot.</param>
internal sealed class SnapshotContext(
    TableMetadata metadata, Snapshot? parent, SnapshotReader reader, List<ManifestFile> before, CommitAttempt attempt, long sequenceNumber)
{
    public TableMetadata Metadata { get; } = metadata;

    public Snapshot? Parent { get; } = parent;

    public SnapshotReader Reader { get; } = reader;

    public List<ManifestFile> Before { get; } = before;

    public CommitAttempt Attempt { get; } = attempt;

    public long SequenceNumber { get; } = sequenceNumber;

    public SnapshotSummary Summary { get; } = new();
}
