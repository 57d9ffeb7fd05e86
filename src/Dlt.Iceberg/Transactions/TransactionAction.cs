using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>One change of a table. Every attempt to commit prepares it again on the current metadata. A new kind of change is a new class
/// in a separate file, and a method of <see cref="Transaction"/> if users call it.</summary>
internal abstract class TransactionAction
{
    /// <summary>Prepares the updates that make the change. Returns no updates when there is nothing to do.</summary>
    /// <param name="metadata">Metadata of the table after the earlier changes of the transaction.</param>
    /// <param name="attempt">Writes files that the attempt needs.</param>
    /// <param name="cancellationToken">Cancels the preparation. Files that were written are deleted.</param>
    /// <exception cref="IcebergException">The change is not legal, or contradicts a commit that was made since it was planned.</exception>
    public abstract Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken);

    /// <summary>Id of the snapshot that the action may create, the same in every attempt; null for an action that never creates
    /// one.</summary>
    public virtual long? OwnSnapshotId => null;

    /// <summary>Id of the snapshot that the last attempt created; null for none. A table that contains it shows that the commit was
    /// made.</summary>
    public virtual long? SnapshotId => null;

    /// <summary>Locations of the data and delete files that the table needs once the commit is made.</summary>
    public virtual IEnumerable<string> FilesInUse => [];
}
