using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>Makes calls with the SDK and translates their failures into errors of this library.</summary>
internal static class AwsCall
{
    /// <summary>Makes a call and translates its failures.</summary>
    /// <param name="endpoint">The service.</param>
    /// <param name="what">The operation and its object, such as <c>GetTable of table 'a.b'</c>.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="refused">Translates an error of the service.</param>
    /// <param name="cancellationToken">Stops the call with an <see cref="OperationCanceledException"/>.</param>
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
                $"{what} was not sent to {endpoint.Name}: {AwsErrors.Shown(error.Message).TrimEnd('.')}. "
                + "Check the settings of the destination and the login (credentials, profile, SSO session), then run again.",
                error)
            { IsTransient = true };
        }
    }

    /// <summary>Translates an error of Glue.</summary>
    /// <param name="error">Error of Glue.</param>
    /// <param name="what">The operation and its object: <c>GetTable of table 'a.b'</c>.</param>
    public static GlueException Glue(AmazonServiceException error, string what) => Catalog(error, "Glue", "glue", what, error.ErrorCode);

    /// <summary>Translates an error of a metadata call of Athena into the one that Glue would give.</summary>
    /// <param name="error">Error of Athena.</param>
    /// <param name="what">The operation and its object: <c>GetTableMetadata of table 'a.b'</c>.</param>
    /// <param name="names">Names of the database and the table that the call asks for.</param>
    public static GlueException Metadata(AmazonServiceException error, string what, params ReadOnlySpan<string> names) =>
        Catalog(error, "Athena", "athena", what, MetadataFailure.CodeOf(error, names));

    private static GlueException Catalog(AmazonServiceException error, string service, string actions, string what, string? code) => new(
        code ?? "",
        $"{service} refused {what}: {ErrorText.Named(error)}"
            + AwsPermissions.Hint(error, $"{actions}:{what.Split(' ')[0]}", ObjectOf(what)) + BusyService.Hint(error),
        AwsErrors.Inner(error))
    {
        IsTransient = AwsErrors.IsTransient(error),
        WasRetried = WasRetried(error),
    };

    /// <summary>Translates an error of S3.</summary>
    /// <param name="error">Error of S3.</param>
    /// <param name="location">The object.</param>
    /// <param name="operation">The operation of the API.</param>
    public static DltException S3(AmazonServiceException error, ObjectLocation location, string operation) => new(
        $"S3 refused {location}: {ErrorText.Named(error)}"
            + AwsPermissions.Hint(error, AwsPermissions.OfS3(operation), AwsPermissions.ResourceOfS3(operation, location))
            + BucketRegion.Hint(error, location.Bucket) + BusyService.Hint(error),
        AwsErrors.Inner(error))
    {
        IsTransient = AwsErrors.IsTransient(error),
        WasRetried = WasRetried(error),
    };

    /// <summary>Translates an error of a service that has no exception of its own.</summary>
    /// <param name="error">Error of the service.</param>
    /// <param name="service">The service, such as <c>Lake Formation</c>.</param>
    /// <param name="what">The operation and its object: <c>GetResourceLFTags of database 'a'</c>.</param>
    /// <param name="actions">Prefix of the service's IAM actions, such as <c>lakeformation</c>.</param>
    public static DltException Other(AmazonServiceException error, string service, string what, string actions) => new(
        $"{service} refused {what}: {ErrorText.Named(error)}"
            + AwsPermissions.Hint(error, $"{actions}:{what.Split(' ')[0]}", ObjectOf(what)) + BusyService.Hint(error),
        AwsErrors.Inner(error))
    {
        IsTransient = AwsErrors.IsTransient(error),
        WasRetried = WasRetried(error),
    };

    /// <summary>Translates an error of Athena.</summary>
    /// <param name="error">Error of Athena.</param>
    /// <param name="operation">The operation of the API.</param>
    /// <param name="request">Body of the request.</param>
    public static AthenaQueryException Athena(AmazonServiceException error, string operation, JsonValue request) => new(
        error.ErrorCode ?? "AthenaError",
        $"{(ForeignPage.Is(error) ? ErrorText.Named(error) : ErrorText.Told(error))}"
            + $"{AwsPermissions.Hint(error, "athena:" + operation)}{ResultHint(error)}"
            + UnknownNames.Hint(error.Message, request) + BusyService.Hint(error),
        innerException: AwsErrors.Inner(error))
    {
        IsTransient = AwsErrors.IsTransient(error),
        WasRetried = WasRetried(error),
    };

    /// <summary>Remedy for a query that has no place for its result.</summary>
    private static string ResultHint(AmazonServiceException error) =>
        error.Message.Contains("No output location", StringComparison.OrdinalIgnoreCase)
            ? " Set query_result_bucket in [destination.athena], such as \"s3://my-lake-results\", or a result location in the workgroup."
            : "";

    /// <summary>The object of an operation: <c>table 'a.b'</c> of <c>GetTable of table 'a.b'</c>.</summary>
    private static string? ObjectOf(string what) => what.Split(" of ", 2) is [_, var of] ? of : null;

    private static bool WasRetried(AmazonServiceException error) => AttemptHandler.CallOf(error) is { HasAttemptsLeft: false };
}
