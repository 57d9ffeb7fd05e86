namespace Dlt.Storage;

/// <summary>Objects under keys, as Amazon S3 has them. Implemented over S3 and over a local folder; both pass one contract suite.</summary>
/// <remarks>Safe for several threads at once. Put, upload, head and list agree on the ETag of an object.</remarks>
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

    /// <summary>Writes a local file as an object; large ones in parts. The file stays.</summary>
    /// <returns>What was stored.</returns>
    /// <exception cref="BucketNotFoundException">There is no such bucket.</exception>
    Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default);

    /// <summary>Reads an object, or a range of it.</summary>
    /// <param name="location">Bucket and key.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Most bytes to read; null for the rest.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ObjectNotFoundException">There is no such object.</exception>
    Task<byte[]> GetAsync(ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default);

    /// <summary>Opens an object to be read at any position; the caller disposes the stream.</summary>
    /// <param name="location">Bucket and key.</param>
    /// <param name="length">Its bytes, where the caller knows them: a store that is far away then need not be asked.</param>
    /// <param name="cancellationToken">Stops opening, and reads of the stream that bring no token of their own.</param>
    /// <returns>A stream that can seek. One caller at a time reads it. The object should not be replaced meanwhile: a far store may then
    /// give bytes of both.</returns>
    /// <exception cref="ObjectNotFoundException">There is no such object; where <paramref name="length"/> is given, the first read may
    /// find that out.</exception>
    Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default);

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

    /// <summary>Deletes an object unless somebody has replaced it meanwhile.</summary>
    /// <param name="location">Bucket and key.</param>
    /// <param name="etag">The ETag of the object that is to go.</param>
    /// <param name="cancellationToken">Stops; the object is then there or not.</param>
    /// <returns>True when the object is gone, be it by this call or before; false when another one is there, which stays.</returns>
    Task<bool> TryDeleteAsync(ObjectLocation location, string etag, CancellationToken cancellationToken = default);
}
