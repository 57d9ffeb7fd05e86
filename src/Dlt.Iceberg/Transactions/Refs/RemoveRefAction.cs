namespace Dlt.Iceberg;

/// <summary>Removes a branch or tag. Its snapshots stay until they expire.</summary>
/// <param name="name">Name of the branch or tag.</param>
internal sealed class RemoveRefAction(string name) : RefAction(name)
{
    protected override SnapshotRef? Plan(TableMetadata metadata, SnapshotRef? now)
    {
        if (Name == SnapshotRef.Main) throw IcebergException.Illegal("'main' cannot be removed.");
        return now is null ? throw IcebergException.Illegal($"There is no branch or tag '{Name}'.") : null;
    }
}
