using Dlt.Destinations.Staging;
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
    private ConcurrentLoads? _uploaded;

    public string LoadId => atStart.Own.LoadId;

    /// <summary>Publish object of the load, as it was when the load began or resumed.</summary>
    public PublishObject Own => atStart.Own;

    /// <summary>Publisher for the Iceberg tables of the load.</summary>
    public IcebergPublisher Iceberg(Action<string> warn) => new(atStart, warn);

    /// <summary>True when a later load has already replaced the table; it would remove files of this load as soon as they appear.</summary>
    public bool IsSuperseded(string table) => IsSuperseded(atStart, table);

    /// <summary>Removes the files that were in a folder when the load began.</summary>
    public Task TruncateAsync(string table, ObjectLocation folder, CancellationToken cancellationToken) =>
        registry.RemoveAsync(atStart, table, folder, cancellationToken);

    /// <summary>
    /// Call after all uploads of the load. Removes the files that its rows replace; removes its own files if a later load is complete.
    /// </summary>
    public async Task ReplaceAsync(string table, CancellationToken cancellationToken)
    {
        _uploaded ??= await registry.RefreshAsync(atStart, cancellationToken).ConfigureAwait(false);
        await registry.RemoveAsync(_uploaded, table, registry.FolderOf(table), cancellationToken).ConfigureAwait(false);
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

    /// <summary>True when the store has the file with its size.</summary>
    public Task<bool> IsUploadedAsync(ObjectLocation location, long size, CancellationToken cancellationToken) =>
        _files.IsUploadedAsync(location, size, cancellationToken);

    /// <summary>Counts the uploaded rows of an external table; null when a later load replaced the table and removed them.</summary>
    public async Task<long?> RowsAsync(string table, IEnumerable<StagedFile> files, CancellationToken cancellationToken)
    {
        if (IsSuperseded(_uploaded ?? atStart, table) || IsSuperseded(atStart, table)) return null;
        return await _files.RowsAsync(files, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsSuperseded(ConcurrentLoads loads, string table) =>
        loads.Own.Of(table) is { ReplacesAllRows: true } && ReplaceRule.Superseding(loads, table) is not null;
}
