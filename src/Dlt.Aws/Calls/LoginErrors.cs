using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Dlt.Aws;

/// <summary>
/// Translates errors about a login (expired, unknown, wrongly signed) into errors that name the setting and its place. Runs above the SDK's
/// retries.
/// </summary>
internal sealed class LoginErrors(string service, AwsCredentialOptions options) : PipelineHandler
{
    private string Secret => options.Origin.KeyOf(nameof(AwsCredentialOptions.SecretAccessKey));

    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        try
        {
            return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
        }
        catch (AmazonServiceException error) when (Reason(error) is { } reason)
        {
            var (who, remedy) = AwsLogin.Describe(options);
            throw new ConfigurationException(
                $"{service} refused {who}: {reason}. {remedy}, then run again.",
                AwsErrors.Inner(error))
            { File = options.Origin.File };
        }
        catch (Exception error) when (OwnError(error) is { } own && own != error)
        {
            throw own;
        }
    }

    /// <summary>The error of <see cref="NamedCredentials"/>, whichever exception of the SDK wraps it.</summary>
    private static DltException? OwnError(Exception? error) => error switch
    {
        null => null,
        DltException own => own,
        AggregateException all => all.InnerExceptions.Select(OwnError).FirstOrDefault(e => e is not null),
        _ => OwnError(error.InnerException),
    };

    /// <summary>Describes what is wrong with the login; null for errors of other kinds.</summary>
    private string? Reason(AmazonServiceException error) => error.ErrorCode switch
    {
        "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" => $"the session has expired ({error.ErrorCode})",
        "InvalidToken" => "the session token is not valid (InvalidToken)",
        "InvalidAccessKeyId" or "InvalidClientTokenId" or "UnrecognizedClientException" or "MissingAuthenticationTokenException" =>
            $"AWS does not know the access key ({error.ErrorCode})",
        "SignatureDoesNotMatch" => $"{Secret} does not match the access key (SignatureDoesNotMatch)",
        "InvalidSignatureException" =>
            $"the signature is not valid, because of {Secret} or the clock of this machine "
            + $"(InvalidSignatureException: {AwsErrors.Shown(error.Message)})",
        // A response to HEAD has no body, so S3 cannot give a reason.
        _ when service == "S3" && error.StatusCode == HttpStatusCode.BadRequest && options.SessionToken is not null
            && error.ErrorCode is null or "" or "BadRequest" or "400 Bad Request" =>
            "400 Bad Request without a reason, which is how S3 responds to an expired session",
        _ => null,
    };
}
