namespace Dlt.Storage;

/// <summary>Shared parts of <see cref="IObjectStore"/> implementations.</summary>
public static class ObjectStoreExtensions
{
    /// <summary>
    /// Opens an object as a stream that reads ranges of 4 MiB by <see cref="IObjectStore.GetAsync"/>. Remote stores use it to implement
    /// <see cref="IObjectStore.OpenReadAsync"/>.
    /// </summary>
    /// <param name="store">Store that holds the object.</param>
    /// <param name="location">Bucket and key.</param>
    /// <param name="length">Size of the object in bytes; null to ask the store.</param>
    /// <param name="cancellationToken">Cancels opening, and reads of the stream that have no cancellation token.</param>
    /// <returns>A seekable stream. Its reads throw <see cref="ObjectNotFoundException"/> when the object does not exist, and
    /// <see cref="EndOfStreamException"/> when it is shorter than <paramref name="length"/>.</returns>
    /// <exception cref="ObjectNotFoundException">The store was asked for the size, and the object does not exist.</exception>
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
