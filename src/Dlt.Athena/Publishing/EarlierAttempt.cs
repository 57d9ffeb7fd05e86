using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Files that an earlier attempt of a load put under keys which the load has no more, because the layout, a placeholder or the time of
/// the settings is another one now. The load is not complete, so its rows come in under the new keys, and the old files must go.
/// </summary>
/// <param name="objects">The store.</param>
/// <param name="bucket">The bucket of the dataset.</param>
internal sealed class EarlierAttempt(IObjectStore objects, string bucket)
{
    /// <summary>Removes them.</summary>
    /// <param name="plan">What the load does.</param>
    /// <param name="earlier">What the earlier attempt put down.</param>
    /// <param name="own">What this attempt will put down.</param>
    /// <param name="began">When the load began; null where that is not known.</param>
    /// <param name="cancellationToken">Stops; some files may be left, and the next attempt removes them.</param>
    public async Task RemoveAsync(
        LoadPlan plan, PublishObject earlier, PublishObject own, DateTimeOffset? began, CancellationToken cancellationToken)
    {
        var kept = own.Tables.SelectMany(t => t.Keys).ToHashSet(StringComparer.Ordinal);
        var fileIds = plan.Chains.SelectMany(c => c.Tables).SelectMany(t => t.Jobs).Select(j => j.FileId).ToHashSet(StringComparer.Ordinal);
        var old = new List<string>();
        foreach (var key in earlier.Tables.SelectMany(t => t.Keys).Where(k => !kept.Contains(k)))
        {
            var isNamed = key.Contains(own.LoadId, StringComparison.Ordinal)
                || fileIds.Any(id => key.Contains(id, StringComparison.Ordinal));
            if (isNamed || await IsWrittenSinceAsync(key, began, cancellationToken).ConfigureAwait(false)) old.Add(key);
        }

        if (old.Count > 0) await objects.DeleteAsync(bucket, old, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A key without the ids of the load may hold the rows of another one; two loads do not write it at the same time.</summary>
    private async Task<bool> IsWrittenSinceAsync(string key, DateTimeOffset? began, CancellationToken cancellationToken) =>
        began is { } since
            && await objects.HeadAsync(new(bucket, key), cancellationToken).ConfigureAwait(false) is { } there
            && there.LastModified >= since;
}
