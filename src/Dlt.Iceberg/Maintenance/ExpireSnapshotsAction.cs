using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Removes the branches, tags and snapshots that have expired (docs/spec/iceberg.md 6.11).</summary>
/// <param name="olderThan">Snapshots before this time go; null for the table's property, five days by default.</param>
/// <param name="retainLast">Fewest snapshots that stay of each branch; null for the table's property, one by default.</param>
internal sealed class ExpireSnapshotsAction(DateTimeOffset? olderThan, int? retainLast) : TransactionAction
{
    private const long DefaultMaxAgeMs = 432_000_000;

    /// <summary>The table that the last attempt was made on; null before the first.</summary>
    public TableMetadata? Basis { get; private set; }

    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        Basis = metadata;
        if (metadata.Properties.GetValueOrDefault("gc.enabled") == "false")
            throw IcebergException.Illegal("The table's property gc.enabled is false: its snapshots must not expire.");
        var now = attempt.Now.ToUnixTimeMilliseconds();
        List<string> removed = [.. metadata.Refs.Where(r => HasExpired(metadata, r.Key, r.Value, now)).Select(r => r.Key)];
        var kept = Kept(metadata, [.. metadata.Refs.RemoveRange(removed).Values], now);
        ImmutableArray<long> expired = [.. metadata.Snapshots.Select(s => s.SnapshotId).Where(id => !kept.Contains(id))];
        IEnumerable<TableUpdate> refs = removed.Select(name => new TableUpdate.RemoveSnapshotRef(name));
        return Task.FromResult<ImmutableArray<TableUpdate>>(expired.IsEmpty
            ? [.. refs]
            : [.. refs, new TableUpdate.RemoveSnapshots(expired)]);
    }

    private static bool HasExpired(TableMetadata metadata, string name, SnapshotRef reference, long now) =>
        name != SnapshotRef.Main
        && (reference.MaxRefAgeMs ?? metadata.Number("history.expire.max-ref-age-ms")) is { } age
        && now - metadata.Find(reference.SnapshotId)!.TimestampMs > age;

    private HashSet<long> Kept(TableMetadata metadata, ImmutableArray<SnapshotRef> refs, long now)
    {
        var kept = refs.Select(r => r.SnapshotId).ToHashSet();
        var reachable = new HashSet<long>(kept);
        var cutOff = olderThan?.ToUnixTimeMilliseconds()
            ?? now - (metadata.Number("history.expire.max-snapshot-age-ms") ?? DefaultMaxAgeMs);
        foreach (var branch in refs.Where(r => r.IsBranch))
        {
            var least = branch.MinSnapshotsToKeep ?? retainLast ?? (int)(metadata.Number("history.expire.min-snapshots-to-keep") ?? 1);
            var oldest = branch.MaxSnapshotAgeMs is { } age ? now - age : cutOff;
            var count = 0;
            var isKept = true;
            foreach (var snapshot in metadata.AncestorsOf(metadata.Find(branch.SnapshotId)))
            {
                reachable.Add(snapshot.SnapshotId);
                isKept = isKept && (count < least || snapshot.TimestampMs >= oldest);
                if (isKept) kept.Add(snapshot.SnapshotId);
                count++;
            }
        }

        var unnamed = metadata.Snapshots.Where(s => !reachable.Contains(s.SnapshotId) && s.TimestampMs >= cutOff);
        kept.UnionWith(unnamed.Select(s => s.SnapshotId));
        return kept;
    }
}
