using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Removes files that an earlier attempt of a load uploaded under other keys, because the layout, a placeholder or the configured time has
/// changed since. The load is not complete: its rows are uploaded under the new keys, so the old files must go.
/// </summary>
/// <param name="objects">The store.</param>
/// <param name="bucket">Bucket of the dataset.</param>
internal sealed class EarlierAttempt(IObjectStore objects, string bucket)
{
    /// <summary>Removes the files under keys that this attempt does not write.</summary>
    /// <param name="plan">The plan of the load.</param>
    /// <param name="earlier">Publish object of the earlier attempt.</param>
    /// <param name="own">Publish object of this attempt.</param>
    /// <param name="began">Time when the load began; null if not known.</param>
    /// <param name="cancellationToken">Stops; some files may remain, and the next attempt removes them.</param>
    public async Task RemoveAsync(
        LoadPlan plan, PublishObject earlier, PublishObject own, DateTimeOffset? began, CancellationToken cancellationToken)
    {
        var kept = own.Tables.SelectMany(t => t.Keys).ToHashSet(StringComparer.Ordinal);
        var fileIds = plan.Chains.SelectMany(c => c.Tables).SelectMany(t => t.Jobs).Select(j => j.FileId).ToHashSet(StringComparer.Ordinal);
        var old = new List<string>();
        foreach (var key in earlier.Tables.SelectMany(t => t.Keys).Where(k => !kept.Contains(k)))
        {
            var hasId = key.Contains(own.LoadId, StringComparison.Ordinal)
                || fileIds.Any(id => key.Contains(id, StringComparison.Ordinal));
            if (hasId || await IsWrittenSinceAsync(key, began, cancellationToken).ConfigureAwait(false)) old.Add(key);
        }

        if (old.Count > 0) await objects.DeleteAsync(bucket, old, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// True when the file was written by this load. A key without the load's ids may hold the rows of another load, but two loads never
    /// write the same key at the same time.
    /// </summary>
    private async Task<bool> IsWrittenSinceAsync(string key, DateTimeOffset? began, CancellationToken cancellationToken) =>
        began is { } since
            && await objects.HeadAsync(new(bucket, key), cancellationToken).ConfigureAwait(false) is { } stored
            && stored.LastModified >= since;
}
