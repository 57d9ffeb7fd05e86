using Dlt.Destinations.Staging;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// The files of one load in its external tables: uploads them, counts their rows, and removes the files that they replace.
/// </summary>
/// <param name="registry">Lists the other loads and removes files.</param>
/// <param name="objects">Object store that holds the files.</param>
/// <param name="atStart">The other loads, as seen when this load began.</param>
internal sealed class LoadFiles(LoadRegistry registry, IObjectStore objects, ConcurrentLoads atStart)
{
    private readonly UploadedFiles _files = new(objects);
    private readonly SwappedTables? _swaps =
        registry.Locations is { } locations ? new(registry, new(objects), locations, atStart) : null;
    private readonly Lock _lock = new();
    private Task<ConcurrentLoads>? _refreshed;

    public string LoadId => atStart.Own.LoadId;

    /// <summary>Publish object of the load, as it was when the load began or resumed.</summary>
    public PublishObject Own => atStart.Own;

    /// <summary>Loads that were complete when the load began or resumed.</summary>
    public IReadOnlySet<string> Complete => atStart.Complete;

    /// <summary>Loads that were complete when the load began, however often it was resumed.</summary>
    public IReadOnlySet<string> CompleteBefore => atStart.CompleteBefore;

    /// <summary>Publisher for the Iceberg tables of the load.</summary>
    public IcebergPublisher Iceberg(Action<string> warn) => new(atStart, warn);

    /// <summary>True when a later load has already replaced the table; it would remove files of this load as soon as they appear.</summary>
    public bool IsSuperseded(string table) => IsSuperseded(atStart, table);

    /// <summary>The tables that may be swapped; null where no load of the dataset has swapped one.</summary>
    private SwappedTables? Swaps => registry.Folder.SwapsSince is null ? null : _swaps;

    /// <summary>True when the load replaces the rows of a table by a swap of its LOCATION.</summary>
    public bool IsSwapped(string table) => _swaps is not null && atStart.Own.Of(table)?.IsSwappedBy(LoadId) == true;

    /// <summary>Location that a job's file in an external table is uploaded to.</summary>
    public ObjectLocation KeyOf(LoadJob job) => InFolder(job.Table.Name, registry.KeyOf(job));

    /// <summary>Location that the file with the rows of one partition of a job is uploaded to.</summary>
    public ObjectLocation KeyOf(LoadJob job, HivePartition partition) => InFolder(job.Table.Name, registry.KeyOf(job, partition));

    /// <summary>Where a file of the load is, after <see cref="FollowAsync"/>.</summary>
    public ObjectLocation At(string table, ObjectLocation uploaded) => _swaps?.At(table, uploaded) ?? uploaded;

    /// <summary>
    /// Call after all uploads of the load. Moves its files to the folder that the table reads from, if another load has swapped it since.
    /// </summary>
    public Task FollowAsync(string table, CancellationToken cancellationToken) =>
        Swaps?.FollowAsync(table, cancellationToken) ?? Task.CompletedTask;

    /// <summary>Call before the load is complete. Removes the files that its swaps have replaced.</summary>
    public Task FinishAsync(CancellationToken cancellationToken) => FinishAsync(table: null, cancellationToken);

    /// <summary>Removes the files that the swap of a table has replaced; those of all tables of the load for null.</summary>
    public Task FinishAsync(string? table, CancellationToken cancellationToken) =>
        _swaps?.FinishAsync(table, cancellationToken) ?? Task.CompletedTask;

    /// <summary>Call after a table was dropped. Removes its files, and moves those that stay to the folder of a new table.</summary>
    public async Task DropAsync(string table, ObjectLocation folder, CancellationToken cancellationToken)
    {
        await TruncateAsync(table, folder, cancellationToken).ConfigureAwait(false);
        if (Swaps is { } swaps) await swaps.ReturnAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the files that were in a folder when the load began.</summary>
    public Task TruncateAsync(string table, ObjectLocation folder, CancellationToken cancellationToken) =>
        registry.RemoveAsync(atStart, table, folder, cancellationToken);

    /// <summary>
    /// Call after all uploads of the load. Removes the files that its rows replace, or swaps the LOCATION of the table: then
    /// <see cref="FinishAsync(CancellationToken)"/> removes them. Removes its own files if a later load has replaced the table.
    /// </summary>
    public async Task ReplaceAsync(string table, CancellationToken cancellationToken)
    {
        var uploaded = await UploadedAsync(cancellationToken).ConfigureAwait(false);
        var isSuperseded = IsSuperseded(uploaded, table);
        if (IsSwapped(table) && !isSuperseded)
        {
            await _swaps!.SwapAsync(table, uploaded, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!isSuperseded) await FollowAsync(table, cancellationToken).ConfigureAwait(false);
        await registry.RemoveAsync(uploaded, table, registry.FolderOf(table), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Call after the load is complete. Removes files that other loads, which did not know that, have uploaded in between. The publish
    /// object says which tables are external: the settings may have changed since the load began.
    /// </summary>
    /// <param name="cancellationToken">Stops; the next run repeats the sweep.</param>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var tables = atStart.Own.Tables.Where(t => t is { IsExternal: true, ReplacesAllRows: true }).Select(t => t.Name).ToList();
        if (tables.Count == 0) return;
        var loads = await registry.RefreshAsync(atStart, cancellationToken).ConfigureAwait(false);
        if (!loads.HasConcurrentLoads) return;
        foreach (var table in tables)
            await registry.RemoveAsync(loads, table, registry.FolderOf(table), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a file of the load to the store.</summary>
    public Task UploadAsync(ObjectLocation location, string path, CancellationToken cancellationToken) =>
        _files.UploadAsync(location, path, cancellationToken);

    /// <summary>
    /// True when the store has the file with its size. Another load may have moved it, when this one was staged and did not end.
    /// </summary>
    public async Task<bool> IsUploadedAsync(string table, ObjectLocation location, long size, CancellationToken cancellationToken)
    {
        if (await _files.IsUploadedAsync(location, size, cancellationToken).ConfigureAwait(false)) return true;
        if (Swaps is null || atStart.Own.State != JournalState.Prepared) return false;
        var (folder, plain) = (registry.FolderOf(table), SwapFolder.PlainOf(location.Key));
        await foreach (var file in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            if (file.Size == size && SwapFolder.PlainOf(file.Location.Key) == plain) return true;
        return false;
    }

    /// <summary>Counts the uploaded rows of an external table; null when a later load replaced the table and removed them.</summary>
    public async Task<long?> RowsAsync(string table, IEnumerable<StagedFile> files, CancellationToken cancellationToken)
    {
        var seen = _refreshed is { IsCompletedSuccessfully: true } refreshed ? await refreshed.ConfigureAwait(false) : atStart;
        if (IsSuperseded(seen, table) || IsSuperseded(atStart, table) || _swaps?.IsLost(table) == true) return null;
        return await _files.RowsAsync(files.Select(f => f with { Location = At(table, f.Location) }), cancellationToken)
            .ConfigureAwait(false);
    }

    private ObjectLocation InFolder(string table, ObjectLocation location) => atStart.Own.Of(table)?.Folder is { } folder
        ? location with { Key = SwapFolder.In(location.Key, registry.FolderOf(table).Key, folder) }
        : location;

    /// <summary>The other loads after all uploads of this one, read once for all tables; again after a failure.</summary>
    private Task<ConcurrentLoads> UploadedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _refreshed is { IsFaulted: false, IsCanceled: false } known
                ? known : _refreshed = registry.RefreshAsync(atStart, cancellationToken);
        }
    }

    private static bool IsSuperseded(ConcurrentLoads loads, string table) =>
        loads.Own.Of(table) is { ReplacesAllRows: true } && ReplaceRule.Superseding(loads, table) is not null;
}
