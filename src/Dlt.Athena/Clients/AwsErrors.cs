using Amazon.Runtime;
using Dlt.Json;
using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>Turns errors of the services into ours; here it is decided what is worth trying again.</summary>
internal static class AwsErrors
{
    private const int MaxBodyInMessage = 1024;

    /// <summary>Code and message of an error body (spec/aws-apis.md 1.2).</summary>
    public static (string Code, string Message) Parse(string body, string? header)
    {
        try
        {
            var json = JsonParser.Parse(body);
            string? Text(params string[] names) => names.Select(n => json[n]).FirstOrDefault(v => v is { Kind: JsonKind.String })?.AsString();
            return (Short(Text("__type", "code", "Code") ?? header ?? ""), Text("message", "Message") ?? body);
        }
        catch (DltException)
        {
            // A proxy or load balancer answered: its page is all there is to show.
            return (Short(header ?? ""), body.Length <= MaxBodyInMessage ? body : body[..MaxBodyInMessage]);
        }
        catch (InvalidOperationException)
        {
            return (Short(header ?? ""), body.Length <= MaxBodyInMessage ? body : body[..MaxBodyInMessage]);
        }
    }

    public static GlueException Glue(AmazonServiceException error, string what) => new(error.ErrorCode ?? "", $"Glue refused {what}: {error.ErrorCode}: {Shown(error.Message)}", Inner(error))
    {
        IsTransient = IsTransient(error),
    };

    public static DltException S3(AmazonServiceException error, string what) => new($"S3 refused {what}: {error.ErrorCode}: {Shown(error.Message)}", Inner(error)) { IsTransient = IsTransient(error) };

    public static DltException NotReached(string service, string what, HttpRequestException error) =>
        new($"{service} was not reached for {what}: {error.Message}. What was begun stays pending; check the network, the region and endpoint_url, then run again.", error) { IsTransient = true };

    /// <summary>The message of a service up to the string that it wanted to see signed, in which the session token stands.</summary>
    public static string Shown(string message) => message.IndexOf("The Canonical String", StringComparison.OrdinalIgnoreCase) is var at and >= 0 ? message[..at].TrimEnd() : message;

    /// <summary>The error itself, unless its text holds what is not shown.</summary>
    public static Exception? Inner(AmazonServiceException error) => Shown(error.Message) == error.Message ? error : null;

    private static bool IsTransient(AmazonServiceException error) => (int)error.StatusCode >= 500
        || error.ErrorCode is "ThrottlingException" or "Throttling" or "SlowDown" or "TooManyRequestsException" or "RequestTimeout" or "ConcurrentModificationException"
            or "ConditionalRequestConflict";   // another write was under way: whether it succeeds is not known yet

    private static string Short(string code)
    {
        var start = code.LastIndexOf('#') + 1;
        var end = code.IndexOf(':', start);
        return end < 0 ? code[start..] : code[start..end];
    }
}
