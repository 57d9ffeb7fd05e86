using System.Collections.Concurrent;
using Dlt.Storage;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// An object store that reads each manifest and manifest list of an Iceberg table once. Those files have unique names and never change.
/// </summary>
/// <param name="inner">The store.</param>
internal sealed class ManifestCache(IObjectStore inner) : IObjectStore
{
    private const string Ending = ".avro";

    private readonly ConcurrentDictionary<ObjectLocation, byte[]> _read = new();

    public async Task<byte[]> GetAsync(
        ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        var isWhole = offset == 0 && length is null && location.Key.EndsWith(Ending, StringComparison.Ordinal);
        if (!isWhole) return await inner.GetAsync(location, offset, length, cancellationToken).ConfigureAwait(false);
        if (_read.TryGetValue(location, out var known)) return known;
        return _read[location] = await inner.GetAsync(location, offset, length, cancellationToken).ConfigureAwait(false);
    }

    public Task<ObjectInfo> PutAsync(
        ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
        CancellationToken cancellationToken = default) => inner.PutAsync(location, content, condition, cancellationToken);

    public Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default) =>
        inner.UploadAsync(location, filePath, cancellationToken);

    public Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(location, length, cancellationToken);

    public Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default) =>
        inner.HeadAsync(location, cancellationToken);

    public Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default) =>
        inner.BucketExistsAsync(bucket, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string bucket, string prefix, CancellationToken cancellationToken = default) =>
        inner.ListAsync(bucket, prefix, cancellationToken);

    public Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        inner.DeleteAsync(bucket, keys, cancellationToken);

    public Task<bool> TryDeleteAsync(ObjectLocation location, string etag, CancellationToken cancellationToken = default) =>
        inner.TryDeleteAsync(location, etag, cancellationToken);

    public Task<StoredObject?> TryReadAsync(ObjectLocation location, CancellationToken cancellationToken = default) =>
        inner.TryReadAsync(location, cancellationToken);
}
