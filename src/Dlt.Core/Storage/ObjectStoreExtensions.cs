namespace Dlt.Storage;

/// <summary>What implementations of <see cref="IObjectStore"/> have in common.</summary>
public static class ObjectStoreExtensions
{
    /// <summary>
    /// Opens an object that is read in ranges of 4 MiB, each by a call of <see cref="IObjectStore.GetAsync"/>: an
    /// <see cref="IObjectStore.OpenReadAsync"/> for stores that are far away.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="location">Bucket and key.</param>
    /// <param name="length">Its bytes; null to ask the store.</param>
    /// <param name="cancellationToken">Stops opening, and reads of the stream that bring no token of their own.</param>
    /// <returns>A stream that can seek. Its reads throw <see cref="ObjectNotFoundException"/> where there is no such object, and
    /// <see cref="EndOfStreamException"/> where it is shorter than <paramref name="length"/>.</returns>
    /// <exception cref="ObjectNotFoundException">The store was asked, and there is no such object.</exception>
    public static async Task<Stream> OpenRangesAsync(
        this IObjectStore store, ObjectLocation location, long? length = null, CancellationToken cancellationToken = default)
    {
        if (length is null)
        {
            var info = await store.HeadAsync(location, cancellationToken).ConfigureAwait(false);
            length = info?.Size ?? throw new ObjectNotFoundException(location);
        }

        return new ObjectReadStream(store, location, length.Value, cancellationToken);
    }
}
