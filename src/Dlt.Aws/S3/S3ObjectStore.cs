using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using Dlt.Internal;
using Dlt.Storage;
using RetryPolicy = Dlt.Internal.RetryPolicy;

namespace Dlt.Aws;

/// <summary>An object store in Amazon S3, or in a store that supports its protocol.</summary>
/// <remarks>Safe for concurrent use. Holds connections until it is disposed.</remarks>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private const int DeleteBatch = 1000;
    private const int SmallBytes = 1 << 20;

    /// <summary>Size from which files are sent in parts, as the SDK does by default.</summary>
    private const long PartsFromBytes = 16 << 20;

    private static readonly RetryPolicy Bodies = RetryPolicy.Steps;

    private readonly IAmazonS3 _s3;
    private readonly AnswerTimes _times;
    private readonly ServiceEndpoint _endpoint;
    private readonly StoreAnswer _answer;

    internal S3ObjectStore(IAmazonS3 s3)
    {
        _s3 = s3;
        _times = new(s3);
        _endpoint = (s3 as S3Client)?.Endpoint ?? new("S3", RetryWaits.Silent);
        _answer = new(_endpoint);
    }

    /// <summary>Opens a store. Calls a service only to sign in with a profile or the default chain.</summary>
    /// <param name="options">Login and endpoint.</param>
    /// <param name="regionFrom">Options that supply the region if the first ones name none; null for none.</param>
    /// <param name="waits">Waits between attempts and reports long waits; null to wait silently.</param>
    /// <exception cref="ConfigurationException">A login or the region is missing or unknown, or the login has expired.</exception>
    public static S3ObjectStore Open(AwsCredentialOptions options, AwsCredentialOptions? regionFrom = null, RetryWaits? waits = null) =>
        new(new S3Client(AwsLogin.Resolve(options, regionFrom), waits));

    /// <inheritdoc/>
    public async Task<ObjectInfo> PutAsync(ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default,
        CancellationToken cancellationToken = default)
    {
        if (content.Length > SmallBytes) await ReachAsync(location, cancellationToken).ConfigureAwait(false);
        using var body = ObjectBody.Of(content);
        var request = new PutObjectRequest { BucketName = location.Bucket, Key = location.Key, InputStream = body };
        if (condition.IfNoneMatch) request.IfNoneMatch = "*";
        if (condition.IfMatch is { } etag) request.IfMatch = etag;
        var answer = await CallAsync("PutObject", location, () => _s3.PutObjectAsync(request, cancellationToken), cancellationToken,
            isConditional: condition != default).ConfigureAwait(false);
        return new(location, content.Length, _answer.ETagOf(answer, location),
            _times.Of(request) ?? await LastModifiedAsync(location, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default)
    {
        await ReachAsync(location, cancellationToken).ConfigureAwait(false);
        if (new FileInfo(filePath).Length < PartsFromBytes)
            return await PutFileAsync(location, filePath, cancellationToken).ConfigureAwait(false);
        using var transfer = new TransferUtility(_s3);
        var request = new TransferUtilityUploadRequest { BucketName = location.Bucket, Key = location.Key, FilePath = filePath };
        await CallAsync(
            "PutObject",
            location,
            async () =>
            {
                await transfer.UploadAsync(request, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return await HeadAsync(location, cancellationToken).ConfigureAwait(false) ?? throw new ObjectNotFoundException(location);
    }

    /// <inheritdoc/>
    public async Task<byte[]> GetAsync(
        ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        if (length == 0) return [];
        var request = new GetObjectRequest { BucketName = location.Bucket, Key = location.Key };
        if (offset > 0 || length is not null)
            request.ByteRange = length is { } count ? new ByteRange(offset, offset + count - 1) : new ByteRange($"bytes={offset}-");
        try
        {
            return (await ReadAsync(location, request, cancellationToken).ConfigureAwait(false)).Content;
        }
        catch (DltException error) when (
            error.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public async Task<StoredObject?> TryReadAsync(ObjectLocation location, CancellationToken cancellationToken = default)
    {
        var request = new GetObjectRequest { BucketName = location.Bucket, Key = location.Key };
        try
        {
            var (content, etag, modified) = await ReadAsync(location, request, cancellationToken).ConfigureAwait(false);
            return new(new(location, content.Length, etag, modified), content, _times.Of(request));
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(ObjectLocation location, long? length = null, CancellationToken cancellationToken = default) =>
        this.OpenRangesAsync(location, length, cancellationToken);

    /// <inheritdoc/>
    public async Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await CallAsync("HeadObject", location, () =>
                _s3.GetObjectMetadataAsync(location.Bucket, location.Key, cancellationToken), cancellationToken).ConfigureAwait(false);
            return new(location, answer.ContentLength, answer.ETag, answer.LastModified ?? DateTimeOffset.UnixEpoch.UtcDateTime);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Lists one key instead of calling HEAD, because a response to HEAD has no body to say what is wrong with a login.</summary>
    public async Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default)
    {
        try
        {
            var request = new ListObjectsV2Request { BucketName = bucket, MaxKeys = 1 };
            await CallAsync(
                "ListObjectsV2", new(bucket, ""), () => _s3.ListObjectsV2Async(request, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is ObjectNotFoundException or BucketNotFoundException)
        {
            return false;
        }
        catch (DltException error) when (
            error.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.MovedPermanently })
        {
            return true;   // the bucket exists, but a policy may allow this login to list only some prefixes
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        while (true)
        {
            ListObjectsV2Response page;
            try
            {
                page = await CallAsync("ListObjectsV2", new(bucket, prefix), () =>
                    _s3.ListObjectsV2Async(request, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            catch (BucketNotFoundException)
            {
                yield break;
            }

            var hasMore = _answer.HasMore(page, new(bucket, prefix));
            foreach (var found in page.S3Objects ?? [])
                yield return new(
                    new(bucket, found.Key), found.Size ?? 0, found.ETag, found.LastModified ?? DateTimeOffset.UnixEpoch.UtcDateTime);
            if (!hasMore) yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        foreach (var batch in keys.Chunk(DeleteBatch))
        {
            var request = new DeleteObjectsRequest
            { BucketName = bucket, Objects = [.. batch.Select(k => new KeyVersion { Key = k })], Quiet = true };
            try
            {
                await CallAsync("DeleteObjects", new(bucket, batch[0]), () =>
                    _s3.DeleteObjectsAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            catch (DltException error) when (error.InnerException is DeleteObjectsException partial)
            {
                var first = partial.Response.DeleteErrors[0];
                throw new DltException(
                    $"S3 did not delete s3://{bucket}/{first.Key}: {first.Code}: {first.Message} "
                    + $"({partial.Response.DeleteErrors.Count} of {batch.Length} objects failed; the others were deleted.)",
                    partial)
                { IsTransient = error.IsTransient };
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TryDeleteAsync(ObjectLocation location, string etag, CancellationToken cancellationToken = default)
    {
        var request = new DeleteObjectRequest { BucketName = location.Bucket, Key = location.Key, IfMatch = etag };
        try
        {
            await CallAsync("DeleteObject", location, () => _s3.DeleteObjectAsync(request, cancellationToken), cancellationToken,
                isConditional: true).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is ObjectNotFoundException or BucketNotFoundException)
        {
            return true;
        }
        catch (PreconditionFailedException)
        {
            return false;
        }
    }

    /// <summary>Writes a file in one request, whose answer has the facts of the object.</summary>
    private async Task<ObjectInfo> PutFileAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken)
    {
        var file = File.OpenRead(filePath);
        await using (file.ConfigureAwait(false))
        {
            var request = new PutObjectRequest
            {
                BucketName = location.Bucket,
                Key = location.Key,
                InputStream = file,
                AutoCloseStream = false,
            };
            var answer = await CallAsync("PutObject", location, () => _s3.PutObjectAsync(request, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return new(location, file.Length, _answer.ETagOf(answer, location),
                _times.Of(request) ?? await LastModifiedAsync(location, cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task<DateTimeOffset> LastModifiedAsync(ObjectLocation location, CancellationToken cancellationToken) =>
        (await HeadAsync(location, cancellationToken).ConfigureAwait(false))?.LastModified ?? TimeProvider.System.GetUtcNow();

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _s3.Dispose();

    /// <summary>Reads a body, again from its beginning if it breaks off: the SDK retries only until the headers have arrived.</summary>
    private async Task<(byte[] Content, string ETag, DateTimeOffset LastModified)> ReadAsync(
        ObjectLocation location, GetObjectRequest request, CancellationToken cancellationToken)
    {
        var time = _endpoint.Waits.Time;
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await CallAsync("GetObject", location, () =>
                _s3.GetObjectAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
            try
            {
                var content = await ObjectBody.ReadAsync(
                        answer.ResponseStream, answer.ContentLength, _endpoint.AttemptLimit, time, cancellationToken)
                    .ConfigureAwait(false);
                return (content, answer.ETag, answer.LastModified ?? DateTimeOffset.UnixEpoch.UtcDateTime);
            }
            catch (Exception error) when (Failure.IsNetwork(error) && !cancellationToken.IsCancellationRequested)
            {
                var what = $"{_endpoint.Name} broke off its response to GetObject of {location}: {Failure.Cause(error).TrimEnd('.')}";
                if (attempt == Bodies.Attempts)
                {
                    var story = $"{what}. It was tried {attempt} times. Check the network, then run again.";
                    throw new DltException(story, error) { IsTransient = true, WasRetried = true };
                }

                await _endpoint.Waits.WaitAsync(what, attempt, Bodies.Attempts, Bodies.Wait(attempt), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>Checks that the store responds before a large body is sent, which has no time limit.</summary>
    private async Task ReachAsync(ObjectLocation location, CancellationToken cancellationToken)
    {
        if (!_endpoint.HasAnswered) await HeadAsync(location, cancellationToken).ConfigureAwait(false);
    }

    private Task<T> CallAsync<T>(string operation, ObjectLocation location, Func<Task<T>> call, CancellationToken cancellationToken,
        bool isConditional = false) => AwsCall.RunAsync(
        _endpoint, $"{operation} of {location}", call, error => isConditional && error.StatusCode == HttpStatusCode.NotImplemented
            ? new ConditionNotSupportedException(location, AwsCall.S3(error, location, operation))
            : S3Refusal.Of(error, operation, location), cancellationToken);
}
