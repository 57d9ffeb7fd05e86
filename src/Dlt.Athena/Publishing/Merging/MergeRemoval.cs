using Dlt.Destinations.Staging;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Takes the nested rows of a merge back that is given up. While the root table does not have the rows of the load, its new nested rows go
/// again; afterwards they stay, and those of the root rows that it removed go.
/// </summary>
/// <param name="tables">Opens the tables.</param>
/// <param name="completeLoads">Reads the ids of complete loads.</param>
internal sealed class MergeRemoval(AbandonedFiles tables, Func<CancellationToken, Task<IReadOnlySet<string>>> completeLoads)
{
    /// <summary>Removes the rows of a nested table.</summary>
    /// <param name="stored">The table.</param>
    /// <param name="load">The load.</param>
    /// <param name="table">The table in the load.</param>
    /// <param name="owner">The rows that its rows belong to.</param>
    /// <param name="cancellationToken">Stops; some rows may be removed.</param>
    /// <returns>True when rows of the load stay, because they have replaced earlier ones.</returns>
    public async Task<bool> RemoveAsync(
        Table stored, PublishObject load, PublishedTable table, RowOwner owner, CancellationToken cancellationToken)
    {
        var step = new StepIdentity(load.LoadId, StepIdentity.Data);
        var root = await tables.TryOpenAsync(owner.Root, cancellationToken).ConfigureAwait(false);
        var isRootMerged = root is not null && StepRecord.Has(root.Metadata, step);
        var hasData = StepRecord.Has(stored.Metadata, step);
        if (!isRootMerged && !hasData) return false;
        var stays = isRootMerged && hasData;
        if (!isRootMerged)
        {
            var added = stored.Metadata.Snapshots.Where(s => StepRecord.IsOf(s, step)).ToList();
            var mode = ChainPublishers.ModeOf(table.Mode) as MergeMode;
            var isAdding = mode is { Strategy: not (MergeStrategyKind.Upsert or MergeStrategyKind.Cdc) };
            var hasAddedOnly = added.TrueForAll(s => s.Operation == "append") && (added.Count > 0 || isAdding);
            var ids = added.Select(s => s.SnapshotId).ToHashSet();
            bool IsOwn(ManifestEntry entry) =>
                hasAddedOnly && (ids.Contains(entry.SnapshotId) || StagedName.IsIn(entry.File.FilePath, table.Files));
            var removed = await RemoveFilesAsync(stored, load.LoadId, IsOwn, cancellationToken).ConfigureAwait(false);
            if (hasAddedOnly && added.Count > 0 && removed >= added.Sum(StepRecord.AddedRows)) return false;
            stays = !hasAddedOnly;
        }

        var complete = await completeLoads(cancellationToken).ConfigureAwait(false);
        await OwnerRows.RemoveAbsentAsync(stored, owner, tables.TryOpenAsync, load.LoadId, complete, cancellationToken)
            .ConfigureAwait(false);
        return stays;
    }

    /// <summary>Removes the data files that the load added, and records that it may add its rows again.</summary>
    /// <returns>Number of removed rows.</returns>
    private static async Task<long> RemoveFilesAsync(
        Table stored, string loadId, Func<ManifestEntry, bool> isOwn, CancellationToken cancellationToken)
    {
        var step = new StepIdentity(loadId, StepIdentity.Removal);
        var removed = new Dictionary<string, long>(StringComparer.Ordinal);
        var change = new OverwriteAction
        {
            Properties = new Dictionary<string, string> { [StepRecord.LoadId] = step.LoadId, [StepRecord.Step] = step.Step },
            Removes = (_, entry) =>
            {
                if (!isOwn(entry)) return false;
                removed[entry.File.FilePath] = entry.File.RecordCount;
                return true;
            },
        };
        var action = new StepAction(step, change, replaces: false, new HashSet<string>(), _ => true);
        await stored.NewTransaction().Patiently().Add(action).CommitAsync(cancellationToken).ConfigureAwait(false);
        return removed.Values.Sum();
    }
}
