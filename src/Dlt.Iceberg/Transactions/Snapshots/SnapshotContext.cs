namespace Dlt.Iceberg;

/// <summary>What an attempt to make a snapshot works with.</summary>
/// <param name="metadata">The table after the earlier changes of the transaction.</param>
/// <param name="parent">The newest snapshot of the branch; null for the first.</param>
/// <param name="reader">Reads manifests.</param>
/// <param name="before">Manifests of the parent.</param>
/// <param name="attempt">The attempt of the commit.</param>
/// <param name="sequenceNumber">That of the new snapshot.</param>
internal sealed class SnapshotContext(TableMetadata metadata, Snapshot? parent, SnapshotReader reader,
    List<ManifestFile> before, CommitAttempt attempt, long sequenceNumber)
{
    public TableMetadata Metadata { get; } = metadata;

    public Snapshot? Parent { get; } = parent;

    public SnapshotReader Reader { get; } = reader;

    /// <summary>Manifests of the parent.</summary>
    public List<ManifestFile> Before { get; } = before;

    public CommitAttempt Attempt { get; } = attempt;

    public long SequenceNumber { get; } = sequenceNumber;

    public SnapshotSummary Summary { get; } = new();
}
