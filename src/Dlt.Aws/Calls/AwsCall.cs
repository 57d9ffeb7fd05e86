using System.Globalization;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;
using Dlt.Lake;
using Dlt.Retries;

namespace Dlt.Aws;

/// <summary>Makes calls of the SDK, and turns what the services refuse into errors of ours.</summary>
internal static class AwsCall
{
    /// <summary>Makes a call, whose failures of every kind become ours.</summary>
    /// <param name="endpoint">The service.</param>
    /// <param name="what">The operation, and on what.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="refused">The error for what the service answered.</param>
    /// <param name="cancellationToken">Stops; that is no failure.</param>
    public static async Task<T> RunAsync<T>(
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
                $"{endpoint.Name} was not called for {what}: {AwsErrors.Shown(error.Message).TrimEnd('.')}. "
                + "Check the settings of the destination and the login (credentials, profile, SSO session), then run again.",
                error)
            { IsTransient = true };
        }
    }

    /// <param name="error">What Glue answered.</param>
    /// <param name="what">The operation, and on what: <c>GetTable of table 'a.b'</c>.</param>
    public static GlueException Glue(AmazonServiceException error, string what) => new(
        error.ErrorCode ?? "",
        $"Glue refused {what}: {error.ErrorCode}: {AwsErrors.Shown(error.Message)}{Tries(error)}"
            + $"{AwsPermissions.Hint(error, "glue:" + what.Split(' ')[0])}",
        AwsErrors.Inner(error))
    {
        IsTransient = AwsErrors.IsTransient(error),
        WasRetried = WasRetried(error),
    };

    /// <param name="error">What S3 answered.</param>
    /// <param name="what">The object.</param>
    /// <param name="operation">The operation of the API; null where it is not known.</param>
    public static DltException S3(AmazonServiceException error, string what, string? operation = null) => new(
        $"S3 refused {what}: {error.ErrorCode}: {AwsErrors.Shown(error.Message)}{Tries(error)}"
            + (operation is null ? "" : AwsPermissions.Hint(error, AwsPermissions.OfS3(operation))),
        AwsErrors.Inner(error))
    {
        IsTransient = AwsErrors.IsTransient(error),
        WasRetried = WasRetried(error),
    };

    /// <param name="error">What Athena answered.</param>
    /// <param name="operation">The operation of the API.</param>
    public static AthenaQueryException Athena(AmazonServiceException error, string operation) => new(
        error.ErrorCode ?? "AthenaError",
        $"{AwsErrors.Shown(error.Message)}{Tries(error)}{AwsPermissions.Hint(error, "athena:" + operation)}",
        innerException: AwsErrors.Inner(error))
    {
        IsTransient = AwsErrors.IsTransient(error),
        WasRetried = WasRetried(error),
    };

    /// <summary>How often a call was tried that failed more than once.</summary>
    private static string Tries(AmazonServiceException error) => AttemptHandler.CallOf(error) is { Attempt: > 1 and var attempts }
        ? string.Create(CultureInfo.InvariantCulture, $" (tried {attempts} times)") : "";

    private static bool WasRetried(AmazonServiceException error) => AttemptHandler.CallOf(error) is { HasAttemptsLeft: false };
}
