namespace Dlt.Iceberg;

/// <summary>The snapshot that a branch is at.</summary>
internal static class BranchHead
{
    /// <summary>The newest snapshot of a branch; null for main of a table without rows.</summary>
    /// <exception cref="IcebergException">There is no such branch, or it is a tag.</exception>
    public static Snapshot? Of(TableMetadata metadata, string branch)
    {
        if (metadata.Refs.TryGetValue(branch, out var reference))
        {
            if (!reference.IsBranch)
                throw IcebergException.Illegal($"'{branch}' is a tag, which cannot be written to. Make a branch of it with CreateBranch.");
            return metadata.Find(reference.SnapshotId);
        }

        if (branch == SnapshotRef.Main) return null;
        throw IcebergException.Illegal($"There is no branch '{branch}'. Make it with CreateBranch, in this transaction or in one before.");
    }

    /// <summary>The newest snapshot of a branch that others made: what a change is planned on, after earlier changes of the same
    /// transaction.</summary>
    /// <param name="metadata">The table after the earlier changes.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="own">Snapshots of the transaction.</param>
    /// <exception cref="IcebergException">There is no such branch, or it is a tag.</exception>
    public static Snapshot? BeforeOwn(TableMetadata metadata, string branch, IReadOnlySet<long> own) =>
        metadata.AncestorsOf(Of(metadata, branch)).FirstOrDefault(s => !own.Contains(s.SnapshotId));
}
