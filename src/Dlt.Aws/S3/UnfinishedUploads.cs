using System.ComponentModel;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Dlt.Aws;
using Dlt.Storage;

namespace Dlt.Internal;

/// <summary>
/// Uploads in parts that were never finished. They cost storage and are not visible (Amazon S3 User Guide, "Uploading and copying objects
/// using multipart upload").
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UnfinishedUploads
{
    private readonly S3Client _s3;

    internal UnfinishedUploads(S3Client s3) => _s3 = s3;

    /// <summary>Lists the uploads of keys that begin with a prefix.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">The prefix; empty for all keys.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <exception cref="DltException">The login may not list uploads, or the bucket does not exist.</exception>
    public async IAsyncEnumerable<UnfinishedUpload> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ListMultipartUploadsRequest { BucketName = bucket, Prefix = prefix };
        ListMultipartUploadsResponse page;
        do
        {
            page = await CallAsync(
                "ListMultipartUploads", new(bucket, prefix), () => _s3.ListMultipartUploadsAsync(request, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                var initiated = upload.Initiated?.ToUniversalTime() ?? DateTime.UnixEpoch;
                yield return new(new(bucket, upload.Key), upload.UploadId, new(initiated, TimeSpan.Zero));
            }

            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (page.IsTruncated == true);
    }

    /// <summary>Ends an upload and removes its parts. An upload that is gone is ignored.</summary>
    /// <exception cref="DltException">The login may not end it.</exception>
    public async Task AbortAsync(UnfinishedUpload upload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        var request = new AbortMultipartUploadRequest
        { BucketName = upload.Location.Bucket, Key = upload.Location.Key, UploadId = upload.UploadId };
        await CallAsync(
            "AbortMultipartUpload",
            upload.Location,
            async () =>
            {
                try
                {
                    return await _s3.AbortMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false);
                }
                catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchUpload")
                {
                    return new();
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private Task<T> CallAsync<T>(string operation, ObjectLocation location, Func<Task<T>> call, CancellationToken cancellationToken) =>
        AwsCall.RunAsync(
            _s3.Endpoint, $"{operation} of {location}", call, error => AwsCall.S3(error, location, operation), cancellationToken);
}

/// <summary>An upload in parts that was not finished.</summary>
/// <param name="Location">Location of the object that it was to make.</param>
/// <param name="UploadId">Id that S3 gave the upload.</param>
/// <param name="Initiated">When it began.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record UnfinishedUpload(ObjectLocation Location, string UploadId, DateTimeOffset Initiated);
