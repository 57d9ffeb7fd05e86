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
    /// <returns>The table as it is then.</returns>
    public Task<IcebergTable> TruncateAsync(IcebergTable stored, CancellationToken cancellationToken) =>
        ReplaceAsync(stored, new(LoadId, StepIdentity.Truncate), [], isLate: false, cancellationToken);

    /// <summary>Commits the files of the load; what an earlier attempt committed is not committed again.</summary>
    /// <param name="table">The table in the schema.</param>
    /// <param name="stored">The table.</param>
    /// <param name="files">Files of the package, and their names in the table's folder.</param>
    /// <param name="replaces">True: they take the place of all rows.</param>
    /// <param name="cancellationToken">Stops; the commit is then made or not.</param>
    /// <returns>Rows of the load in the table, by its metadata; null where that no longer says so, or a later load keeps them
    /// out.</returns>
    public async Task<long?> PublishAsync(
        TableSchema table, IcebergTable stored, IReadOnlyList<(string Path, string Name)> files, bool replaces,
            CancellationToken cancellationToken)
    {
        var step = new StepIdentity(LoadId, StepIdentity.Data);
        if (StepRecord.Has(stored.Metadata, step)) return StepRecord.AddedRows(stored.Metadata, step);
        var isLate = replaces && StepRecord.LastReplace(stored.Metadata) is { } other && !IsLast(stored, other);
        var data = isLate ? [] : await AddAsync(table, stored, files, cancellationToken).ConfigureAwait(false);
        if (data.Count == 0 && (!replaces || stored.Metadata.CurrentSnapshot is null)) return isLate ? null : 0;
        var committed = replaces ? await ReplaceAsync(stored, step, data, isLate, cancellationToken).ConfigureAwait(false)
            : await CommitAsync(
                stored, step, new AppendAction(data) { Properties = Summary(step, StepRecord.Append) }, replaces: false, cancellationToken)
                    .ConfigureAwait(false);
        return StepRecord.AddedRows(committed.Metadata, step);
    }

    /// <summary>Puts the files into the table's folder. Rows that the table cannot take leave none there.</summary>
    private static async Task<List<DataFile>> AddAsync(
        TableSchema table, IcebergTable stored, IReadOnlyList<(string Path, string Name)> files, CancellationToken cancellationToken)
    {
        var data = new List<DataFile>();
        try
        {
            foreach (var (path, name) in files)
            {
                var added = await LoadedFile.AddAsync(table, stored, path, name, cancellationToken).ConfigureAwait(false);
                data.AddRange(added);
                foreach (var file in added) IcebergTableCheck.CheckValues(table, stored, file);
            }
        }
        catch (SchemaException)
        {
            await stored.Files.DeleteAsync([.. data.Select(f => f.FilePath)], cancellationToken).ConfigureAwait(false);
            throw;
        }

        return data;
    }

    /// <returns>The table as it is then.</returns>
    private async Task<IcebergTable> ReplaceAsync(
        IcebergTable stored, StepIdentity step, IReadOnlyList<DataFile> files, bool isLate, CancellationToken cancellationToken)
    {
        if (files.Count == 0 && stored.Metadata.CurrentSnapshot is null) return stored;
        var since = loads.Began - ReplaceRule.UnderWay;
        bool IsBeside(Snapshot? snapshot) => snapshot is not null && StepRecord.IsBeside(snapshot, LoadId, loads.CompleteBefore, since);
        var change = new OverwriteAction
        {
            Properties = Summary(step, StepRecord.Replace),
            Added = [.. files],
            Removes = (metadata, entry) => !IsBeside(metadata.Find(entry.SnapshotId)),
            RemovesAllDeletes = metadata => !metadata.Snapshots.Any(IsBeside),
        };
        return await CommitAsync(stored, step, change, replaces: step.Step == StepIdentity.Data, cancellationToken, isLate)
            .ConfigureAwait(false);
    }

    private async Task<IcebergTable> CommitAsync(
        IcebergTable stored, StepIdentity step, SnapshotAction change, bool replaces, CancellationToken cancellationToken,
        bool isLate = false)
    {
        // Rows of a load that was late when it looked were never written: they must not take the place of any.
        var action = new StepAction(step, change, replaces, loads.Complete, other => !isLate && IsLast(stored, other));
        var committed = await stored.NewTransaction().Patiently().Add(action).CommitAsync(cancellationToken).ConfigureAwait(false);
        if (action.Outcome != StepOutcome.Superseded) return committed;
        warn($"Load {LoadId} would replace table '{stored.Name}', but the later load {StepRecord.LastReplace(committed.Metadata)} has "
            + $"replaced it meanwhile. The rows of the later load stay, and those of {LoadId} are not in the table.");
        await stored.Files.DeleteAsync([.. change.FilesInUse], cancellationToken).ConfigureAwait(false);
        return committed;
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
