using System.Net;

namespace Dlt.Sources.Http;

/// <summary>Decides which requests are worth repeating (docs/spec/pipeline.md 11.5).</summary>
internal static class RetryRules
{
    private static readonly HashSet<HttpMethod> Idempotent =
        [HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace, HttpMethod.Put, HttpMethod.Delete];

    /// <summary>Returns whether sending a request twice has the same effect as sending it once (RFC 9110, 9.2.2).</summary>
    public static bool IsIdempotent(HttpMethod method) => Idempotent.Contains(method);

    /// <summary>Returns whether a repeated request may succeed and has no additional effect.</summary>
    public static bool MayPass(HttpStatusCode status, bool isIdempotent) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable || ((int)status >= 500 && isIdempotent);
}
