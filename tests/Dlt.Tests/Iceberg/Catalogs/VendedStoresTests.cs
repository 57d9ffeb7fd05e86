using System.Collections.Immutable;
using System.Globalization;
using Dlt.Iceberg;
using Dlt.Storage;

namespace Dlt.Tests.Iceberg.Catalogs;

/// <summary>Stores with credentials that a REST catalog vends.</summary>
public sealed class VendedStoresTests
{
    private readonly List<OpenedStore> _opened = [];
    private readonly VendedStores _stores;

    public VendedStoresTests() => _stores = new(vended =>
    {
        var store = new OpenedStore(vended["s3.access-key-id"]);
        _opened.Add(store);
        return store;
    });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Tables_with_the_same_credentials_share_a_store_which_is_closed_with_the_catalog()
    {
        Assert.Same(_stores.Of(Vended("a", null)), _stores.Of(Vended("a", null)));
        Assert.NotSame(_stores.Of(Vended("a", null)), _stores.Of(Vended("b", null)));
        _stores.Dispose();
        Assert.Equal([("a", true), ("b", true)], _opened.Select(s => (s.Key, s.IsClosed)));
    }

    [Fact]
    public async Task Credentials_that_end_soon_are_renewed_before_the_next_call()
    {
        var now = TimeProvider.System.GetUtcNow();
        var renewals = 0;
        var store = new RenewedStore(_stores, Vended("old", now.AddMinutes(2)), _ =>
            Task.FromResult(Vended("new" + ++renewals, now.AddHours(1))), TimeProvider.System);
        await store.HeadAsync(new("b", "k"), Cancellation);
        await store.HeadAsync(new("b", "k"), Cancellation);
        Assert.Equal([("new1", 2)], _opened.Select(s => (s.Key, s.Calls)));
    }

    private static ImmutableDictionary<string, string> Vended(string key, DateTimeOffset? end)
    {
        var config = ImmutableDictionary<string, string>.Empty.Add("s3.access-key-id", key);
        return end is null ? config : config.Add("s3.session-token-expires-at-ms",
            end.Value.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>An object store that has no objects.</summary>
    private sealed class OpenedStore(string key) : IObjectStore, IDisposable
    {
        public string Key => key;

        public int Calls { get; private set; }

        public bool IsClosed { get; private set; }

        public Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default)
        {
            Calls++;
            return Task.FromResult<ObjectInfo?>(null);
        }

        public void Dispose() => IsClosed = true;

        public Task<ObjectInfo> PutAsync(
            ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
                CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<byte[]> GetAsync(ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken =
            default) =>
            throw new NotSupportedException();

        public Task<StoredObject?> TryReadAsync(ObjectLocation location, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<bool> TryDeleteAsync(ObjectLocation location, string etag, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public IAsyncEnumerable<ObjectInfo> ListAsync(string bucket, string prefix, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
