namespace Dlt.Iceberg;

/// <summary>Finds the newest snapshot of a branch.</summary>
internal static class BranchHead
{
    /// <summary>Returns the newest snapshot of a branch; null for main of a table without rows.</summary>
    /// <exception cref="IcebergException">The branch does not exist, or it is a tag.</exception>
    public static Snapshot? Of(TableMetadata metadata, string branch)
    {
        if (metadata.Refs.TryGetValue(branch, out var reference))
        {
            if (!reference.IsBranch)
            {
                throw IcebergException.Illegal(
                    $"'{branch}' is a tag, and tags cannot be written to. Create a branch at its snapshot with CreateBranch.");
            }

            return metadata.Find(reference.SnapshotId);
        }

        if (branch == SnapshotRef.Main) return null;
        throw IcebergException.Illegal(
            $"There is no branch '{branch}'. Create it with CreateBranch, in this transaction or in an earlier one.");
    }

    /// <summary>Returns the newest snapshot of a branch that is not part of the transaction; null when the branch has no such
    /// snapshot.</summary>
    /// <param name="metadata">Metadata of the table after the earlier changes of the transaction.</param>
    /// <param name="branch">Name of the branch.</param>
    /// <param name="own">Ids of the snapshots of the transaction.</param>
    /// <exception cref="IcebergException">The branch does not exist, or it is a tag.</exception>
    public static Snapshot? BeforeOwn(TableMetadata metadata, string branch, IReadOnlySet<long> own) =>
        metadata.AncestorsOf(Of(metadata, branch)).FirstOrDefault(s => !own.Contains(s.SnapshotId));
}
