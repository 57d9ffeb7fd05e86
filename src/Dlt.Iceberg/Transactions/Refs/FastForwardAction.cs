namespace Dlt.Iceberg;

/// <summary>Moves a branch on to where another branch or tag is, which it must be an ancestor of.</summary>
/// <param name="branch">The branch; it is made when there is none.</param>
/// <param name="to">The other branch or tag.</param>
internal sealed class FastForwardAction(string branch, string to) : RefAction(branch)
{
    protected override SnapshotRef Plan(TableMetadata metadata, SnapshotRef? now)
    {
        if (!metadata.Refs.TryGetValue(to, out var target)) throw IcebergException.Illegal($"There is no branch or tag '{to}'.");
        if (now is null) return new SnapshotRef(target.SnapshotId, IsBranch: true);
        if (!now.IsBranch) throw IcebergException.Illegal($"'{Name}' is a tag, which stays at its snapshot. Use ReplaceTag to move it.");
        if (metadata.AncestorsOf(metadata.Find(target.SnapshotId)).Any(s => s.SnapshotId == now.SnapshotId))
            return now with { SnapshotId = target.SnapshotId };
        throw IcebergException.Illegal(
            $"'{Name}' cannot be forwarded to '{to}': its snapshot {now.SnapshotId} is not an ancestor of {target.SnapshotId}, so that "
            + "its own changes would be lost. Use ReplaceBranch to give them up.");
    }
}
