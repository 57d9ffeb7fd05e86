using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dlt.Hashing;

namespace Dlt.Storage;

/// <summary>Objects as plain files: <c>&lt;root&gt;/&lt;bucket&gt;/&lt;key&gt;</c>. Safe for several processes.</summary>
/// <remarks>
/// A write goes to a temporary file and is renamed over the target, so readers see whole objects. Conditional writes hold a lock file per bucket.
/// The ETag is the MD5 of the content, as on S3 for objects written whole; beyond 8 MiB, where clients of S3 write in parts, it is made of size and time. A key that is the folder of another key cannot be stored, which S3 could.
/// </remarks>
public sealed class FolderObjectStore : IObjectStore
{
    private const string TempFolder = ".tmp";
    private const long LargestHashed = 8 << 20;

    /// <summary>Up to here a file is read and written without another thread: that would take longer than the disk.</summary>
    private const int SmallBytes = 1 << 20;

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

    /// <summary>The file of an object.</summary>
    /// <exception cref="ArgumentException">The key would leave the bucket's folder.</exception>
    public string PathOf(ObjectLocation location)
    {
        if (location.Bucket.Length == 0 || location.Bucket.AsSpan().ContainsAny("/\\") || location.Bucket is "." or ".." or TempFolder)
            throw new ArgumentException($"'{location.Bucket}' is not a bucket name.", nameof(location));
        if (location.Key.Split('/').Any(part => part is "." or "..") || location.Key.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"The key '{location.Key}' has a part '.' or '..', which a folder cannot hold.", nameof(location));
        return Path.Combine(_root, location.Bucket, location.Key.Replace('/', Path.DirectorySeparatorChar));
    }

    /// <summary>Makes a bucket; one that exists does not matter.</summary>
    public void CreateBucket(string bucket) => Directory.CreateDirectory(PathOf(new(bucket, "")));

    /// <inheritdoc/>
    public async Task<ObjectInfo> PutAsync(ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var target = Prepare(location);
        var temp = NewTempFile(location.Bucket);
        try
        {
            await WriteAsync(temp, content, cancellationToken).ConfigureAwait(false);
            if (condition == default)
            {
                File.Move(temp, target, overwrite: true);
            }
            else
            {
                using var bucketLock = await LockAsync(location.Bucket, cancellationToken).ConfigureAwait(false);
                Check(location, target, condition);
                File.Move(temp, target, overwrite: true);
            }
        }
        finally
        {
            File.Delete(temp);
        }

        return content.Length > LargestHashed
            ? Info(location, target)
            : new(location, content.Length, ETag(MD5.HashData(content.Span)), File.GetLastWriteTimeUtc(target));
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var target = Prepare(location);
        var temp = NewTempFile(location.Bucket);
        try
        {
            // In the kernel, by reference where the file system can.
            if (new FileInfo(filePath).Length > SmallBytes) await Task.Run(() => File.Copy(filePath, temp), cancellationToken).ConfigureAwait(false);
            else File.Copy(filePath, temp);
            File.SetLastWriteTimeUtc(temp, TimeProvider.System.GetUtcNow().UtcDateTime);   // the copy keeps the time of its source
            File.Move(temp, target, overwrite: true);
        }
        finally
        {
            File.Delete(temp);
        }

        return Info(location, target);
    }

    /// <inheritdoc/>
    public async Task<byte[]> GetAsync(ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        var path = PathOf(location);
        cancellationToken.ThrowIfCancellationRequested();
        if (!File.Exists(path)) throw Missing(location, path);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
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
    public Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default)
    {
        var path = PathOf(location);
        return Task.FromResult(File.Exists(path) ? Info(location, path) : null);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var root = PathOf(new(bucket, ""));
        var slash = prefix.LastIndexOf('/');
        var folder = slash < 0 ? root : Path.Combine(root, prefix[..slash].Replace('/', Path.DirectorySeparatorChar));
        if (!Directory.Exists(folder)) yield break;
        var keys = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Order(Comparer<string>.Create(Json.JsonText.CompareUtf8));
        foreach (var key in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var location = new ObjectLocation(bucket, key);
            var file = new FileInfo(PathOf(location));
            if (file.Exists) yield return new(location, file.Length, QuickETag(file), file.LastWriteTimeUtc);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        foreach (var key in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = PathOf(new(bucket, key));
            try
            {
                File.Delete(path);
            }
            catch (DirectoryNotFoundException)
            {
                // Not there: nothing to delete.
            }

            RemoveEmptyFolders(Path.GetDirectoryName(path)!, PathOf(new(bucket, "")));
        }

        return Task.CompletedTask;
    }

    private static void RemoveEmptyFolders(string folder, string bucketFolder)
    {
        // S3 has no folders: an empty one must not outlive its last object.
        while (folder.Length > bucketFolder.TrimEnd(Path.DirectorySeparatorChar).Length && Directory.Exists(folder))
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                return;   // not empty
            }

            folder = Path.GetDirectoryName(folder)!;
        }
    }

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        if (content.Length > SmallBytes) await RandomAccess.WriteAsync(file, content, 0, cancellationToken).ConfigureAwait(false);
        else RandomAccess.Write(file, content.Span, 0);
    }

    private static void Check(ObjectLocation location, string target, PutCondition condition)
    {
        var exists = File.Exists(target);
        if (condition.IfNoneMatch && exists) throw new PreconditionFailedException(location);
        if (condition.IfMatch is { } etag && (!exists || ETagOf(target) != etag)) throw new PreconditionFailedException(location);
    }

    private static string ETagOf(string path)
    {
        if (new FileInfo(path) is { Length: > LargestHashed } large) return QuickETag(large);
        using var file = File.OpenRead(path);
        return ETag(MD5.HashData(file));
    }

    private static string ETag(byte[] md5) => $"\"{Convert.ToHexStringLower(md5)}\"";

    /// <summary>Listing does not read contents; size and time tell one version from the next.</summary>
    private static string QuickETag(FileInfo file) => string.Create(CultureInfo.InvariantCulture, $"\"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}\"");

    private static ObjectInfo Info(ObjectLocation location, string path)
    {
        var file = new FileInfo(path);
        return new(location, file.Length, ETagOf(path), file.LastWriteTimeUtc);
    }

    private string Prepare(ObjectLocation location)
    {
        if (location.Key.Length == 0 || location.Key.EndsWith('/')) throw new ArgumentException($"'{location}' names no object.", nameof(location));
        var target = PathOf(location);
        var bucket = PathOf(new(location.Bucket, ""));
        if (!Directory.Exists(bucket))
        {
            if (!_createBuckets) throw new BucketNotFoundException(location.Bucket);
            Directory.CreateDirectory(bucket);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return target;
    }

    private string NewTempFile(string bucket)
    {
        var folder = Path.Combine(_root, TempFolder, bucket);   // beside the buckets, on the same disk
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, DltHash.NewTempName());
    }

    private async Task<FileStream> LockAsync(string bucket, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_root, TempFolder, bucket, "lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(5, cancellationToken).ConfigureAwait(false);   // another process holds it
            }
        }
    }
}
