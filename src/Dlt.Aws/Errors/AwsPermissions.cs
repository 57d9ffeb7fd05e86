using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>
/// Names the permission that an operation needs, for errors of logins that lack it (AWS, "Service Authorization Reference").
/// </summary>
internal static partial class AwsPermissions
{
    /// <summary>The IAM action that an operation of S3 needs; its name differs from that of the operation.</summary>
    /// <param name="operation">An operation of the API, such as <c>HeadObject</c>.</param>
    public static string OfS3(string operation) => operation switch
    {
        "HeadObject" => "s3:GetObject",
        "ListObjectsV2" or "HeadBucket" => "s3:ListBucket",
        "DeleteObjects" => "s3:DeleteObject",
        "ListMultipartUploads" => "s3:ListBucketMultipartUploads",
        "GetBucketLifecycleConfiguration" => "s3:GetLifecycleConfiguration",
        _ => "s3:" + operation,
    };

    /// <summary>The resource that an operation of S3 needs its permission on: the bucket, or the folder of the object.</summary>
    /// <param name="operation">An operation of the API.</param>
    /// <param name="location">Bucket and key.</param>
    public static string ResourceOfS3(string operation, ObjectLocation location)
    {
        if (operation is "ListObjectsV2" or "HeadBucket" or "ListMultipartUploads" or "GetBucketLifecycleConfiguration")
            return $"s3://{location.Bucket}";
        var folder = location.Key[..(location.Key.LastIndexOf('/') + 1)];
        return $"s3://{location.Bucket}/{folder}*";
    }

    /// <summary>Advice for a refusal; empty for other errors.</summary>
    /// <param name="error">Error of the service.</param>
    /// <param name="action">The IAM action.</param>
    /// <param name="resource">What it is needed on; null if the message says so before.</param>
    public static string Hint(AmazonServiceException error, string action, string? resource = null)
    {
        if (!IsDenied(error)) return "";
        var stop = AwsErrors.Stop(error);
        if (LakeFormationPermissions.IsMissing(error)) return stop + LakeFormationPermissions.Hint(error, action, resource);
        // The services name the action that was denied, which may belong to another service, such as the key of a bucket.
        var named = Denied().Match(error.Message ?? "");
        if (named.Success && named.Groups["action"].Value is var said && !said.Equals(action, StringComparison.OrdinalIgnoreCase))
            (action, resource) = (said, named.Groups["resource"] is { Success: true, Value: var on } ? on.TrimEnd('.') : null);
        return $"{stop} The login lacks the permission {action}{(resource is null ? "" : " on " + resource)}, or a policy denies it. Allow "
            + "it ('dlt doctor --policy' prints all that a pipeline needs), then run again.";
    }

    /// <summary>True when the login lacks a permission.</summary>
    public static bool IsDenied(AmazonServiceException error) =>
        error.ErrorCode is "AccessDenied" or "AccessDeniedException" or "AllAccessDisabled" or "Forbidden"
            || MetadataFailure.IsDenied(error)
            || (error.StatusCode == HttpStatusCode.Forbidden && error.ErrorCode is null or "" or "403" && !ForeignPage.Is(error));

    [GeneratedRegex(@"not authorized to perform: (?<action>[a-z0-9-]+:\w+)(?: on resource: ""?(?<resource>[^\s""]+))?")]
    private static partial Regex Denied();
}
