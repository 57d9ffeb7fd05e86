using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Dlt.Configuration;
using Dlt.Destinations;

namespace Dlt.Aws;

/// <summary>
/// Turns what a service says of a login (expired, unknown, wrongly signed) into an error that names the block, the key and the file. It
/// stands outside of the SDK's own retries.
/// </summary>
internal sealed class LoginErrors(string service, AwsCredentialSettings settings) : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        try
        {
            return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
        }
        catch (AmazonServiceException error) when (Reason(error) is { } reason)
        {
            var (who, remedy) = AwsLogin.Describe(settings);
            throw new ConfigurationException(
                $"{service} refused {who}: {reason}.  {remedy}, then run again.",
                AwsErrors.Inner(error))
            { File = settings.Block.File };
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
        "SignatureDoesNotMatch" => "aws_secret_access_key does not belong to the access key (SignatureDoesNotMatch)",
        "InvalidSignatureException" =>
            "the signature is not right, because of aws_secret_access_key or the clock of this machine "
            + $"(InvalidSignatureException: {AwsErrors.Shown(error.Message)})",
        // An answer to HEAD has no body, so S3 cannot say more.
        _ when service == "S3" && error.StatusCode == HttpStatusCode.BadRequest && settings.SessionToken is not null
            && error.ErrorCode is null or "" or "BadRequest" or "400 Bad Request" =>
            "400 Bad Request without a reason, as S3 answers to a session that has expired",
        _ => null,
    };
}
