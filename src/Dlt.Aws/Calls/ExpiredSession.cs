using System.Net;
using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>
/// Renews a session that a service refuses as expired before its time: the clock of this machine may be behind, or somebody revoked the
/// sessions of the role. The call is then repeated once.
/// </summary>
internal static class ExpiredSession
{
    private const string Key = "Dlt.RenewedSession";

    /// <summary>
    /// True for an error of an expired session, if the login can make another one and the call has not tried that before.
    /// </summary>
    public static bool TryRenew(IExecutionContext context, Exception error)
    {
        var request = context.RequestContext;
        var isExpired = error is AmazonServiceException
        {
            ErrorCode: "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired",
        };
        if (!isExpired && !MayBeExpired(request, error)) return false;
        return request.Identity is NamedCredentials login && request.ContextAttributes.TryAdd(Key, true)
            && login.TryRenew(request.Request?.AWS4SignerResult?.AccessKeyId);
    }

    /// <summary>
    /// True for the answer to HEAD that S3 gives to an expired session. It has no body, so it names no reason, and other bad requests look
    /// the same.
    /// </summary>
    private static bool MayBeExpired(IRequestContext request, Exception error) =>
        request.Request?.HttpMethod == "HEAD" && error is AmazonServiceException { StatusCode: HttpStatusCode.BadRequest };
}
