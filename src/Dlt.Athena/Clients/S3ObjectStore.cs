using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>Objects in Amazon S3 or in a store that speaks its protocol.</summary>
internal sealed class S3ObjectStore(IAmazonS3 s3) : IObjectStore
{
    private const int DeleteBatch = 1000;

    private readonly AnswerTimes _times = new(s3);

    public async Task<ObjectInfo> PutAsync(ObjectLocation location, ReadOnlyMemory<byte> content, PutCondition condition = default, CancellationToken cancellationToken = default)
    {
        using var body = new MemoryStream(content.ToArray(), writable: false);
        var request = new PutObjectRequest { BucketName = location.Bucket, Key = location.Key, InputStream = body };
        if (condition.IfNoneMatch) request.IfNoneMatch = "*";
        if (condition.IfMatch is { } etag) request.IfMatch = etag;
        var answer = await CallAsync(location, () => s3.PutObjectAsync(request, cancellationToken)).ConfigureAwait(false);
        return new(location, content.Length, answer.ETag, _times.Of(request) ?? await LastModifiedAsync(location, cancellationToken).ConfigureAwait(false));
    }

    public async Task<ObjectInfo> UploadAsync(ObjectLocation location, string filePath, CancellationToken cancellationToken = default)
    {
        using var transfer = new TransferUtility(s3);
        var request = new TransferUtilityUploadRequest { BucketName = location.Bucket, Key = location.Key, FilePath = filePath };
        await CallAsync(location, async () =>
        {
            await transfer.UploadAsync(request, cancellationToken).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        return await HeadAsync(location, cancellationToken).ConfigureAwait(false) ?? throw new ObjectNotFoundException(location);
    }

    public async Task<byte[]> GetAsync(ObjectLocation location, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        if (length == 0) return [];
        var request = new GetObjectRequest { BucketName = location.Bucket, Key = location.Key };
        if (offset > 0 || length is not null) request.ByteRange = length is { } count ? new ByteRange(offset, offset + count - 1) : new ByteRange($"bytes={offset}-");
        try
        {
            using var answer = await CallAsync(location, () => s3.GetObjectAsync(request, cancellationToken)).ConfigureAwait(false);
            using var content = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(content, cancellationToken).ConfigureAwait(false);
            return content.ToArray();
        }
        catch (DltException error) when (error.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            return [];
        }
    }

    public async Task<ObjectInfo?> HeadAsync(ObjectLocation location, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await CallAsync(location, () => s3.GetObjectMetadataAsync(location.Bucket, location.Key, cancellationToken)).ConfigureAwait(false);
            return new(location, answer.ContentLength, answer.ETag, answer.LastModified ?? DateTimeOffset.UnixEpoch.UtcDateTime);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    public async Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken = default)
    {
        try
        {
            await CallAsync(new(bucket, ""), () => s3.HeadBucketAsync(new() { BucketName = bucket }, cancellationToken))
                .ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is ObjectNotFoundException or BucketNotFoundException)
        {
            return false;   // the answer to HEAD has no body, so the SDK knows the status only
        }
        catch (DltException error) when (error.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden
            or HttpStatusCode.MovedPermanently })
        {
            return true;   // it is there, but this login may not list it: a policy may well allow prefixes only
        }
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        while (true)
        {
            ListObjectsV2Response page;
            try
            {
                page = await CallAsync(new(bucket, prefix), () => s3.ListObjectsV2Async(request, cancellationToken)).ConfigureAwait(false);
            }
            catch (BucketNotFoundException)
            {
                yield break;
            }

            foreach (var found in page.S3Objects ?? [])
                yield return new(new(bucket, found.Key), found.Size ?? 0, found.ETag, found.LastModified ?? DateTimeOffset.UnixEpoch.UtcDateTime);
            if (page.IsTruncated != true) yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    public async Task DeleteAsync(string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        foreach (var batch in keys.Chunk(DeleteBatch))
        {
            var request = new DeleteObjectsRequest { BucketName = bucket, Objects = [.. batch.Select(k => new KeyVersion { Key = k })], Quiet = true };
            try
            {
                await CallAsync(new(bucket, batch[0]), () => s3.DeleteObjectsAsync(request, cancellationToken)).ConfigureAwait(false);
            }
            catch (DltException error) when (error.InnerException is DeleteObjectsException partial)
            {
                var first = partial.Response.DeleteErrors[0];
                throw new DltException($"S3 did not delete s3://{bucket}/{first.Key}: {first.Code}: {first.Message} ({partial.Response.DeleteErrors.Count} of {batch.Length} objects). The others of this batch are gone.", partial);
            }
        }
    }

    private async Task<DateTimeOffset> LastModifiedAsync(ObjectLocation location, CancellationToken cancellationToken) =>
        (await HeadAsync(location, cancellationToken).ConfigureAwait(false))?.LastModified ?? TimeProvider.System.GetUtcNow();

    private static async Task<T> CallAsync<T>(ObjectLocation location, Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (AmazonS3Exception error)
        {
            throw error switch
            {
                { StatusCode: HttpStatusCode.PreconditionFailed } or { ErrorCode: "PreconditionFailed" } => new PreconditionFailedException(location),
                { ErrorCode: "NoSuchBucket" } => new BucketNotFoundException(location.Bucket),
                { ErrorCode: "NoSuchKey" or "NotFound" } or { StatusCode: HttpStatusCode.NotFound } => new ObjectNotFoundException(location),
                _ => AwsErrors.S3(error, location.ToString()),
            };
        }
        catch (HttpRequestException error)
        {
            throw AwsErrors.NotReached("S3", location.ToString(), error);
        }
    }
}
