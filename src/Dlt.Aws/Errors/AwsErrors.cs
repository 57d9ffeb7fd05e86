using Amazon.Runtime;
using Amazon.S3;

namespace Dlt.Aws;

/// <summary>Reads the errors of AWS services and decides which calls can be retried.</summary>
internal static class AwsErrors
{
    /// <summary>Code and message of an error body (docs/spec/aws-apis.md 1.2).</summary>
    public static (string Code, string Message) Parse(string body, string? header)
    {
        try
        {
            var json = JsonValue.Parse(body);
            string? Text(params string[] names) =>
                names.Select(n => json[n]).FirstOrDefault(v => v is { Kind: JsonKind.String })?.AsString();
            return (Short(Text("__type", "code", "Code") ?? header ?? ""), Text("message", "Message") ?? body);
        }
        catch (Exception error) when (error is DltException or InvalidOperationException)
        {
            return (Short(header ?? ""), ForeignPage.Describe(body));
        }
    }

    /// <summary>The message of a service without the string to sign at its end, which contains the session token.</summary>
    public static string Shown(string message) =>
        message.IndexOf("The Canonical String", StringComparison.OrdinalIgnoreCase) is var at and >= 0 ? message[..at].TrimEnd() : message;

    /// <summary>A full stop for a message that lacks one, so that advice can follow.</summary>
    public static string Stop(AmazonServiceException error) => Shown(error.Message ?? "").TrimEnd().EndsWith('.') ? "" : ".";

    /// <summary>The error as an inner exception; null if its text contains the session token.</summary>
    public static Exception? Inner(AmazonServiceException error) => Shown(error.Message) == error.Message ? error : null;

    /// <summary>True when the service was too busy or failed, so the same call may succeed.</summary>
    public static bool IsBusy(AmazonServiceException error) =>
        (int)error.StatusCode is >= 500 and not 501 or 429
            || error.ErrorCode == "RequestTimeout" || IsThrottling(error.ErrorCode);

    /// <summary>True for the codes of a service that asks for fewer calls (docs/spec/aws-apis.md 1.6).</summary>
    public static bool IsThrottling(string? code) => code is "ThrottlingException" or "Throttling" or "ThrottledException"
        or "RequestThrottled" or "RequestThrottledException" or "TooManyRequestsException" or "RequestLimitExceeded"
        or "BandwidthLimitExceeded" or "ProvisionedThroughputExceededException" or "SlowDown" or "PriorRequestNotComplete";

    /// <summary>True when the same step may succeed later without a change.</summary>
    public static bool IsTransient(AmazonServiceException error) => error switch
    {
        DeleteObjectsException partial => partial.Response.DeleteErrors.All(e =>
            e.Code is "InternalError" or "SlowDown" or "ServiceUnavailable"),
        // Another write was under way, and its outcome is not known yet.
        _ => IsBusy(error) || error.ErrorCode is "ConcurrentModificationException" or "ConditionalRequestConflict",
    };

    private static string Short(string code)
    {
        var start = code.LastIndexOf('#') + 1;
        var end = code.IndexOf(':', start);
        return end < 0 ? code[start..] : code[start..end];
    }
}
