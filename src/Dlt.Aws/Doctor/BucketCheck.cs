using System.Net;
using Amazon.S3.Model;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>Looks whether the bucket of the data exists, and in which region it is (Amazon S3 API, HeadBucket).</summary>
internal sealed class BucketCheck() : DoctorCheck("bucket")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var (bucket, region) = (context.Data.Bucket, context.AthenaLogin!.Region.SystemName);
        string? found;
        try
        {
            found = await RegionOfAsync(context.Account.S3, bucket, cancellationToken).ConfigureAwait(false);
        }
        catch (BucketNotFoundException error)
        {
            context.IsBucketMissing = true;
            return Failed(Missing(error.Bucket, region));
        }

        return found is null || found == region
            ? Ok($"s3://{bucket}{(found is null ? "" : " in " + found)}")
            : Warning($"s3://{bucket} is in {found}, while Athena runs in {region}: queries pay for the transfer between regions. Use a "
                + "bucket in the region of Athena.");
    }

    /// <summary>The region of a bucket; null if the store does not say it.</summary>
    /// <exception cref="BucketNotFoundException">The bucket does not exist.</exception>
    /// <exception cref="DltException">The login may not see the bucket.</exception>
    public static Task<string?> RegionOfAsync(S3Client s3, string bucket, CancellationToken cancellationToken) =>
        AwsCall.RunAsync(
            s3.Endpoint,
            $"HeadBucket of s3://{bucket}",
            async () =>
            {
                var answer = await s3.HeadBucketAsync(new HeadBucketRequest { BucketName = bucket }, cancellationToken)
                    .ConfigureAwait(false);
                return answer.BucketRegion is { Length: > 0 } found ? found : null;
            },
            error => error.StatusCode == HttpStatusCode.NotFound
                ? new BucketNotFoundException(bucket) : AwsCall.S3(error, new(bucket, ""), "HeadBucket"),
            cancellationToken);

    /// <summary>What to say of a bucket that does not exist.</summary>
    public static string Missing(string bucket, string region) =>
        $"The bucket '{bucket}' does not exist. Create it: aws s3 mb s3://{bucket} --region {region}";
}
