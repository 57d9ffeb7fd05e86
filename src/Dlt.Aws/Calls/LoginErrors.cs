using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Dlt.Configuration;

namespace Dlt.Aws;

/// <summary>
/// Turns what a service says of a login (expired, unknown, wrongly signed) into an error that names the setting and its place. It
/// stands outside of the SDK's own retries.
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

    /// <summary>The error of <see cref="NamedCredentials"/>, in whatever the SDK packed it.</summary>
    private static DltException? OwnError(Exception? error) => error switch
    {
        null => null,
        DltException own => own,
        AggregateException all => all.InnerExceptions.Select(OwnError).FirstOrDefault(e => e is not null),
        _ => OwnError(error.InnerException),
    };

    /// <summary>What is wrong with the login; null where something else is.</summary>
    private string? Reason(AmazonServiceException error) => error.ErrorCode switch
    {
        "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" => $"the session has expired ({error.ErrorCode})",
        "InvalidToken" => "the session token is not valid (InvalidToken)",
        "InvalidAccessKeyId" or "InvalidClientTokenId" or "UnrecognizedClientException" or "MissingAuthenticationTokenException" =>
            $"AWS does not know the access key ({error.ErrorCode})",
        "SignatureDoesNotMatch" => $"{Secret} does not belong to the access key (SignatureDoesNotMatch)",
        "InvalidSignatureException" =>
            $"the signature is not right, because of {Secret} or the clock of this machine "
            + $"(InvalidSignatureException: {AwsErrors.Shown(error.Message)})",
        // An answer to HEAD has no body, so S3 cannot say more.
        _ when service == "S3" && error.StatusCode == HttpStatusCode.BadRequest && options.SessionToken is not null
            && error.ErrorCode is null or "" or "BadRequest" or "400 Bad Request" =>
            "400 Bad Request without a reason, as S3 answers to a session that has expired",
        _ => null,
    };
}
