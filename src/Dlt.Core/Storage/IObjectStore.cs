namespace Dlt.Storage;

/// <summary>Objects under keys, as Amazon S3 has them. Implemented over S3 and over a local folder; both pass one contract suite.</summary>
public interface IObjectStore
{
    /// <summary>Writes an object whole: readers see the old one or the new one.</summary>
    /// <param name="location">Bucket and key.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="condition">What must be true of the present object.</param>
    /// <param name="cancellationToken">Stops; the object is then the old one or the new one.</param>
    /// <returns>What was stored.</returns>
    /// <exception cref="PreconditionFailedException">The condition does not hold; nothing was written.</exception>
    /// <exception cref="BucketNotFoundException">There is no such bucket.</exception>
    Task<ObjectInfo> PutAsync(ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
        CancellationToken cancellationToken = default);

    /// <summary>Writes a local file as an object; large ones in parts.</summary>
    /// <exception cref="BucketNotFoundException">There is no such bucket.</exception>
    Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default);

    /// <summary>Reads an object, or a range of it.</summary>
    /// <param name="location">Bucket and key.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Most bytes to read; null for the rest.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ObjectNotFoundException">There is no such object.</exception>
    Task<byte[]> GetAsync(ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default);

    /// <summary>Facts of an object; null when there is none.</summary>
    Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default);

    /// <summary>False: there is no such bucket, so that nothing can be written to it. True also where the login may not ask.</summary>
    Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default);

    /// <summary>
    /// Objects whose key starts with <paramref name="prefix"/>, in the order of their UTF-8 keys. A bucket that is not there lists nothing.
    /// </summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string bucket, string prefix, CancellationToken cancellationToken = default);

    /// <summary>Deletes objects; those that are not there do not matter.</summary>
    /// <exception cref="DltException">Some could not be deleted; the message names the first.</exception>
    Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default);
}
