using System.Runtime.CompilerServices;
using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>Stores files of tables as objects of a store. Locations are <c>s3://bucket/key</c>.</summary>
/// <param name="store">Object store; the caller disposes it.</param>
public sealed class ObjectFileIO(IObjectStore store) : IFileIO
{
    private const int DeleteBatch = 1000;

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string location, CancellationToken cancellationToken = default)
    {
        try
        {
            return await store.GetAsync(Parse(location), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
            when (error is ObjectNotFoundException or BucketNotFoundException or ArgumentException or PathTooLongException)
        {
            throw NotFound(location, error);
        }
    }

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string location, long offset, long length, CancellationToken cancellationToken = default)
    {
        try
        {
            var bytes = await store.GetAsync(Parse(location), offset, length, cancellationToken).ConfigureAwait(false);
            if (bytes.LongLength == length) return bytes;
            throw IcebergException.Corrupt(location, $"{length} bytes were expected, but the file has {bytes.Length}", offset);
        }
        catch (Exception error)
            when (error is ObjectNotFoundException or BucketNotFoundException or ArgumentException or PathTooLongException)
        {
            throw NotFound(location, error);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(string location, long? length, CancellationToken cancellationToken = default)
    {
        try
        {
            var stream = await store.OpenReadAsync(Parse(location), length, cancellationToken).ConfigureAwait(false);
            return new ObjectStream(stream, location);
        }
        catch (Exception error)
            when (error is ObjectNotFoundException or BucketNotFoundException or ArgumentException or PathTooLongException)
        {
            throw NotFound(location, error);
        }
    }

    /// <inheritdoc/>
    public Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken = default) =>
        store.PutAsync(Parse(location), content, default, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(string location, byte[] content, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.PutAsync(Parse(location), content, PutCondition.MustNotExist, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (PreconditionFailedException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task UploadAsync(string location, string path, CancellationToken cancellationToken = default) =>
        store.UploadAsync(Parse(location), path, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        await store.HeadAsync(Parse(location), cancellationToken).ConfigureAwait(false) is not null;

    /// <inheritdoc/>
    public async Task DeleteAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        foreach (var bucket in locations.Select(Parse).GroupBy(l => l.Bucket))
            foreach (var batch in bucket.Select(l => l.Key).Chunk(DeleteBatch))
                await store.DeleteAsync(bucket.Key, batch, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedFile> ListAsync(
        string folder, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var at = Parse(folder);
        await foreach (var found in store.ListAsync(at.Bucket, at.Key.TrimEnd('/') + "/", cancellationToken).ConfigureAwait(false))
            yield return new(found.Location.ToString(), found.Size, found.LastModified);
    }

    private static ObjectLocation Parse(string location)
    {
        try
        {
            return ObjectLocation.Parse(location);
        }
        catch (FormatException error)
        {
            throw new IcebergException(IcebergError.Unsupported, $"{location} is not in S3, but the table's files are. Nothing was read.",
                error)
            { File = location };
        }
    }

    internal static IcebergException NotFound(string location, Exception? error) =>
        new(IcebergError.NotFound,
            $"{location} does not exist. The table was not changed. Restore the file, or read an older snapshot.",
            error)
        { File = location };
}
