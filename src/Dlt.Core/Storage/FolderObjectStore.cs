using System.Globalization;
using System.Runtime.CompilerServices;
using Dlt.Hashing;
using Dlt.Internal;

namespace Dlt.Storage;

/// <summary>
/// Stores objects as plain files, <c>&lt;root&gt;/&lt;bucket&gt;/&lt;key&gt;</c>; characters that a disk cannot store are escaped. Safe for
/// use by several threads and processes at once. Writes survive a power cut.
/// </summary>
/// <remarks>
/// Each write goes to a temporary file, which is flushed and then renamed over the target, so readers see complete objects. The name is
/// flushed before the call returns. Writes and deletes hold a lock file per bucket. The ETag consists of size and modification time. Each
/// version of an object has a later time than all earlier objects of its bucket, so put, head and list return the same ETag and two
/// versions never share one.
/// </remarks>
public sealed class FolderObjectStore : IObjectStore
{
    private const string TempFolder = ".tmp";
    private const string LockFile = "lock";

    private static readonly TimeSpan CoarsestTime = TimeSpan.FromSeconds(2);

    private readonly string _root;
    private readonly bool _createBuckets;

    /// <summary>Creates a store over a folder; the folder is created when it is missing.</summary>
    /// <param name="root">The folder that holds the buckets.</param>
    /// <param name="createBuckets">True: a write to an unknown bucket creates the bucket. False: it throws
    /// <see cref="BucketNotFoundException"/>, as on S3.</param>
    public FolderObjectStore(string root, bool createBuckets = false)
    {
        _root = Path.GetFullPath(root);
        _createBuckets = createBuckets;
    }

    /// <summary>Returns the file that stores an object, or the file that would store it.</summary>
    /// <exception cref="ArgumentException">The key cannot name an object; for example, it has a part <c>..</c>.</exception>
    public string PathOf(ObjectLocation location) => Bucket(location.Bucket).FindOrCanonical(location);

    /// <summary>Creates a bucket. Does nothing when it exists.</summary>
    public void CreateBucket(string bucket) => DurableFolder.Create(Bucket(bucket).Path);

    /// <inheritdoc/>
    public Task<ObjectInfo> PutAsync(ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
        CancellationToken cancellationToken = default) =>
        StoreAsync(location, temporary => ObjectFile.WriteAsync(temporary, content, cancellationToken), condition, cancellationToken);

    /// <inheritdoc/>
    public Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default) =>
        StoreAsync(location, temporary => ObjectFile.CopyAsync(filePath, temporary, cancellationToken), default, cancellationToken);

    /// <inheritdoc/>
    public async Task<byte[]> GetAsync(
        ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var file = Open(location, FileOptions.Asynchronous);
        var size = RandomAccess.GetLength(file);
        var wanted = Math.Max(0, Math.Min(length ?? long.MaxValue, size - offset));
        var buffer = new byte[wanted];
        var at = 0;
        while (at < buffer.Length)
        {
            var read = wanted > ObjectFile.SmallBytes
                ? await RandomAccess.ReadAsync(file, buffer.AsMemory(at), offset + at, cancellationToken).ConfigureAwait(false)
                : RandomAccess.Read(file, buffer.AsSpan(at), offset + at);
            if (read == 0) break;
            at += read;
        }

        return at == buffer.Length ? buffer : buffer[..at];
    }

    /// <inheritdoc/>
    public Task<StoredObject?> TryReadAsync(ObjectLocation location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_createBuckets && !Bucket(location.Bucket).Exists) throw new BucketNotFoundException(location.Bucket);
        if (Bucket(location.Bucket).Find(location) is null) return Task.FromResult<StoredObject?>(null);
        try
        {
            using var file = Open(location, FileOptions.None);
            var content = new byte[RandomAccess.GetLength(file)];
            var read = 0;
            while (RandomAccess.Read(file, content.AsSpan(read), read) is > 0 and var count) read += count;
            var info = InfoOf(location, content.Length, File.GetLastWriteTimeUtc(file));   // a handle keeps its version
            return Task.FromResult<StoredObject?>(new(info, content, TimeProvider.System.GetUtcNow()));
        }
        catch (ObjectNotFoundException)
        {
            return Task.FromResult<StoredObject?>(null);
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(new FileStream(Open(location, FileOptions.None), FileAccess.Read));
    }

    /// <inheritdoc/>
    public Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default) =>
        Task.FromResult(Bucket(location.Bucket).Find(location) is { } path ? Info(location, new(path)) : null);

    /// <inheritdoc/>
    public Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default) =>
        Task.FromResult(_createBuckets || Bucket(bucket).Exists);

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string bucket, string prefix, CancellationToken cancellationToken = default) =>
        ListWithLinksAsync(bucket, prefix, null, cancellationToken);

    /// <summary>
    /// Lists objects as <see cref="ListAsync"/> does, and reports the symbolic links that it skips. Objects behind links are not listed.
    /// </summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">Beginning of the keys; empty for all objects.</param>
    /// <param name="onLink">Receives the path of each skipped link; null to skip links silently.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public async IAsyncEnumerable<ObjectInfo> ListWithLinksAsync(
        string bucket, string prefix, Action<string>? onLink, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var (key, file) in Bucket(bucket).List(prefix, onLink)
            .OrderBy(o => o.Key, Comparer<string>.Create(JsonText.CompareUtf8)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Info(new(bucket, key), new(file)) is { } info) yield return info;
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        var folder = Bucket(bucket);
        if (!folder.Exists) return;
        var changed = new HashSet<string>(StringComparer.Ordinal);
        using (await LockAsync(bucket, cancellationToken).ConfigureAwait(false))
        {
            foreach (var key in keys)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (folder.Find(new(bucket, key)) is { } file) changed.Add(folder.Remove(file));
            }

            foreach (var left in changed.Where(Directory.Exists)) DurableFolder.Flush(left);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TryDeleteAsync(ObjectLocation location, string etag, CancellationToken cancellationToken = default)
    {
        var folder = Bucket(location.Bucket);
        if (!folder.Exists) return true;
        using (await LockAsync(location.Bucket, cancellationToken).ConfigureAwait(false))
        {
            if (folder.Find(location) is not { } file) return true;
            if (Info(location, new(file))?.ETag != etag) return false;
            var left = folder.Remove(file);
            if (Directory.Exists(left)) DurableFolder.Flush(left);
            return true;
        }
    }

    private async Task<ObjectInfo> StoreAsync(
        ObjectLocation location, Func<string, Task> write, PutCondition condition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (location.Key.Length == 0)
            throw new ArgumentException($"'{location}' has no key. Nothing was written. Name an object.", nameof(location));
        var folder = Bucket(location.Bucket);
        folder.FindOrCanonical(location);   // throws before anything is written
        if (!folder.Exists && !_createBuckets) throw new BucketNotFoundException(location.Bucket);
        DurableFolder.Create(folder.Path);
        var temporary = NewTempFile(location.Bucket);
        try
        {
            await write(temporary).ConfigureAwait(false);
            var changed = new List<string>();
            ObjectInfo info;
            using (var held = await LockAsync(location.Bucket, cancellationToken).ConfigureAwait(false))
            {
                var present = folder.Find(location) is { } path ? Info(location, new(path)) : null;
                Check(location, present, condition);
                SetTime(location, temporary, present, held);
                var target = Move(temporary, folder, location, changed);
                changed.Add(Path.GetDirectoryName(target)!);
                info = Info(location, new(target)) ?? throw new ObjectNotFoundException(location);
            }

            // A folder that no longer exists was deleted by another writer together with the object.
            foreach (var made in changed.Distinct().Where(Directory.Exists)) DurableFolder.Flush(made);
            return info;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>
    /// Renames the temporary file over the target; retries because programs that do not use the lock may delete folders meanwhile.
    /// </summary>
    private static string Move(string temporary, BucketFolder folder, ObjectLocation location, List<string> changed)
    {
        for (var attempt = 1; ; attempt++)
        {
            var target = folder.Prepare(location, changed);
            try
            {
                File.Move(temporary, target, overwrite: true);
                return target;
            }
            catch (DirectoryNotFoundException) when (attempt < 10)
            {
                // Try again with the folder created.
            }
        }
    }

    private static void SetTime(ObjectLocation location, string temporary, ObjectInfo? present, BucketLock held)
    {
        var time = held.NextTime();
        File.SetLastWriteTimeUtc(temporary, time);

        // Some disks store times in steps of one or two seconds.
        if (present is not null && Info(location, new(temporary))!.ETag == present.ETag)
            File.SetLastWriteTimeUtc(temporary, held.NextTime(time + CoarsestTime));
    }

    private static void Check(ObjectLocation location, ObjectInfo? present, PutCondition condition)
    {
        if (condition.IfNoneMatch && present is not null) throw new PreconditionFailedException(location);
        if (condition.IfMatch is { } etag && present?.ETag != etag) throw new PreconditionFailedException(location);
    }

    /// <returns>The facts of the file; null when it does not exist.</returns>
    private static ObjectInfo? Info(ObjectLocation location, FileInfo file) =>
        file.Exists ? InfoOf(location, file.Length, file.LastWriteTimeUtc) : null;

    private static ObjectInfo InfoOf(ObjectLocation location, long size, DateTime written) =>
        new(location, size, string.Create(CultureInfo.InvariantCulture, $"\"{size:x}-{written.Ticks:x}\""), written);

    private Microsoft.Win32.SafeHandles.SafeFileHandle Open(ObjectLocation location, FileOptions options)
    {
        var folder = Bucket(location.Bucket);
        for (var attempt = 1; ; attempt++)
        {
            var path = folder.Find(location) ?? throw folder.Missing(location);
            try
            {
                return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException && attempt < 10)
            {
                // The file was deleted or renamed after it was found.
            }
        }
    }

    private BucketFolder Bucket(string bucket)
    {
        if (bucket == TempFolder || bucket.StartsWith('.') || DiskName.Encode(bucket, keepsCase: true) != bucket)
            throw new ArgumentException($"'{bucket}' is not a bucket name: it must be the name of one folder.", nameof(bucket));
        return new(Path.Combine(_root, bucket));
    }

    private string NewTempFile(string bucket) => Path.Combine(PrepareTemp(bucket), DltHash.NewTempName());

    private Task<BucketLock> LockAsync(string bucket, CancellationToken cancellationToken) =>
        BucketLock.TakeAsync(Path.Combine(PrepareTemp(bucket), LockFile), cancellationToken);

    /// <summary>Returns the folder for temporary files: next to the buckets, on the same disk. Its files are disposable.</summary>
    private string PrepareTemp(string bucket)
    {
        var folder = Path.Combine(_root, TempFolder, bucket);
        Directory.CreateDirectory(folder);
        return folder;
    }
}
