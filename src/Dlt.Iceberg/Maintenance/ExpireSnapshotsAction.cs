using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Removes the branches, tags and snapshots that have expired (docs/spec/iceberg.md 6.11).</summary>
/// <param name="olderThan">Snapshots before this time expire; null for the table property, which is an age of five days by default.</param>
/// <param name="retainLast">Number of snapshots that each branch keeps; null for the table property, which is 1 by default.</param>
internal sealed class ExpireSnapshotsAction(DateTimeOffset? olderThan, int? retainLast) : TransactionAction
{
    private const long DefaultMaxAgeMs = 432_000_000;

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
        var kept = Kept(metadata, [.. metadata.Refs.RemoveRange(removed).Values], now);
        ImmutableArray<long> expired = [.. metadata.Snapshots.Select(s => s.SnapshotId).Where(id => !kept.Contains(id))];
        IEnumerable<TableUpdate> refs = removed.Select(name => new TableUpdate.RemoveSnapshotRef(name));
        ImmutableArray<TableUpdate> updates = expired.IsEmpty ? [.. refs] : [.. refs, new TableUpdate.RemoveSnapshots(expired)];
        return Task.FromResult(updates);
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
