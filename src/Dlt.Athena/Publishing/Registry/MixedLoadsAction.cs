using System.Collections.Immutable;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Records loads in <see cref="MixedLoads.Property"/>, in the commit that makes their rows one with those of other loads.
/// </summary>
/// <param name="change">
/// The change, if it only finds out in the commit which loads these are: those of the snapshots that it removes. Null to record
/// <paramref name="loads"/> in the commit of another action.
/// </param>
/// <param name="loads">The loads that are known before.</param>
/// <param name="recentlyComplete">Loads that became complete in the last hour.</param>
internal sealed class MixedLoadsAction(
    TransactionAction? change, IReadOnlyCollection<string> loads, IReadOnlySet<string> recentlyComplete) : TransactionAction
{
    public override async Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        ImmutableArray<TableUpdate> updates =
            change is null ? [] : await change.PrepareAsync(metadata, attempt, cancellationToken).ConfigureAwait(false);
        var removed = updates.OfType<TableUpdate.RemoveSnapshots>().SelectMany(r => r.SnapshotIds)
            .Select(id => MixedLoads.LoadOf(metadata.Find(id))).OfType<string>();
        return MixedLoads.Note(metadata, loads.Concat(removed), recentlyComplete) is { } note ? [.. updates, note] : updates;
    }
}
