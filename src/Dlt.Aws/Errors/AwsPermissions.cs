using System.Net;
using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>
/// Names the permission that an operation needs, for errors of logins that lack it (AWS, "Service Authorization Reference").
/// </summary>
internal static class AwsPermissions
{
    /// <summary>The IAM action that an operation of S3 needs; its name differs from that of the operation.</summary>
    /// <param name="operation">An operation of the API, such as <c>HeadObject</c>.</param>
    public static string OfS3(string operation) => operation switch
    {
        "HeadObject" => "s3:GetObject",
        "ListObjectsV2" or "HeadBucket" => "s3:ListBucket",
        "DeleteObjects" => "s3:DeleteObject",
        _ => "s3:" + operation,
    };

    /// <summary>Advice for a refusal; empty for other errors.</summary>
    /// <param name="error">Error of the service.</param>
    /// <param name="action">The IAM action.</param>
    public static string Hint(AmazonServiceException error, string action) => IsDenied(error)
        ? $" The login lacks the permission {action} here, or a policy denies it. Allow it, then run again." : "";

    private static bool IsDenied(AmazonServiceException error) =>
        error.ErrorCode is "AccessDenied" or "AccessDeniedException" or "AllAccessDisabled" or "Forbidden"
            || (error.StatusCode == HttpStatusCode.Forbidden && error.ErrorCode is null or "" or "403");
}
