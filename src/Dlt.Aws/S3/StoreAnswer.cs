using Amazon.S3.Model;
using Dlt.Internal;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>
/// Checks that a store has given an answer of success itself. A proxy or a login page in between may answer 200 without forwarding the
/// call; the SDK reads such an answer as one without members.
/// </summary>
/// <param name="endpoint">The store.</param>
internal sealed class StoreAnswer(ServiceEndpoint endpoint)
{
    /// <summary>Returns the ETag of an object that was written.</summary>
    /// <exception cref="DltException">The answer has none.</exception>
    public string ETagOf(PutObjectResponse answer, ObjectLocation location) =>
        answer.ETag is { Length: > 0 } etag ? etag : throw Foreign("PutObject", location, "ETag", "The object may be missing.");

    /// <summary>Returns true if there are more pages.</summary>
    /// <exception cref="DltException">The answer is not a page of a listing.</exception>
    public bool HasMore(ListObjectsV2Response page, ObjectLocation location) =>
        page.IsTruncated ?? throw Foreign("ListObjectsV2", location, "IsTruncated", "Nothing was listed.");

    private DltException Foreign(string operation, ObjectLocation location, string member, string state) => new(
        $"The answer to {operation} of {location} from {endpoint.Name} says success, but has no {member}, so it is not that of a store. "
        + $"{state} A proxy or a login page between this machine and the store may have answered. Check the network, HTTPS_PROXY and "
        + "endpoint_url, then run again.");
}
