namespace Dlt.Storage;

/// <summary>
/// Stores objects under keys, as Amazon S3 does. Implemented over S3 and over a local folder; both pass the same contract tests.
/// </summary>
/// <remarks>Safe for use by several threads at once. Put, upload, head and list return the same ETag for an object.</remarks>
public interface IObjectStore
{
    /// <summary>Writes an object atomically: readers see the old object or the new one.</summary>
    /// <param name="location">Bucket and key.</param>
    /// <param name="content">Content of the object.</param>
    /// <param name="condition">Condition that the present object must meet.</param>
    /// <param name="cancellationToken">Cancels the write. The object is then the old one or the new one.</param>
    /// <returns>The facts of the stored object.</returns>
    /// <exception cref="PreconditionFailedException">The condition is not met. Nothing was written.</exception>
    /// <exception cref="ConditionNotSupportedException">The store does not know conditions. Nothing was written.</exception>
    /// <exception cref="BucketNotFoundException">The bucket does not exist.</exception>
    Task<ObjectInfo> PutAsync(ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
        CancellationToken cancellationToken = default);

    /// <summary>Writes a local file as an object; large files are sent in parts. The local file is kept.</summary>
    /// <returns>The facts of the stored object.</returns>
    /// <exception cref="BucketNotFoundException">The bucket does not exist.</exception>
    Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default);

    /// <summary>Reads an object or a range of it.</summary>
    /// <param name="location">Bucket and key.</param>
    /// <param name="offset">Position of the first byte, 0 or more.</param>
    /// <param name="length">Maximum number of bytes to read; null reads to the end.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ObjectNotFoundException">The object does not exist.</exception>
    Task<byte[]> GetAsync(ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default);

    /// <summary>Reads a whole object together with the facts of that version, in one request. For small objects.</summary>
    /// <returns>The object; null when it does not exist.</returns>
    /// <exception cref="BucketNotFoundException">The bucket does not exist.</exception>
    Task<StoredObject?> TryReadAsync(ObjectLocation location, CancellationToken cancellationToken = default);

    /// <summary>Opens an object for reads at any position. The caller disposes the stream.</summary>
    /// <param name="location">Bucket and key.</param>
    /// <param name="length">Size of the object in bytes, when the caller knows it: a remote store then needs no request.</param>
    /// <param name="cancellationToken">Cancels opening, and reads of the stream that have no cancellation token.</param>
    /// <returns>A seekable stream for one caller at a time. If the object is replaced while it is open, a remote store may return bytes of
    /// both versions.</returns>
    /// <exception cref="ObjectNotFoundException">The object does not exist. When <paramref name="length"/> is given, the first read may
    /// throw this instead.</exception>
    Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the facts of an object; null when it does not exist.</summary>
    Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns false when the bucket does not exist, so nothing can be written to it. Returns true when the credentials do not allow the
    /// check.
    /// </summary>
    Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the objects whose keys begin with <paramref name="prefix"/>, ordered by the UTF-8 bytes of their keys. Lists nothing when the
    /// bucket does not exist.
    /// </summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string bucket, string prefix, CancellationToken cancellationToken = default);

    /// <summary>Deletes objects. Keys without an object are ignored.</summary>
    /// <exception cref="DltException">At least one object could not be deleted; the message names the first.</exception>
    Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default);

    /// <summary>Deletes an object unless another writer has replaced it.</summary>
    /// <param name="location">Bucket and key.</param>
    /// <param name="etag">ETag of the object to delete.</param>
    /// <param name="cancellationToken">Cancels the delete. The object is then deleted or unchanged.</param>
    /// <returns>True when the object does not exist any more, whether or not this call deleted it; false when another version exists, which
    /// is kept.</returns>
    /// <exception cref="ConditionNotSupportedException">The store does not know conditions. Nothing was deleted.</exception>
    Task<bool> TryDeleteAsync(ObjectLocation location, string etag, CancellationToken cancellationToken = default);
}
