using System.Globalization;
using Amazon.S3;
using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>
/// Looks for uploads in parts that were never finished, which cost storage without being visible, and for the lifecycle rule that removes
/// them (Amazon S3 User Guide, "Configuring a bucket lifecycle configuration to delete incomplete multipart uploads").
/// </summary>
internal sealed class UploadsCheck() : DoctorCheck("unfinished uploads")
{
    private const string Rule = """
        {"Rules":[{"ID":"unfinished-uploads","Status":"Enabled","Filter":{},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7}}]}
        """;

    private static readonly TimeSpan Old = TimeSpan.FromDays(1);

    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var bucket = context.Data.Bucket;
        int? old;
        bool? hasRule;
        try
        {
            old = await OldUploadsAsync(context, cancellationToken).ConfigureAwait(false);
            hasRule = await HasRuleAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (DltException error)
        {
            return Warning($"Not checked: {Failure.Sentence(error)} Loads do not need this permission.");
        }

        if (hasRule == true) return Ok($"{old} older than a day; a lifecycle rule of s3://{bucket} removes them");
        var found = old == 0 ? "There are none older than a day, but" : string.Create(
            CultureInfo.InvariantCulture, $"{old} {(old == 1 ? "is" : "are")} older than a day below {context.Data}, and");
        return Warning($"{found} no lifecycle rule of s3://{bucket} removes what killed loads leave. Add one; if the bucket has no other "
            + $"rules: aws s3api put-bucket-lifecycle-configuration --bucket {bucket} --lifecycle-configuration '{Rule.Trim()}'");
    }

    private static async Task<int> OldUploadsAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var limit = context.Waits.Time.GetUtcNow() - Old;
        var count = 0;
        var uploads = context.Account.Uploads.ListAsync(context.Data.Bucket, context.Folder, cancellationToken);
        await foreach (var upload in uploads.ConfigureAwait(false))
            if (upload.Initiated < limit) count++;
        return count;
    }

    private static Task<bool> HasRuleAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        const string operation = "GetBucketLifecycleConfiguration";
        var (s3, bucket) = (context.Account.S3, context.Data.Bucket);
        return AwsCall.RunAsync(
            s3.Endpoint,
            $"{operation} of s3://{bucket}",
            async () =>
            {
                try
                {
                    var answer = await s3.GetLifecycleConfigurationAsync(bucket, cancellationToken).ConfigureAwait(false);
                    return (answer.Configuration?.Rules ?? []).Any(r =>
                        r.Status == LifecycleRuleStatus.Enabled && r.AbortIncompleteMultipartUpload is not null);
                }
                catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchLifecycleConfiguration")
                {
                    return false;
                }
            },
            error => AwsCall.S3(error, new(bucket, ""), operation),
            cancellationToken);
    }
}
