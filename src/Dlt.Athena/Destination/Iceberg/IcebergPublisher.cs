using Dlt.Destinations.Publishing;
using Dlt.Iceberg;
using Dlt.Packages;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Iceberg;

/// <summary>Commits the steps of one load to Iceberg tables: each as one snapshot, each once.</summary>
/// <param name="loads">What the load knew of others when it began.</param>
/// <param name="warn">Tells that rows stayed out.</param>
internal sealed class IcebergPublisher(ConcurrentLoads loads, Action<string> warn)
{
    private string LoadId => loads.Own.LoadId;

    /// <summary>Removes all rows but those of appends under way.</summary>
    public Task TruncateAsync(IcebergTable stored, CancellationToken cancellationToken) =>
        ReplaceAsync(stored, new(LoadId, StepIdentity.Truncate), [], cancellationToken);

    /// <summary>Commits the files of the load; what an earlier attempt committed is not committed again.</summary>
    /// <param name="table">The table in the schema.</param>
    /// <param name="stored">The table.</param>
    /// <param name="files">Files of the package, and their names in the table's folder.</param>
    /// <param name="replaces">True: they take the place of all rows.</param>
    /// <param name="cancellationToken">Stops; the commit is then made or not.</param>
    public async Task PublishAsync(
        TableSchema table, IcebergTable stored, IReadOnlyList<(string Path, string Name)> files, bool replaces,
            CancellationToken cancellationToken)
    {
        var step = new StepIdentity(LoadId, StepIdentity.Data);
        if (StepRecord.Has(stored.Metadata, step)) return;
        var isLate = replaces && StepRecord.LastReplace(stored.Metadata) is { } other && !IsLast(stored, other);
        var data = new List<DataFile>();
        if (!isLate)
        {
            foreach (var (path, name) in files) data.AddRange(
                await LoadedFile.AddAsync(table, stored, path, name, cancellationToken).ConfigureAwait(false));
            foreach (var file in data) IcebergTableCheck.CheckValues(table, stored, file);
        }

        if (replaces) await ReplaceAsync(stored, step, data, cancellationToken).ConfigureAwait(false);
        else if (data.Count > 0) await CommitAsync(
            stored, step, new AppendAction(data) { Properties = Summary(step, StepRecord.Append) }, replaces: false, cancellationToken)
                .ConfigureAwait(false);
    }

    private async Task ReplaceAsync(
        IcebergTable stored, StepIdentity step, IReadOnlyList<DataFile> files, CancellationToken cancellationToken)
    {
        if (files.Count == 0 && stored.Metadata.CurrentSnapshot is null) return;
        var since = loads.Began - ReplaceRule.UnderWay;
        bool IsBeside(Snapshot? snapshot) => snapshot is not null && StepRecord.IsBeside(snapshot, LoadId, loads.CompleteBefore, since);
        var change = new OverwriteAction
        {
            Properties = Summary(step, StepRecord.Replace),
            Added = [.. files],
            Removes = (metadata, entry) => !IsBeside(metadata.Find(entry.SnapshotId)),
            RemovesAllDeletes = metadata => !metadata.Snapshots.Any(IsBeside),
        };
        await CommitAsync(stored, step, change, replaces: step.Step == StepIdentity.Data, cancellationToken).ConfigureAwait(false);
    }

    private async Task CommitAsync(
        IcebergTable stored, StepIdentity step, SnapshotAction change, bool replaces, CancellationToken cancellationToken)
    {
        var action = new StepAction(step, change, replaces, loads.Complete, other => IsLast(stored, other));
        var committed = await stored.NewTransaction().Add(action).CommitAsync(cancellationToken).ConfigureAwait(false);
        if (action.Outcome != StepOutcome.Superseded) return;
        warn($"Load {LoadId} would replace table '{stored.Name}', but the later load {StepRecord.LastReplace(committed.Metadata)} has replaced it meanwhile. The rows of the later load stay, and those of {LoadId} are not in the table.");
        await stored.Files.DeleteAsync([.. change.FilesInUse], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A later load has the last word when it is complete, under way, or came in since this one began. One that died long ago, perhaps
    /// under a clock that was ahead, has not.
    /// </summary>
    private bool IsLast(IcebergTable stored, string other)
    {
        if (LoadIdOrder.Instance.Compare(other, LoadId) <= 0) return true;
        var isAlive = loads.Others.TryGetValue(other, out var load) && load.LastModified > loads.Began - ReplaceRule.UnderWay;
        return !loads.Complete.Contains(other) && !isAlive && StepRecord.LastReplace(stored.Metadata) == other;
    }

    private static Dictionary<string, string> Summary(StepIdentity step, string disposition) =>
        new() { [StepRecord.LoadId] = step.LoadId, [StepRecord.Step] = step.Step, [StepRecord.Disposition] = disposition };
}
