using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Changes one branch or tag, which must still be what it was when the change was planned (docs/spec/iceberg.md 6.14).</summary>
/// <param name="name">The branch or tag.</param>
internal abstract class RefAction(string name) : TransactionAction
{
    private bool _isPlanned;
    private SnapshotRef? _before;
    private SnapshotRef? _after;

    /// <summary>The branch or tag.</summary>
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
            var what = _before is null ? "made" : now is null ? "removed" : "moved";
            throw new IcebergException(IcebergError.Conflict,
                $"'{Name}' was {what} by another commit. Nothing was committed. Look at the table again.");
        }

        return Task.FromResult(UpdatesOf(now));
    }

    /// <summary>Decides, once, what becomes of the branch or tag; null removes it.</summary>
    /// <param name="metadata">The table when the change is planned.</param>
    /// <param name="now">The branch or tag; null where there is none.</param>
    /// <exception cref="IcebergException">The change is not legal.</exception>
    protected abstract SnapshotRef? Plan(TableMetadata metadata, SnapshotRef? now);

    private ImmutableArray<TableUpdate> UpdatesOf(SnapshotRef? now)
    {
        if (_after == now) return [];
        return _after is null ? [new TableUpdate.RemoveSnapshotRef(Name)] : [new TableUpdate.SetSnapshotRef(Name, _after)];
    }
}
