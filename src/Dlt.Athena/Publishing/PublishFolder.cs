using System.Collections.Concurrent;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>Reads and writes the publish objects of a dataset, in the folder <c>_dlt_publish</c>.</summary>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
internal sealed class PublishFolder(IObjectStore objects, ObjectLocation dataset)
{
    private const string FolderName = "_dlt_publish/";
    private const string Ending = ".json";

    private readonly ObjectLocation _folder = dataset.Combine(FolderName);

    /// <summary>ETags of the objects by load id, from the last listing.</summary>
    private readonly ConcurrentDictionary<string, string> _listed = new(StringComparer.Ordinal);

    public ObjectLocation LocationOf(string loadId) => _folder.Combine(loadId + Ending);

    /// <summary>Writes a publish object if none exists.</summary>
    /// <returns>The existing object, of an earlier attempt; null when this one was written.</returns>
    public async Task<PublishObject?> TryAddAsync(PublishObject content, CancellationToken cancellationToken)
    {
        try
        {
            await objects.PutAsync(LocationOf(content.LoadId), content.Write(), PutCondition.MustNotExist, cancellationToken)
                .ConfigureAwait(false);
            return null;
        }
        catch (PreconditionFailedException)
        {
            return await TryGetAsync(content.LoadId, cancellationToken).ConfigureAwait(false)
                ?? await TryAddAsync(content, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task PutAsync(PublishObject content, CancellationToken cancellationToken) =>
        objects.PutAsync(LocationOf(content.LoadId), content.Write(), cancellationToken: cancellationToken);

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

    /// <summary>Lists the last-modified times of the publish objects, by load id.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await foreach (var file in objects.ListAsync(_folder.Bucket, _folder.Key, cancellationToken).ConfigureAwait(false))
        {
            var name = file.Location.Key[_folder.Key.Length..];
            if (!name.EndsWith(Ending, StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal)) continue;
            var loadId = name[..^Ending.Length];
            found[loadId] = file.LastModified;
            _listed[loadId] = file.ETag;
        }

        return found;
    }

    /// <summary>Removes listed objects. An object that changed since the listing stays, because its load has resumed.</summary>
    public async Task RemoveAsync(IEnumerable<string> loadIds, CancellationToken cancellationToken)
    {
        foreach (var loadId in loadIds)
        {
            if (_listed.TryGetValue(loadId, out var etag))
                await objects.TryDeleteAsync(LocationOf(loadId), etag, cancellationToken).ConfigureAwait(false);
        }
    }
}
