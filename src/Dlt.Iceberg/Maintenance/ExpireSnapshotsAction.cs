using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Removes the branches, tags and snapshots that have expired (docs/spec/iceberg.md 6.11).</summary>
/// <param name="olderThan">Snapshots before this time expire; null for the table property, which is an age of five days by default.</param>
/// <param name="retainLast">Number of snapshots that each branch keeps; null for the table property, which is 1 by default.</param>
internal sealed class ExpireSnapshotsAction(DateTimeOffset? olderThan, int? retainLast) : TransactionAction
{
    private const long DefaultMaxAgeMs = 432_000_000;

    /// <summary>Returns the ids of further snapshots that stay, in the metadata of the attempt.</summary>
    public Func<TableMetadata, IEnumerable<long>> Needed { get; init; } = _ => [];

    /// <summary>Metadata that the last attempt was prepared on; null before the first attempt.</summary>
    public TableMetadata? Basis { get; private set; }

    public override Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        Basis = metadata;
        if (metadata.Properties.GetValueOrDefault("gc.enabled") == "false")
        {
            throw IcebergException.Illegal(
                "The table property gc.enabled is false, so snapshots cannot expire. Set it to true if no other table uses the files.");
        }

        var now = attempt.Now.ToUnixTimeMilliseconds();
        List<string> removed = [.. metadata.Refs.Where(r => HasExpired(metadata, r.Key, r.Value, now)).Select(r => r.Key)];
        var expired = ExpiredOf(metadata, removed, now);
        IEnumerable<TableUpdate> refs = removed.Select(name => new TableUpdate.RemoveSnapshotRef(name));
        ImmutableArray<TableUpdate> updates = expired.IsEmpty ? [.. refs] : [.. refs, new TableUpdate.RemoveSnapshots(expired)];
        return Task.FromResult(updates);
    }

    /// <summary>Returns the snapshots that would expire now, by the rules of the action. References that expire count as removed.</summary>
    /// <param name="metadata">The table.</param>
    /// <param name="time">The time.</param>
    public ImmutableArray<long> ExpiredAt(TableMetadata metadata, DateTimeOffset time)
    {
        var now = time.ToUnixTimeMilliseconds();
        return ExpiredOf(metadata, metadata.Refs.Where(r => HasExpired(metadata, r.Key, r.Value, now)).Select(r => r.Key), now);
    }

    private ImmutableArray<long> ExpiredOf(TableMetadata metadata, IEnumerable<string> removedRefs, long now)
    {
        var kept = Kept(metadata, [.. metadata.Refs.RemoveRange(removedRefs).Values], now);
        kept.UnionWith(Needed(metadata));
        return [.. metadata.Snapshots.Select(s => s.SnapshotId).Where(id => !kept.Contains(id))];
    }

    private static bool HasExpired(TableMetadata metadata, string name, SnapshotRef reference, long now) =>
        name != SnapshotRef.Main
        && (reference.MaxRefAgeMs ?? metadata.Number("history.expire.max-ref-age-ms")) is { } age
        && now - metadata.Find(reference.SnapshotId)!.TimestampMs > age;

    /// <summary>Returns the ids of the snapshots that branches, tags or their age keep.</summary>
    private HashSet<long> Kept(TableMetadata metadata, ImmutableArray<SnapshotRef> refs, long now)
    {
        var kept = refs.Select(r => r.SnapshotId).ToHashSet();
        var reachable = new HashSet<long>(kept);
        var cutOff = olderThan?.ToUnixTimeMilliseconds()
            ?? now - (metadata.Number("history.expire.max-snapshot-age-ms") ?? DefaultMaxAgeMs);
        foreach (var branch in refs.Where(r => r.IsBranch))
        {
            var minCount = branch.MinSnapshotsToKeep ?? retainLast ?? (int)(metadata.Number("history.expire.min-snapshots-to-keep") ?? 1);
            var oldest = branch.MaxSnapshotAgeMs is { } age ? now - age : cutOff;
            var count = 0;
            var isKept = true;
            foreach (var snapshot in metadata.AncestorsOf(metadata.Find(branch.SnapshotId)))
            {
                reachable.Add(snapshot.SnapshotId);
                isKept = isKept && (count < minCount || snapshot.TimestampMs >= oldest);
                if (isKept) kept.Add(snapshot.SnapshotId);
                count++;
            }
        }

        var unnamed = metadata.Snapshots.Where(s => !reachable.Contains(s.SnapshotId) && s.TimestampMs >= cutOff);
        kept.UnionWith(unnamed.Select(s => s.SnapshotId));
        return kept;
    }
}
