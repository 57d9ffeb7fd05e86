using System.Globalization;
using System.Net;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Retries;

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
            string? Text(params string[] names) =>
                names.Select(n => json[n]).FirstOrDefault(v => v is { Kind: JsonKind.String })?.AsString();
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

    /// <summary>Makes a call, whose failures of every kind become ours.</summary>
    /// <param name="endpoint">The service.</param>
    /// <param name="what">The operation, and on what.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="refused">The error for what the service answered.</param>
    /// <param name="cancellationToken">Stops; that is no failure.</param>
    public static async Task<T> CallAsync<T>(
        ServiceEndpoint endpoint, string what, Func<Task<T>> call, Func<AmazonServiceException, Exception> refused,
            CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (AmazonServiceException error) when (error.StatusCode > 0 || error is DeleteObjectsException)
        {
            throw refused(error);
        }
        catch (Exception error) when (Failure.IsNetwork(error) && !cancellationToken.IsCancellationRequested)
        {
            throw endpoint.NotReached(what, error, AttemptHandler.CallOf(error));
        }
        catch (Exception error) when (error is HttpRequestException or AuthenticationException)
        {
            throw endpoint.NotReached(what, error, AttemptHandler.CallOf(error));   // TLS
        }
        catch (AmazonClientException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DltException(
                $"{endpoint.Name} was not called for {what}: {Shown(error.Message).TrimEnd('.')}. "
                + "Check the settings of the destination and the login (credentials, profile, SSO session), then run again.",
                error)
            { IsTransient = true };
        }
    }

    /// <param name="error">What Glue answered.</param>
    /// <param name="what">The operation, and on what: <c>GetTable of table 'a.b'</c>.</param>
    public static GlueException Glue(AmazonServiceException error, string what) => new(
        error.ErrorCode ?? "",
        $"Glue refused {what}: {error.ErrorCode}: {Shown(error.Message)}{Tries(error)}"
            + $"{AwsPermissions.Hint(error, "glue:" + what.Split(' ')[0])}",
        Inner(error))
    {
        IsTransient = IsTransient(error),
        WasRetried = WasRetried(error),
    };

    /// <param name="error">What S3 answered.</param>
    /// <param name="what">The object.</param>
    /// <param name="operation">The operation of the API; null where it is not known.</param>
    public static DltException S3(AmazonServiceException error, string what, string? operation = null) => new(
        $"S3 refused {what}: {error.ErrorCode}: {Shown(error.Message)}{Tries(error)}"
            + (operation is null ? "" : AwsPermissions.Hint(error, AwsPermissions.OfS3(operation))),
        Inner(error))
    {
        IsTransient = IsTransient(error),
        WasRetried = WasRetried(error),
    };

    public static AthenaQueryException Athena(AmazonServiceException error, string operation) => new(
        error.ErrorCode ?? "AthenaError", $"{Shown(error.Message)}{Tries(error)}{AwsPermissions.Hint(error, "athena:" + operation)}",
            innerException: Inner(error))
    {
        IsTransient = IsTransient(error),
        WasRetried = WasRetried(error),
    };

    /// <summary>The message of a service up to the string that it wanted to see signed, in which the session token stands.</summary>
    public static string Shown(string message) =>
        message.IndexOf("The Canonical String", StringComparison.OrdinalIgnoreCase) is var at and >= 0 ? message[..at].TrimEnd() : message;

    /// <summary>The error itself, unless its text holds what is not shown.</summary>
    public static Exception? Inner(AmazonServiceException error) => Shown(error.Message) == error.Message ? error : null;

    /// <summary>True when the service was too busy or out of order, so that the very same call may succeed.</summary>
    public static bool IsBusy(AmazonServiceException error) =>
        (int)error.StatusCode is >= 500 and not 501 or 429
            || error.ErrorCode is "ThrottlingException" or "Throttling" or "SlowDown" or "TooManyRequestsException" or "RequestTimeout";

    /// <summary>True when the same step may succeed later without any change.</summary>
    public static bool IsTransient(AmazonServiceException error) => error switch
    {
        DeleteObjectsException partial => partial.Response.DeleteErrors.All(e =>
            e.Code is "InternalError" or "SlowDown" or "ServiceUnavailable"),
        // another write was under way: whether it succeeds is not known yet
        _ => IsBusy(error) || error.ErrorCode is "ConcurrentModificationException" or "ConditionalRequestConflict",
    };

    /// <summary>How often a call was tried that failed more than once.</summary>
    private static string Tries(AmazonServiceException error) => AttemptHandler.CallOf(error) is { Attempt: > 1 and var attempts }
        ? string.Create(CultureInfo.InvariantCulture, $" (tried {attempts} times)") : "";

    private static bool WasRetried(AmazonServiceException error) => AttemptHandler.CallOf(error) is { HasAttemptsLeft: false };

    private static string Short(string code)
    {
        var start = code.LastIndexOf('#') + 1;
        var end = code.IndexOf(':', start);
        return end < 0 ? code[start..] : code[start..end];
    }
}
