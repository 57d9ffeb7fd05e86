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

    private StepIdentity DataStep => new(LoadId, StepIdentity.Data);

    /// <summary>True when the rows of the load are in the table, or were kept out by a later load.</summary>
    public bool HasData(IcebergTable stored) => StepRecord.Has(stored.Metadata, DataStep);

    /// <summary>Removes all rows but those of appends under way.</summary>
    /// <returns>The table as it is then.</returns>
    public Task<IcebergTable> TruncateAsync(IcebergTable stored, CancellationToken cancellationToken) =>
        OverwriteAsync(stored, new(LoadId, StepIdentity.Truncate), [], isLate: false, cancellationToken);

    /// <summary>Adds staged data files; what an earlier attempt committed is not committed again.</summary>
    /// <param name="table">The table in the schema.</param>
    /// <param name="stored">The table.</param>
    /// <param name="staged">Reads what is staged for the table; called when it is needed.</param>
    /// <param name="cancellationToken">Stops; the commit is then made or not.</param>
    /// <returns>Rows of the load in the table, by its metadata; null where that no longer says so.</returns>
    /// <exception cref="SchemaException">A required column has nulls; the staged files are gone.</exception>
    public async Task<long?> AppendAsync(
        TableSchema table, IcebergTable stored, Func<IReadOnlyList<DataFile>> staged, CancellationToken cancellationToken)
    {
        if (HasData(stored)) return StepRecord.AddedRows(stored.Metadata, DataStep);
        var files = staged();
        if (files.Count == 0) return 0;
        await CheckAsync(table, stored, files, cancellationToken).ConfigureAwait(false);
        var change = new AppendAction(files) { Properties = Summary(DataStep, StepRecord.Append) };
        var committed = await CommitAsync(stored, DataStep, change, replaces: false, cancellationToken).ConfigureAwait(false);
        return StepRecord.AddedRows(committed.Metadata, DataStep);
    }

    /// <summary>Puts staged data files in the place of all rows, as <see cref="AppendAsync"/> adds them.</summary>
    /// <returns>As <see cref="AppendAsync"/>; null, too, where a later load keeps the rows out: their files are gone then.</returns>
    /// <exception cref="SchemaException">A required column has nulls; the staged files are gone.</exception>
    public async Task<long?> ReplaceAsync(
        TableSchema table, IcebergTable stored, Func<IReadOnlyList<DataFile>> staged, CancellationToken cancellationToken)
    {
        if (HasData(stored)) return StepRecord.AddedRows(stored.Metadata, DataStep);
        var files = staged();
        var isLate = StepRecord.LastReplace(stored.Metadata) is { } other && !IsLast(stored, other);
        if (isLate)
        {
            await DeleteAsync(stored, files, cancellationToken).ConfigureAwait(false);
            files = [];
        }

        if (files.Count == 0 && stored.Metadata.CurrentSnapshot is null) return isLate ? null : 0;
        await CheckAsync(table, stored, files, cancellationToken).ConfigureAwait(false);
        var committed = await OverwriteAsync(stored, DataStep, files, isLate, cancellationToken).ConfigureAwait(false);
        return StepRecord.AddedRows(committed.Metadata, DataStep);
    }

    /// <summary>Rows that the table cannot take leave no files there.</summary>
    private static async Task CheckAsync(
        TableSchema table, IcebergTable stored, IReadOnlyList<DataFile> files, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var file in files) IcebergTableCheck.CheckValues(table, stored, file);
        }
        catch (SchemaException)
        {
            await DeleteAsync(stored, files, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private static Task DeleteAsync(IcebergTable stored, IReadOnlyList<DataFile> files, CancellationToken cancellationToken) =>
        stored.Files.DeleteAsync([.. files.Select(f => f.FilePath)], cancellationToken);

    /// <returns>The table as it is then.</returns>
    private async Task<IcebergTable> OverwriteAsync(
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
        // The files of a load that was late when it looked are gone: they must not take the place of any rows.
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
