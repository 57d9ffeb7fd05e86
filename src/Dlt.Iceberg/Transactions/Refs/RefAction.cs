using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Changes one branch or tag. It conflicts with commits that moved, created or removed the same branch or tag since the change was
/// planned (docs/spec/iceberg.md 6.14).</summary>
/// <param name="name">Name of the branch or tag.</param>
internal abstract class RefAction(string name) : TransactionAction
{
    private bool _isPlanned;
    private SnapshotRef? _before;
    private SnapshotRef? _after;

    /// <summary>Name of the branch or tag.</summary>
    protected string Name { get; } = name;

    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        var now = metadata.Refs.GetValueOrDefault(Name);
        if (!_isPlanned)
        {
            _before = now;
            _after = Plan(metadata, now);
            _isPlanned = true;
        }
        else if (now?.SnapshotId != _before?.SnapshotId)
        {
            var what = _before is null ? "created" : now is null ? "removed" : "moved";
            throw new IcebergException(
                IcebergError.Conflict,
                $"Another commit {what} '{Name}'. Nothing was committed. Load the table and plan the change again.");
        }

        return Task.FromResult(UpdatesOf(now));
    }

    /// <summary>Plans the change once and returns the new state of the branch or tag; null removes it.</summary>
    /// <param name="metadata">Metadata of the table when the change is planned.</param>
    /// <param name="now">The branch or tag at that time; null when it does not exist.</param>
    /// <exception cref="IcebergException">The change is not legal.</exception>
    protected abstract SnapshotRef? Plan(TableMetadata metadata, SnapshotRef? now);

    private ImmutableArray<TableUpdate> UpdatesOf(SnapshotRef? now)
    {
        if (_after == now) return [];
        return _after is null ? [new TableUpdate.RemoveSnapshotRef(Name)] : [new TableUpdate.SetSnapshotRef(Name, _after)];
    }
}
