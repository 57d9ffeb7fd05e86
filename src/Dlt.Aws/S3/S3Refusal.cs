using System.Net;
using Amazon.Runtime;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>The errors of S3 by what they say about an object.</summary>
internal static class S3Refusal
{
    /// <summary>Translates an answer of a store that refuses a call.</summary>
    /// <param name="error">The answer.</param>
    /// <param name="operation">Name of the call, such as <c>PutObject</c>.</param>
    /// <param name="location">The object or bucket.</param>
    public static Exception Of(AmazonServiceException error, string operation, ObjectLocation location) => error switch
    {
        { StatusCode: HttpStatusCode.PreconditionFailed } or { ErrorCode: "PreconditionFailed" } =>
            new PreconditionFailedException(location),
        // Some stores answer 304, as HTTP has it for reads, when an object exists that must not.
        { StatusCode: HttpStatusCode.NotModified } when operation == "PutObject" => new PreconditionFailedException(location),
        { ErrorCode: "NoSuchBucket" } => new BucketNotFoundException(location.Bucket),
        { ErrorCode: "NoSuchKey" or "NotFound" } or { StatusCode: HttpStatusCode.NotFound } => new ObjectNotFoundException(location),
        _ => AwsCall.S3(error, location, operation),
    };
}
