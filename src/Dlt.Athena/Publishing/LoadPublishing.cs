using Dlt.Destinations.Iceberg;
using Dlt.Destinations.Staging;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>The external tables of one load, from its publish object to its sweep.</summary>
/// <param name="publisher">Looks and removes.</param>
/// <param name="objects">The store.</param>
/// <param name="begun">What the load knew when it began.</param>
internal sealed class LoadPublishing(LoadPublisher publisher, IObjectStore objects, ConcurrentLoads begun)
{
    private readonly UploadedFiles _files = new(objects);
    private ConcurrentLoads? _uploaded;

    public string LoadId => begun.Own.LoadId;

    /// <summary>The Iceberg tables of the load.</summary>
    public IcebergPublisher Iceberg(Action<string> warn) => new(begun, warn);

    /// <summary>True when a later load replaced the table already: rows of this one would go at once.</summary>
    public bool IsSuperseded(string table) =>
        IsSuperseded(begun, table);

    /// <summary>Removes what lay in a folder when the load began.</summary>
    public Task TruncateAsync(string table, ObjectLocation folder, CancellationToken cancellationToken) =>
        publisher.RemoveAsync(begun, table, folder, cancellationToken);

    /// <summary>After all uploads of the load: removes what its rows replace, or its own files where a later load is complete.</summary>
    public async Task ReplaceAsync(string table, CancellationToken cancellationToken)
    {
        _uploaded ??= await publisher.LookAgainAsync(begun, cancellationToken).ConfigureAwait(false);
        await publisher.RemoveAsync(_uploaded, table, publisher.FolderOf(table), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>After the load is complete: removes what others, who did not know so, have put down meanwhile.</summary>
    /// <param name="tables">External tables that the load replaced.</param>
    /// <param name="cancellationToken">Stops; the sweep is repeated by the next run.</param>
    public async Task SweepAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken)
    {
        if (tables.Count == 0) return;
        var loads = await publisher.LookAgainAsync(begun, cancellationToken).ConfigureAwait(false);
        if (!loads.AnyBeside) return;
        foreach (var table in tables) await publisher.RemoveAsync(loads, table, publisher.FolderOf(table), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Writes a file of the load to the store.</summary>
    public Task UploadAsync(ObjectLocation location, string path, CancellationToken cancellationToken) =>
        _files.UploadAsync(location, path, cancellationToken);

    /// <summary>True when a file of the load is in the store, whole.</summary>
    public Task<bool> IsThereAsync(ObjectLocation location, string path, CancellationToken cancellationToken) =>
        _files.AskAsync(location, path, cancellationToken);

    /// <summary>Rows of an external table that are in the store; null when a later load replaced the table, and took them away.</summary>
    public async Task<long?> RowsAsync(
        string table, IEnumerable<(ObjectLocation Location, string Path)> files, CancellationToken cancellationToken) =>
        IsSuperseded(_uploaded ?? begun, table) || IsSuperseded(begun, table)
            ? null : await _files.RowsAsync(files, cancellationToken).ConfigureAwait(false);

    private static bool IsSuperseded(ConcurrentLoads loads, string table) =>
        loads.Own.Of(table)?.Disposition == PublishDisposition.Replace && ReplaceRule.Superseding(loads, table) is not null;
}
