namespace Dlt.Iceberg;

/// <summary>Moves a branch forward to the snapshot of another branch or tag. Its own snapshot must be an ancestor of that
/// snapshot.</summary>
/// <param name="branch">Name of the branch. It is created if it does not exist.</param>
/// <param name="to">Name of the other branch or tag.</param>
internal sealed class FastForwardAction(string branch, string to) : RefAction(branch)
{
    protected override SnapshotRef Plan(TableMetadata metadata, SnapshotRef? now)
    {
        if (!metadata.Refs.TryGetValue(to, out var target)) throw IcebergException.Illegal($"There is no branch or tag '{to}'.");
        if (now is null) return new SnapshotRef(target.SnapshotId, IsBranch: true);
        if (!now.IsBranch) throw IcebergException.Illegal($"'{Name}' is a tag, which cannot be fast-forwarded. Move it with ReplaceTag.");
        if (metadata.AncestorsOf(metadata.Find(target.SnapshotId)).Any(s => s.SnapshotId == now.SnapshotId))
            return now with { SnapshotId = target.SnapshotId };
        throw IcebergException.Illegal(
            $"'{Name}' cannot be fast-forwarded to '{to}': its snapshot {now.SnapshotId} is not an ancestor of {target.SnapshotId}, so its "
            + "own changes would be lost. To give them up, move it with ReplaceBranch.");
    }
}
