using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Packages;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing;

/// <summary>Commits the steps of one load to Iceberg tables. Each step is one snapshot and is committed once.</summary>
/// <param name="loads">The other loads, as seen when this load began.</param>
/// <param name="warn">Receives a warning when a later load keeps the rows out.</param>
internal sealed class IcebergPublisher(ConcurrentLoads loads, Action<string> warn)
{
    /// <summary>Times that a merge is planned while other writers commit contradicting changes.</summary>
    private const int MaxPlans = 20;

    private string LoadId => loads.Own.LoadId;

    private StepIdentity DataStep => new(LoadId, StepIdentity.Data);

    /// <summary>True when the table contains the rows of the load, or a later load has kept them out.</summary>
    public bool HasData(IcebergTable stored) => StepRecord.Has(stored.Metadata, DataStep);

    /// <summary>Removes all rows except those of appends under way.</summary>
    /// <returns>The table after the commit.</returns>
    public Task<IcebergTable> TruncateAsync(IcebergTable stored, CancellationToken cancellationToken) =>
        OverwriteAsync(stored, new(LoadId, StepIdentity.Truncate), [], isLate: false, cancellationToken);

    /// <summary>Adds the rows of staged data files, unless an earlier attempt has already committed them.</summary>
    /// <param name="table">The table as the schema declares it.</param>
    /// <param name="stored">The stored table.</param>
    /// <param name="staged">Returns the data files that are staged for the table; called only when they are needed.</param>
    /// <param name="cancellationToken">Stops; the commit may or may not have been made.</param>
    /// <returns>Rows of the load in the table; null if its metadata no longer says so.</returns>
    /// <exception cref="SchemaException">A required column has nulls; the staged files are gone.</exception>
    public async Task<long?> AppendAsync(
        TableSchema table, IcebergTable stored, Func<IReadOnlyList<DataFile>> staged, CancellationToken cancellationToken)
    {
        if (HasData(stored)) return StepRecord.AddedRows(stored.Metadata, DataStep);
        var files = staged();
        if (files.Count == 0) return 0;
        await CheckAsync(table, stored, files, cancellationToken).ConfigureAwait(false);
        var action = new AppendAction(files) { Properties = Summary(DataStep, WriteMode.Append) };
        var committed = await CommitAsync(stored, DataStep, action, replaces: false, cancellationToken).ConfigureAwait(false);
        return StepRecord.AddedRows(committed.Metadata, DataStep);
    }

    /// <summary>Replaces all rows by staged data files, under the rules of <see cref="AppendAsync"/>.</summary>
    /// <returns>
    /// The table, and the rows as <see cref="AppendAsync"/>; also null if a later load keeps the rows out, in which case their files are
    /// deleted.
    /// </returns>
    /// <exception cref="SchemaException">A required column has nulls; the staged files are gone.</exception>
    public async Task<(IcebergTable Table, long? Rows)> ReplaceAsync(
        TableSchema table, IcebergTable stored, Func<IReadOnlyList<DataFile>> staged, CancellationToken cancellationToken)
    {
        if (HasData(stored)) return (stored, StepRecord.AddedRows(stored.Metadata, DataStep));
        var files = staged();
        var isLate = StepRecord.LastReplace(stored.Metadata) is { } other && !IsLast(stored, other);
        if (isLate)
        {
            await DeleteAsync(stored, files, cancellationToken).ConfigureAwait(false);
            files = [];
        }

        if (files.Count == 0 && stored.Metadata.CurrentSnapshot is null) return (stored, isLate ? null : 0);
        await CheckAsync(table, stored, files, cancellationToken).ConfigureAwait(false);
        var committed = await OverwriteAsync(stored, DataStep, files, isLate, cancellationToken).ConfigureAwait(false);
        return (committed, StepRecord.AddedRows(committed.Metadata, DataStep));
    }

    /// <summary>Commits a step of a merge, unless an earlier attempt has committed it or it changes nothing.</summary>
    /// <param name="mode">The mode of the chain; the snapshot has its name.</param>
    /// <param name="step">The step.</param>
    /// <param name="table">The table as the schema declares it.</param>
    /// <param name="stored">The stored table.</param>
    /// <param name="plan">Plans the step; called again when another commit contradicts the plan.</param>
    /// <param name="isAgain">True: the step is committed also when the table contains it, for rows that are gone since.</param>
    /// <param name="cancellationToken">Stops; the step is committed or not.</param>
    /// <returns>The table after the step, with the plan that was committed; no plan when an earlier attempt had committed it.</returns>
    /// <exception cref="SchemaException">A required column has nulls.</exception>
    public async Task<(IcebergTable Table, MergePlan? Plan)> MergeAsync(
        MergeMode mode, StepIdentity step, TableSchema table, IcebergTable stored,
        Func<IcebergTable, CancellationToken, Task<MergePlan>> plan, bool isAgain, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (!isAgain && StepRecord.Has(stored.Metadata, step)) return (stored, null);
            var planned = await plan(stored, cancellationToken).ConfigureAwait(false);
            if (planned.IsEmpty) return (stored, planned);
            try
            {
                foreach (var file in planned.AddedFiles) IcebergTableCheck.CheckValues(table, stored, file);
                var change = planned.ToAction(Summary(step, mode));
                var action = new StepAction(step, change, replaces: false, loads.Complete, _ => true) { IsAgain = isAgain };
                var committed = await stored.NewTransaction().Patiently().Add(action).CommitAsync(cancellationToken).ConfigureAwait(false);
                if (action.Result == StepResult.Made) return (committed, planned);
                await planned.DiscardAsync(stored.Files).ConfigureAwait(false);
                return (committed, null);
            }
            catch (DltException error) when (error is SchemaException or IcebergException { Error: not IcebergError.CommitStateUnknown })
            {
                await planned.DiscardAsync(stored.Files).ConfigureAwait(false);
                if (attempt == MaxPlans || error is not IcebergException { Error: IcebergError.Conflict }) throw;
                stored = await stored.ReloadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Checks the values of required columns; deletes the files if the table cannot take them.</summary>
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

    private async Task<IcebergTable> OverwriteAsync(
        IcebergTable stored, StepIdentity step, IReadOnlyList<DataFile> files, bool isLate, CancellationToken cancellationToken)
    {
        if (files.Count == 0 && stored.Metadata.CurrentSnapshot is null) return stored;
        var since = loads.Began - ReplaceRule.MaxSilence;
        bool IsConcurrent(Snapshot? snapshot) =>
            snapshot is not null && StepRecord.IsConcurrent(snapshot, LoadId, loads.CompleteBefore, since);
        var change = new OverwriteAction
        {
            Properties = Summary(step, WriteMode.Replace),
            Added = [.. files],
            Removes = (metadata, entry) => !IsConcurrent(metadata.Find(entry.SnapshotId)),
            RemovesAllDeletes = metadata => !metadata.Snapshots.Any(IsConcurrent),
        };
        return await CommitAsync(
            stored, step, change, replaces: step.Step == StepIdentity.Data, cancellationToken, isLate,
            metadata => MixedLoads.Refuse(metadata, stored.Name, loads)).ConfigureAwait(false);
    }

    private async Task<IcebergTable> CommitAsync(
        IcebergTable stored, StepIdentity step, SnapshotAction change, bool replaces, CancellationToken cancellationToken,
        bool isLate = false, Action<TableMetadata>? check = null)
    {
        // The files of a load that was late when it looked are deleted: they must not replace any rows.
        var action = new StepAction(step, change, replaces, loads.Complete, other => !isLate && IsLast(stored, other))
        { Check = check };
        var committed = await stored.NewTransaction().Patiently().Add(action).CommitAsync(cancellationToken).ConfigureAwait(false);
        if (action.Result != StepResult.Superseded) return committed;
        warn($"Load {LoadId} was to replace table '{stored.Name}', but the later load {StepRecord.LastReplace(committed.Metadata)} has "
            + $"replaced it in the meantime. The rows of the later load stay, and those of {LoadId} are not in the table.");
        await stored.Files.DeleteAsync([.. change.FilesInUse], cancellationToken).ConfigureAwait(false);
        return committed;
    }

    /// <summary>
    /// True when this load wins over another replace. A later load wins if it is complete, under way, or replaced the table since this load
    /// began; not if it was abandoned long ago, perhaps with a clock that was ahead.
    /// </summary>
    private bool IsLast(IcebergTable stored, string other)
    {
        if (LoadIdOrder.Instance.Compare(other, LoadId) <= 0) return true;
        var isAlive = loads.Others.TryGetValue(other, out var load) && load.LastModified > loads.Began - ReplaceRule.MaxSilence;
        return !loads.Complete.Contains(other) && !isAlive && StepRecord.LastReplace(stored.Metadata) == other;
    }

    private static Dictionary<string, string> Summary(StepIdentity step, WriteMode mode) =>
        new() { [StepRecord.LoadId] = step.LoadId, [StepRecord.Step] = step.Step, [StepRecord.Mode] = mode.Name };
}
