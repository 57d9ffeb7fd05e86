using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>What one attempt of a commit works with.</summary>
internal sealed class CommitAttempt(IFileIO files, IDataFileReader? reader, DateTimeOffset now, int number, List<string> written)
{
    public IFileIO Files { get; } = files;

    public IDataFileReader? Reader { get; } = reader;

    public DateTimeOffset Now { get; } = now;

    /// <summary>1 for the first.</summary>
    public int Number { get; } = number;

    /// <summary>Writes a file that is deleted if the commit fails, or does not need it in the end.</summary>
    public async Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken)
    {
        await Files.WriteAsync(location, content, cancellationToken).ConfigureAwait(false);
        written.Add(location);
    }
}

/// <summary>One change of a table. Every attempt prepares it again, for the metadata as it is then; the commit makes it. A new action is a
/// file of its own, and a method of <see cref="Transaction"/> where users call it.</summary>
internal abstract class TransactionAction
{
    /// <summary>Prepares the updates that make the change; none when there is nothing to do.</summary>
    /// <param name="metadata">The table after the earlier changes of the transaction.</param>
    /// <param name="attempt">The attempt: what files are written with.</param>
    /// <param name="cancellationToken">Stops; files that were written are deleted.</param>
    /// <exception cref="IcebergException">The change is not legal, or contradicts what was committed since it was planned.</exception>
    public abstract Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken);

    /// <summary>Id of the snapshot that the action makes if it makes one, the same in every attempt.</summary>
    public virtual long? OwnSnapshotId => null;

    /// <summary>Snapshots that the action adds: found in a table, they tell that the commit was made.</summary>
    public virtual long? SnapshotId => null;

    /// <summary>Files that the table needs when the commit was made.</summary>
    public virtual IEnumerable<string> FilesInUse => [];
}
