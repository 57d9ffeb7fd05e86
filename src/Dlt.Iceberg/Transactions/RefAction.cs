namespace Dlt.Iceberg;

/// <summary>Changes one branch or tag, which must still be what it was when the change was planned (spec/iceberg.md 6.14).</summary>
/// <param name="name">The branch or tag.</param>
/// <param name="change">What becomes of it; null removes it. It is asked once, when the change is planned.</param>
internal sealed class RefAction(string name, Func<TableMetadata, SnapshotRef?, SnapshotRef?> change) : TransactionAction
{
    private bool _isPlanned;
    private SnapshotRef? _before;
    private SnapshotRef? _after;

    public override Task<TableMetadata> ApplyAsync(TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        var now = metadata.Refs.GetValueOrDefault(name);
        if (!_isPlanned)
        {
            _before = now;
            _after = change(metadata, now);
            _isPlanned = true;
        }
        else if (now?.SnapshotId != _before?.SnapshotId)
        {
            var what = _before is null ? "made" : now is null ? "removed" : "moved";
            throw new IcebergException(IcebergError.Conflict,
                $"'{name}' was {what} by another commit. Nothing was committed. Look at the table again.");
        }

        if (_after == now) return Task.FromResult(metadata);
        if (_after is null) return Task.FromResult(metadata with { Refs = metadata.Refs.Remove(name) });
        var time = Math.Max(attempt.Now.ToUnixTimeMilliseconds(), metadata.LastUpdatedMs);
        return Task.FromResult(metadata.WithRef(name, _after, time));
    }

    /// <summary>Names a snapshot with a new branch or tag.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isBranch">False for a tag.</param>
    /// <param name="snapshotId">The snapshot; null for the newest one of <paramref name="of"/>.</param>
    /// <param name="of">The branch of the transaction.</param>
    public static RefAction Create(string name, bool isBranch, long? snapshotId, string of) => new(name, (metadata, now) =>
    {
        if (now is not null)
            throw IcebergException.Illegal(
                $"There is a branch or tag '{name}' already. Take another name, or move it with "
                + $"Replace{(now.IsBranch ? "Branch" : "Tag")}.");
        if (!isBranch && name == SnapshotRef.Main)
            throw IcebergException.Illegal("'main' is the name of the branch that readers use. Take another name.");
        var id = snapshotId ?? BranchHead.Of(metadata, of)?.SnapshotId
            ?? throw IcebergException.Illegal("The table has no snapshot to be named. Add rows first.");
        return new SnapshotRef(id, isBranch);
    });

    /// <summary>Moves a branch or tag to another snapshot, whichever that is.</summary>
    public static RefAction Replace(string name, bool isBranch, long snapshotId) => new(name, (metadata, now) =>
    {
        if (now is null || now.IsBranch != isBranch)
            throw IcebergException.Illegal($"There is no {(isBranch ? "branch" : "tag")} '{name}'.");
        if (metadata.Find(snapshotId) is null) throw IcebergException.Illegal($"There is no snapshot {snapshotId}; it may have expired.");
        return now with { SnapshotId = snapshotId };
    });

    /// <summary>Removes a branch or tag.</summary>
    public static RefAction Remove(string name) => new(name, (_, now) =>
    {
        if (name == SnapshotRef.Main) throw IcebergException.Illegal("'main' cannot be removed.");
        return now is null ? throw IcebergException.Illegal($"There is no branch or tag '{name}'.") : null;
    });

    /// <summary>Moves a branch on to where another branch or tag is.</summary>
    public static RefAction FastForward(string branch, string to) => new(branch, (metadata, now) =>
    {
        if (!metadata.Refs.TryGetValue(to, out var target)) throw IcebergException.Illegal($"There is no branch or tag '{to}'.");
        if (now is null) return new SnapshotRef(target.SnapshotId, IsBranch: true);
        if (!now.IsBranch) throw IcebergException.Illegal($"'{branch}' is a tag, which stays at its snapshot. Use ReplaceTag to move it.");
        if (metadata.AncestorsOf(metadata.Find(target.SnapshotId)).All(s => s.SnapshotId != now.SnapshotId))
        {
            throw IcebergException.Illegal(
                $"'{branch}' cannot be forwarded to '{to}': its snapshot {now.SnapshotId} is no ancestor of {target.SnapshotId}, so that "
                + "its own changes would be lost. Use ReplaceBranch to give them up.");
        }

        return now with { SnapshotId = target.SnapshotId };
    });

    /// <summary>Sets how long a branch or tag keeps itself and its snapshots.</summary>
    public static RefAction SetRetention(string name, int? minSnapshotsToKeep, TimeSpan? maxSnapshotAge, TimeSpan? maxRefAge) =>
        new(name, (_, now) =>
    {
        if (now is null) throw IcebergException.Illegal($"There is no branch or tag '{name}'.");
        if (!now.IsBranch && (minSnapshotsToKeep is not null || maxSnapshotAge is not null))
            throw IcebergException.Illegal($"'{name}' is a tag, which keeps its one snapshot. Give it a maxRefAge only.");
        if (name == SnapshotRef.Main && maxRefAge is not null)
            throw IcebergException.Illegal("'main' never expires, so that it takes no maxRefAge.");
        if (minSnapshotsToKeep < 1)
            throw IcebergException.Illegal($"A branch keeps at least one snapshot, and minSnapshotsToKeep is {minSnapshotsToKeep}.");
        if (maxSnapshotAge <= TimeSpan.Zero || maxRefAge <= TimeSpan.Zero)
            throw IcebergException.Illegal("An age must be longer than zero.");
        return now with
        {
            MinSnapshotsToKeep = minSnapshotsToKeep,
            MaxSnapshotAgeMs = (long?)maxSnapshotAge?.TotalMilliseconds,
            MaxRefAgeMs = (long?)maxRefAge?.TotalMilliseconds,
        };
    });
}
