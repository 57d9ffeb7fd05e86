using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>Wraps an object store whose credentials expire. It asks the server for new credentials some minutes before (REST spec,
/// "storage-credentials").</summary>
/// <param name="stores">Opens a store for a configuration.</param>
/// <param name="config">The configuration with the current credentials.</param>
/// <param name="renew">Asks the server for a configuration with new credentials.</param>
/// <param name="time">Clock for the expiry.</param>
internal sealed class RenewedStore(
    VendedStores stores,
    ImmutableDictionary<string, string> config,
    Func<CancellationToken, Task<ImmutableDictionary<string, string>>> renew,
    TimeProvider time) : IObjectStore
{
    /// <summary>Remaining lifetime at which credentials are renewed: longer than one call takes.</summary>
    private static readonly TimeSpan MinLifetime = TimeSpan.FromMinutes(5);

    private volatile ImmutableDictionary<string, string> _config = config;

    public async Task<ObjectInfo> PutAsync(
        ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
        CancellationToken cancellationToken = default)
    {
        var store = await StoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.PutAsync(location, content, condition, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default)
    {
        var store = await StoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.UploadAsync(location, filePath, cancellationToken).ConfigureAwait(false);
    }

    public async Task<byte[]> GetAsync(
        ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        var store = await StoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.GetAsync(location, offset, length, cancellationToken).ConfigureAwait(false);
    }

    public async Task<StoredObject?> TryReadAsync(ObjectLocation location, CancellationToken cancellationToken = default)
    {
        var store = await StoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.TryReadAsync(location, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a stream that reads each range with a separate call, so a long read can outlast its credentials.</summary>
    public Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default) =>
        this.OpenRangesAsync(location, length, cancellationToken);

    public async Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default)
    {
        var store = await StoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.HeadAsync(location, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default)
    {
        var store = await StoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.BucketExistsAsync(bucket, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var store = await StoreAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var found in store.ListAsync(bucket, prefix, cancellationToken).ConfigureAwait(false)) yield return found;
    }

    public async Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        var store = await StoreAsync(cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(bucket, keys, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> TryDeleteAsync(ObjectLocation location, string etag, CancellationToken cancellationToken = default)
    {
        var store = await StoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.TryDeleteAsync(location, etag, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns a store whose credentials are valid for at least one more call.</summary>
    private async Task<IObjectStore> StoreAsync(CancellationToken cancellationToken)
    {
        if (VendedStores.EndOf(_config) is { } end && time.GetUtcNow() > end - MinLifetime)
            _config = await renew(cancellationToken).ConfigureAwait(false);
        return stores.Of(_config);
    }
}
