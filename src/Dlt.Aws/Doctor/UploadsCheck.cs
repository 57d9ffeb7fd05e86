using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;

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
            return Warning($"Not checked: {error.Message} Loads do not need this permission.");
        }

        if (hasRule == true) return Ok($"{old} older than a day; a lifecycle rule of s3://{bucket} removes them");
        var found = old == 0 ? "There are none older than a day, but" : string.Create(
            CultureInfo.InvariantCulture, $"{old} {(old == 1 ? "is" : "are")} older than a day below {context.Data}, and");
        return Warning($"{found} no lifecycle rule of s3://{bucket} removes what killed loads leave. Add one; if the bucket has no other "
            + $"rules: aws s3api put-bucket-lifecycle-configuration --bucket {bucket} --lifecycle-configuration '{Rule.Trim()}'");
    }

    private static async Task<int> OldUploadsAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var count = 0;
        var request = new ListMultipartUploadsRequest { BucketName = context.Data.Bucket, Prefix = context.Data.Key };
        var limit = context.Waits.Time.GetUtcNow() - Old;
        ListMultipartUploadsResponse page;
        do
        {
            page = await CallAsync(
                context, "ListMultipartUploads", "s3:ListBucketMultipartUploads",
                s3 => s3.ListMultipartUploadsAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
            count += (page.MultipartUploads ?? []).Count(u => u.Initiated is { } time && time.ToUniversalTime() < limit.UtcDateTime);
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (page.IsTruncated == true);
        return count;
    }

    private static Task<bool> HasRuleAsync(DoctorContext context, CancellationToken cancellationToken) => CallAsync(
        context,
        "GetBucketLifecycleConfiguration",
        "s3:GetLifecycleConfiguration",
        async s3 =>
        {
            try
            {
                var answer = await s3.GetLifecycleConfigurationAsync(context.Data.Bucket, cancellationToken).ConfigureAwait(false);
                return (answer.Configuration?.Rules ?? []).Any(r =>
                    r.Status == LifecycleRuleStatus.Enabled && r.AbortIncompleteMultipartUpload is not null);
            }
            catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchLifecycleConfiguration")
            {
                return false;
            }
        },
        cancellationToken);

    private static Task<T> CallAsync<T>(
        DoctorContext context, string operation, string action, Func<S3Client, Task<T>> call, CancellationToken cancellationToken)
    {
        var s3 = context.Account.S3;
        var bucket = $"s3://{context.Data.Bucket}";
        return AwsCall.RunAsync(
            s3.Endpoint,
            $"{operation} of {bucket}",
            () => call(s3),
            error => new DltException(
                $"S3 refused {operation} of {bucket}: {error.ErrorCode}: {AwsErrors.Shown(error.Message).TrimEnd('.')}."
                + AwsPermissions.Hint(error, action, bucket), AwsErrors.Inner(error)),
            cancellationToken);
    }
}
