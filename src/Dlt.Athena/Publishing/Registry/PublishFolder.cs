using System.Collections.Concurrent;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>A publish object as it is in the store.</summary>
/// <param name="Content">Its content.</param>
/// <param name="ETag">ETag of the version that has the content.</param>
/// <param name="LastModified">Time when that version was written, by the clock of the store.</param>
internal sealed record StoredPublishObject(PublishObject Content, string ETag, DateTimeOffset LastModified);

/// <summary>Reads and writes the publish objects of a dataset, in the folder <c>_dlt_publish</c>.</summary>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
internal sealed class PublishFolder(IObjectStore objects, ObjectLocation dataset)
{
    private const string FolderName = "_dlt_publish/";
    private const string Ending = ".json";

    /// <summary>Name of the object that says that loads of the dataset swap the LOCATION of external tables.</summary>
    private const string SwapMark = "swap-location";

    private readonly ObjectLocation _folder = dataset.Combine(FolderName);

    /// <summary>ETags of the objects by load id, from the last listing or write.</summary>
    private readonly ConcurrentDictionary<string, string> _listed = new(StringComparer.Ordinal);

    /// <summary>
    /// Time when the dataset was marked as one whose external tables may be swapped, by the clock of the store and as listed or written
    /// last; null when it was not. Loads that list the objects after that look for swaps before they are published.
    /// </summary>
    public DateTimeOffset? SwapsSince { get; private set; }

    public ObjectLocation LocationOf(string loadId) => _folder.Combine(loadId + Ending);

    /// <summary>Writes a publish object if none exists.</summary>
    /// <returns>False when the load already has an object, of an earlier attempt.</returns>
    public Task<bool> TryAddAsync(PublishObject content, CancellationToken cancellationToken) =>
        TryPutAsync(content, PutCondition.MustNotExist, cancellationToken);

    /// <summary>Replaces a publish object if nobody has written it since it was read or listed.</summary>
    /// <param name="content">The new content.</param>
    /// <param name="etag">ETag of the version to replace.</param>
    /// <param name="cancellationToken">Stops; the object may or may not be replaced.</param>
    /// <returns>False when the object has changed or is gone.</returns>
    public Task<bool> TryReplaceAsync(PublishObject content, string etag, CancellationToken cancellationToken) =>
        TryPutAsync(content, new(IfMatch: etag), cancellationToken);

    /// <summary>Replaces a listed publish object if nobody has written it since the listing.</summary>
    /// <returns>False when the object has changed, is gone or was not listed.</returns>
    public async Task<bool> TryReplaceListedAsync(PublishObject content, CancellationToken cancellationToken) =>
        _listed.TryGetValue(content.LoadId, out var etag)
            && await TryReplaceAsync(content, etag, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Marks a load as taken back, if the load has not written its object since it was read. A process that goes on with the load then
    /// fails to record its files as staged.
    /// </summary>
    /// <returns>The marked object; null when the load has written it meanwhile.</returns>
    public async Task<PublishObject?> TryMarkTakenBackAsync(StoredPublishObject load, CancellationToken cancellationToken)
    {
        var began = load.Content.Began ?? load.LastModified;
        var marked = load.Content with
        {
            State = JournalState.TakenBack,
            WasPrepared = load.Content.MayBeVisible,
            Began = began,
            Prepared = null,
        };
        return await TryReplaceAsync(marked, load.ETag, cancellationToken).ConfigureAwait(false) ? marked : null;
    }

    /// <summary>Reads the publish object of a load; null if it does not exist.</summary>
    public async Task<PublishObject?> TryGetAsync(string loadId, CancellationToken cancellationToken)
    {
        var location = LocationOf(loadId);
        try
        {
            return PublishObject.Read(
                await objects.GetAsync(location, cancellationToken: cancellationToken).ConfigureAwait(false), location.ToString());
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads the publish object of a load with its version; null if it does not exist.</summary>
    public async Task<StoredPublishObject?> TryGetStoredAsync(string loadId, CancellationToken cancellationToken)
    {
        var location = LocationOf(loadId);
        if (await objects.TryReadAsync(location, cancellationToken).ConfigureAwait(false) is not { } stored) return null;
        _listed[loadId] = stored.Info.ETag;
        return new(PublishObject.Read(stored.Content, location.ToString()), stored.Info.ETag, stored.Info.LastModified);
    }

    /// <summary>Lists the last-modified times of the publish objects, by load id.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await foreach (var file in objects.ListAsync(_folder.Bucket, _folder.Key, cancellationToken).ConfigureAwait(false))
        {
            var name = file.Location.Key[_folder.Key.Length..];
            if (name == SwapMark) SwapsSince = file.LastModified;
            if (!name.EndsWith(Ending, StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal)) continue;
            var loadId = name[..^Ending.Length];
            found[loadId] = file.LastModified;
            _listed[loadId] = file.ETag;
        }

        return found;
    }

    /// <summary>Marks the dataset as one whose external tables may be swapped, and sets <see cref="SwapsSince"/>.</summary>
    public async Task MarkSwapsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await objects.PutAsync(_folder.Combine(SwapMark), "{}"u8.ToArray(), PutCondition.MustNotExist, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (PreconditionFailedException)
        {
            // Another load marked it first.
        }

        SwapsSince = (await objects.HeadAsync(_folder.Combine(SwapMark), cancellationToken).ConfigureAwait(false))?.LastModified;
    }

    /// <summary>
    /// Removes objects that were listed, in the version that was listed or written here. An object that changed since stays: its load has
    /// resumed. In a store without conditional deletes all of them stay, which only costs their storage.
    /// </summary>
    public async Task RemoveAsync(IEnumerable<string> loadIds, CancellationToken cancellationToken)
    {
        foreach (var loadId in loadIds)
        {
            if (!_listed.TryGetValue(loadId, out var etag)) continue;
            try
            {
                await objects.TryDeleteAsync(LocationOf(loadId), etag, cancellationToken).ConfigureAwait(false);
            }
            catch (ConditionNotSupportedException)
            {
                return;
            }
        }
    }

    private async Task<bool> TryPutAsync(PublishObject content, PutCondition condition, CancellationToken cancellationToken)
    {
        try
        {
            var written = await objects.PutAsync(LocationOf(content.LoadId), content.Write(), condition, cancellationToken)
                .ConfigureAwait(false);
            _listed[content.LoadId] = written.ETag;
            return true;
        }
        catch (Exception error) when (error is PreconditionFailedException or ObjectNotFoundException)
        {
            // The response to an earlier attempt of this write may have been lost: then the object has this very content.
            if (await objects.TryReadAsync(LocationOf(content.LoadId), cancellationToken).ConfigureAwait(false) is not { } stored
                || !stored.Content.Span.SequenceEqual(content.Write())) return false;
            _listed[content.LoadId] = stored.Info.ETag;
            return true;
        }
    }
}
