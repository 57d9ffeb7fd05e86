using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dlt.Storage;

namespace Dlt.Destinations.Previews;

/// <summary>Reads another store, and keeps the objects that are written or deleted in memory.</summary>
/// <param name="inner">The store. Only methods that read are called.</param>
/// <param name="time">Clock of the objects that are written.</param>
internal sealed class PreviewStore(IObjectStore inner, TimeProvider time) : IObjectStore
{
    /// <summary>What was changed: an object that was written, or null for one that was deleted.</summary>
    private readonly ConcurrentDictionary<ObjectLocation, StoredObject?> _changed = new();

    private long _version;

    public async Task<ObjectInfo> PutAsync(
        ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
        CancellationToken cancellationToken = default)
    {
        if (!await inner.BucketExistsAsync(location.Bucket, cancellationToken).ConfigureAwait(false))
            throw new BucketNotFoundException(location.Bucket);
        if (condition != default)
        {
            var present = await HeadAsync(location, cancellationToken).ConfigureAwait(false);
            var isMet = condition.IfNoneMatch ? present is null : present?.ETag == condition.IfMatch;
            if (!isMet) throw new PreconditionFailedException(location);
        }

        var etag = string.Create(CultureInfo.InvariantCulture, $"\"preview-{Interlocked.Increment(ref _version)}\"");
        var info = new ObjectInfo(location, content.Length, etag, time.GetUtcNow());
        _changed[location] = new(info, content.ToArray(), time.GetUtcNow());
        return info;
    }

    public async Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default)
    {
        var content = await File.ReadAllBytesAsync(filePath, cancellationToken).ConfigureAwait(false);
        return await PutAsync(location, content, default, cancellationToken).ConfigureAwait(false);
    }

    public Task<byte[]> GetAsync(
        ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        if (!_changed.TryGetValue(location, out var changed)) return inner.GetAsync(location, offset, length, cancellationToken);
        if (changed is null) throw new ObjectNotFoundException(location);
        var from = Math.Min(offset, changed.Content.Length);
        var count = Math.Min(length ?? long.MaxValue, changed.Content.Length - from);
        return Task.FromResult(changed.Content.Slice((int)from, (int)count).ToArray());
    }

    public Task<StoredObject?> TryReadAsync(ObjectLocation location, CancellationToken cancellationToken = default) =>
        _changed.TryGetValue(location, out var changed) ? Task.FromResult(changed) : inner.TryReadAsync(location, cancellationToken);

    public Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default) =>
        _changed.ContainsKey(location)
            ? this.OpenRangesAsync(location, length, cancellationToken)
            : inner.OpenReadAsync(location, length, cancellationToken);

    public Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default) =>
        _changed.TryGetValue(location, out var changed) ? Task.FromResult(changed?.Info) : inner.HeadAsync(location, cancellationToken);

    public Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default) =>
        inner.BucketExistsAsync(bucket, cancellationToken);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var written = new Queue<ObjectInfo>(_changed.Values.OfType<StoredObject>().Select(o => o.Info)
            .Where(i => i.Location.Bucket == bucket && i.Location.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(i => i.Location.Key, Comparer<string>.Create(JsonText.CompareUtf8)));
        await foreach (var stored in inner.ListAsync(bucket, prefix, cancellationToken).ConfigureAwait(false))
        {
            while (written.TryPeek(out var next) && JsonText.CompareUtf8(next.Location.Key, stored.Location.Key) < 0)
                yield return written.Dequeue();
            if (!_changed.ContainsKey(stored.Location)) yield return stored;
        }

        while (written.TryDequeue(out var rest)) yield return rest;
    }

    public Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        foreach (var key in keys) _changed[new(bucket, key)] = null;
        return Task.CompletedTask;
    }

    public async Task<bool> TryDeleteAsync(ObjectLocation location, string etag, CancellationToken cancellationToken = default)
    {
        var present = await HeadAsync(location, cancellationToken).ConfigureAwait(false);
        if (present is not null && present.ETag != etag) return false;
        _changed[location] = null;
        return true;
    }
}
