using System.Net;

namespace Dlt.Sources.Http;

/// <summary>Which answers may be others when the request is sent again (docs/spec/pipeline.md 11.5).</summary>
internal static class RetryRules
{
    private static readonly HashSet<HttpMethod> Idempotent =
        [HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace, HttpMethod.Put, HttpMethod.Delete];

    /// <summary>True when sending twice does the same as sending once (RFC 9110, 9.2.2).</summary>
    public static bool IsIdempotent(HttpMethod method) => Idempotent.Contains(method);

    /// <summary>True when the status may be another one next time, and the request did nothing that another one would do twice.</summary>
    public static bool MayPass(HttpStatusCode status, HttpMethod method) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable || ((int)status >= 500 && IsIdempotent(method));
}
