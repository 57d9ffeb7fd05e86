using Dlt.Destinations.Publishing;
using Dlt.Storage;

namespace Dlt.Destinations.Journal;

/// <summary>
/// Takes loads back that were begun and not staged completely. The publish object is marked first, under the condition that the load has
/// not written it since: a process that wakes up then fails to record its files as staged. The object goes last, so an interrupted
/// removal is repeated.
/// </summary>
/// <param name="folder">The publish objects.</param>
/// <param name="objects">The store.</param>
/// <param name="bucket">Bucket of the dataset.</param>
/// <param name="removeStagedFiles">Removes the staged files of Iceberg tables.</param>
internal sealed class TakenBackLoads(
    PublishFolder folder, IObjectStore objects, string bucket, Func<PublishObject, CancellationToken, Task> removeStagedFiles)
{
    /// <summary>Marks a load and removes its files.</summary>
    /// <returns>False when the load has written its object meanwhile; nothing was removed.</returns>
    public async Task<bool> TryTakeAsync(StoredPublishObject load, CancellationToken cancellationToken)
    {
        if (await folder.TryMarkTakenBackAsync(load, cancellationToken).ConfigureAwait(false) is not { } marked) return false;
        var old = new List<string>();
        foreach (var key in marked.Tables.SelectMany(t => t.Keys))
            if (await IsOfLoadAsync(marked, key, cancellationToken).ConfigureAwait(false)) old.Add(key);
        if (old.Count > 0) await objects.DeleteAsync(bucket, old, cancellationToken).ConfigureAwait(false);
        await removeStagedFiles(marked, cancellationToken).ConfigureAwait(false);
        await folder.RemoveAsync([marked.LoadId], cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>True when the object exists and the load wrote it. An id in the key answers that without a call.</summary>
    private async Task<bool> IsOfLoadAsync(PublishObject load, string key, CancellationToken cancellationToken) =>
        load.HasWritten(key, DateTimeOffset.MinValue)
            || (await objects.HeadAsync(new(bucket, key), cancellationToken).ConfigureAwait(false) is { } stored
                && load.HasWritten(key, stored.LastModified));
}
