using System.Globalization;
using System.Runtime.CompilerServices;
using Dlt.Hashing;

namespace Dlt.Storage;

/// <summary>
/// Objects as plain files: <c>&lt;root&gt;/&lt;bucket&gt;/&lt;key&gt;</c>, where characters that a disk cannot hold are escaped. Safe for
/// several processes, and against a power cut.
/// </summary>
/// <remarks>
/// A write goes to a temporary file, whose bytes are on the disk before it is renamed over the target, so readers see whole objects; when
/// the call returns the name is on the disk too. Writes and deletes hold a lock file per bucket.
/// The ETag is made of size and time. The bucket gives each version of its objects another time, later than all before it, so that put,
/// head and list agree on it and two versions never share one.
/// </remarks>
public sealed class FolderObjectStore : IObjectStore
{
    private const string TempFolder = ".tmp";
    private const string LockFile = "lock";

    /// <summary>Up to here a file is read and written without another thread: that would take longer than the disk.</summary>
    private const int SmallBytes = 1 << 20;

    private static readonly TimeSpan CoarsestTime = TimeSpan.FromSeconds(2);

    private readonly string _root;
    private readonly bool _createBuckets;

    /// <summary>A store in a folder, which is created when it is missing.</summary>
    /// <param name="root">The folder that holds the buckets.</param>
    /// <param name="createBuckets">True: a write to an unknown bucket creates it; false: it is an error, as on S3.</param>
    public FolderObjectStore(string root, bool createBuckets = false)
    {
        _root = Path.GetFullPath(root);
        _createBuckets = createBuckets;
    }

    /// <summary>The file of an object, or the one that it would have.</summary>
    /// <exception cref="ArgumentException">There can be no such object: the key has a part <c>..</c>, for example.</exception>
    public string PathOf(ObjectLocation location) => Bucket(location.Bucket).FindOrCanonical(location);

    /// <summary>Makes a bucket; one that exists does not matter.</summary>
    public void CreateBucket(string bucket) => DurableFolder.Create(Bucket(bucket).Path);

    /// <inheritdoc/>
    public Task<ObjectInfo> PutAsync(ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
        CancellationToken cancellationToken = default) =>
        StoreAsync(location, temporary => WriteAsync(temporary, content, cancellationToken), condition, cancellationToken);

    /// <inheritdoc/>
    public Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default) =>
        StoreAsync(location, temporary => CopyAsync(filePath, temporary, cancellationToken), default, cancellationToken);

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
            var read = wanted > SmallBytes
                ? await RandomAccess.ReadAsync(file, buffer.AsMemory(at), offset + at, cancellationToken).ConfigureAwait(false)
                : RandomAccess.Read(file, buffer.AsSpan(at), offset + at);
            if (read == 0) break;
            at += read;
        }

        return at == buffer.Length ? buffer : buffer[..at];
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(new FileStream(Open(location, FileOptions.None), FileAccess.Read));
    }

    /// <summary>A folder without permission hides its files: that is another error than that there is none.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    internal static ObjectNotFoundException Missing(ObjectLocation location, string path)
    {
        try
        {
            File.GetAttributes(path);
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            // There is none.
        }

        return new(location);
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

    /// <summary>Lists objects, and names the symbolic links that it passes by: what lies behind them is not listed.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">What their keys begin with.</param>
    /// <param name="onLink">Receives the path of each link; null to pass them by in silence.</param>
    /// <param name="cancellationToken">Stops.</param>
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
        if (location.Key.Length == 0) throw new ArgumentException($"'{location}' names no object.", nameof(location));
        var folder = Bucket(location.Bucket);
        folder.FindOrCanonical(location);   // an error before anything is written
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

            // A folder that is gone by now took the object with it, by a delete of another writer.
            foreach (var made in changed.Distinct().Where(Directory.Exists)) DurableFolder.Flush(made);
            return info;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Folders may vanish under other programs than this one, which know nothing of the lock.</summary>
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
                // Once more with the folder.
            }
        }
    }

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        if (content.Length > SmallBytes) await RandomAccess.WriteAsync(file, content, 0, cancellationToken).ConfigureAwait(false);
        else RandomAccess.Write(file, content.Span, 0);
        DiskFlush.File(file, path);
    }

    private static async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        // In the kernel, by reference where the file system can.
        if (new FileInfo(from).Length > SmallBytes) await Task.Run(() => File.Copy(from, to), cancellationToken).ConfigureAwait(false);
        else File.Copy(from, to);
        DurableFile.Flush(to);
    }

    private static void SetTime(ObjectLocation location, string temporary, ObjectInfo? present, BucketLock held)
    {
        var time = held.NextTime();
        File.SetLastWriteTimeUtc(temporary, time);

        // Some disks keep whole seconds, or every second one.
        if (present is not null && Info(location, new(temporary))!.ETag == present.ETag)
            File.SetLastWriteTimeUtc(temporary, held.NextTime(time + CoarsestTime));
    }

    private static void Check(ObjectLocation location, ObjectInfo? present, PutCondition condition)
    {
        if (condition.IfNoneMatch && present is not null) throw new PreconditionFailedException(location);
        if (condition.IfMatch is { } etag && present?.ETag != etag) throw new PreconditionFailedException(location);
    }

    /// <returns>Null when the file is gone.</returns>
    private static ObjectInfo? Info(ObjectLocation location, FileInfo file) => !file.Exists
        ? null
        : new(location, file.Length, string.Create(CultureInfo.InvariantCulture, $"\"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}\""),
            file.LastWriteTimeUtc);

    private Microsoft.Win32.SafeHandles.SafeFileHandle Open(ObjectLocation location, FileOptions options)
    {
        var folder = Bucket(location.Bucket);
        for (var attempt = 1; ; attempt++)
        {
            var path = folder.Find(location) ?? throw Missing(location, folder.FindOrCanonical(location));
            try
            {
                return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException && attempt < 10)
            {
                // Deleted, or moved beside a folder, since it was looked for.
            }
        }
    }

    private BucketFolder Bucket(string bucket)
    {
        if (bucket == TempFolder || bucket.StartsWith('.') || DiskName.Encode(bucket, keepsCase: true) != bucket)
            throw new ArgumentException($"'{bucket}' is not a bucket name.", nameof(bucket));
        return new(Path.Combine(_root, bucket));
    }

    private string NewTempFile(string bucket) => Path.Combine(PrepareTemp(bucket), DltHash.NewTempName());

    private Task<BucketLock> LockAsync(string bucket, CancellationToken cancellationToken) =>
        BucketLock.TakeAsync(Path.Combine(PrepareTemp(bucket), LockFile), cancellationToken);

    /// <summary>Beside the buckets, on the same disk. Nothing in it outlives a power cut.</summary>
    private string PrepareTemp(string bucket)
    {
        var folder = Path.Combine(_root, TempFolder, bucket);
        Directory.CreateDirectory(folder);
        return folder;
    }
}
