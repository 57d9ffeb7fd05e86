using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Dlt.Aws;

/// <summary>Explains refusals of S3 for a bucket that is in another region than the login's (Amazon S3 API, "Error responses").</summary>
internal static partial class BucketRegion
{
    /// <summary>Advice for a refusal; empty for other errors.</summary>
    public static string Hint(AmazonServiceException error, string bucket)
    {
        if (error.ErrorCode is not ("PermanentRedirect" or "AuthorizationHeaderMalformed")) return "";
        var region = Of(error);
        return AwsErrors.Stop(error) + (region is null
            ? $" The bucket '{bucket}' is in another region. Set region_name in [destination.filesystem.credentials] to that region, then "
                + "run again."
            : $" The bucket '{bucket}' is in the region {region}. Set region_name = \"{region}\" in [destination.filesystem.credentials], "
                + "then run again.");
    }

    private static string? Of(AmazonServiceException error)
    {
        if (Expected().Match(error.Message ?? "") is { Success: true } expected) return expected.Groups[1].Value;
        var answer = (error.InnerException as HttpErrorResponseException)?.Response;
        return answer?.IsHeaderPresent("x-amz-bucket-region") == true ? answer.GetHeaderValue("x-amz-bucket-region") : null;
    }

    [GeneratedRegex(@"expecting '([a-z0-9-]+)'")]
    private static partial Regex Expected();
}
