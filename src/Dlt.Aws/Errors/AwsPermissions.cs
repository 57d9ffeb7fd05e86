using System.Net;
using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>The permission that an operation needs, for the error of a login that does not have it (AWS, "Service Authorization
/// Reference").</summary>
internal static class AwsPermissions
{
    /// <summary>The action of IAM that an operation of S3 needs: they have other names.</summary>
    /// <param name="operation">An operation of the API, such as <c>HeadObject</c>.</param>
    public static string OfS3(string operation) => operation switch
    {
        "HeadObject" => "s3:GetObject",
        "ListObjectsV2" or "HeadBucket" => "s3:ListBucket",
        "DeleteObjects" => "s3:DeleteObject",
        _ => "s3:" + operation,
    };

    /// <summary>What to do about a refusal; empty for errors of other kinds.</summary>
    /// <param name="error">What the service answered.</param>
    /// <param name="action">The action of IAM.</param>
    public static string Hint(AmazonServiceException error, string action) => IsDenied(error)
        ? $" The login lacks the permission {action} here, or a policy denies it: allow it, then run again." : "";

    private static bool IsDenied(AmazonServiceException error) =>
        error.ErrorCode is "AccessDenied" or "AccessDeniedException" or "AllAccessDisabled" or "Forbidden"
            || (error.StatusCode == HttpStatusCode.Forbidden && error.ErrorCode is null or "" or "403");
}
