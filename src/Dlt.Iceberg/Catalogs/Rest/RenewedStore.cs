using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>A store whose credentials end: the server is asked for new ones a while before (REST spec, "storage-credentials").</summary>
/// <param name="stores">Opens stores.</param>
/// <param name="config">What the server said last.</param>
/// <param name="renew">Asks the server.</param>
/// <param name="time">The clock.</param>
internal sealed class RenewedStore(
    VendedStores stores,
    ImmutableDictionary<string, string> config,
    Func<CancellationToken, Task<ImmutableDictionary<string, string>>> renew,
    TimeProvider time) : IObjectStore
{
    /// <summary>The call that begins now must end before its credentials do.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(5);

    private volatile ImmutableDictionary<string, string> _config = config;

    public async Task<ObjectInfo> PutAsync(ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
        CancellationToken cancellationToken = default) =>
        await (await NowAsync(cancellationToken).ConfigureAwait(false)).PutAsync(location, content, condition, cancellationToken)
            .ConfigureAwait(false);

    public async Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default) =>
        await (await NowAsync(cancellationToken).ConfigureAwait(false)).UploadAsync(location, filePath, cancellationToken)
            .ConfigureAwait(false);

    public async Task<byte[]> GetAsync(ObjectLocation location, long offset = 0, long? length = null,
        CancellationToken cancellationToken = default) =>
        await (await NowAsync(cancellationToken).ConfigureAwait(false)).GetAsync(location, offset, length, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>Each range is a call of its own, so that a long read outlives its credentials.</summary>
    public Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default) =>
        this.OpenRangesAsync(location, length, cancellationToken);

    public async Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default) =>
        await (await NowAsync(cancellationToken).ConfigureAwait(false)).HeadAsync(location, cancellationToken).ConfigureAwait(false);

    public async Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default) =>
        await (await NowAsync(cancellationToken).ConfigureAwait(false)).BucketExistsAsync(bucket, cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string bucket, string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var store = await NowAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var found in store.ListAsync(bucket, prefix, cancellationToken).ConfigureAwait(false)) yield return found;
    }

    public async Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        await (await NowAsync(cancellationToken).ConfigureAwait(false)).DeleteAsync(bucket, keys, cancellationToken).ConfigureAwait(false);

    public async Task<bool> TryDeleteAsync(ObjectLocation location, string etag, CancellationToken cancellationToken = default) =>
        await (await NowAsync(cancellationToken).ConfigureAwait(false)).TryDeleteAsync(location, etag, cancellationToken)
            .ConfigureAwait(false);

    private async Task<IObjectStore> NowAsync(CancellationToken cancellationToken)
    {
        if (VendedStores.EndOf(_config) is { } end && time.GetUtcNow() > end - Before)
            _config = await renew(cancellationToken).ConfigureAwait(false);
        return stores.Of(_config);
    }
}
