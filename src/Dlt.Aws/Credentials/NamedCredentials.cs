using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>
/// Credentials that are fetched from a profile or the default chain. Their errors name the place of the setting and the way to sign in.
/// </summary>
internal sealed class NamedCredentials(AWSCredentials inner, AwsCredentialOptions options) : AWSCredentials
{
    private readonly Lock _lock = new();
    private string? _forgotten;

    public override ImmutableCredentials GetCredentials()
    {
        try
        {
            return inner.GetCredentials();
        }
        catch (Exception error) when (error is not DltException)
        {
            throw Error(error);
        }
    }

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            return await inner.GetCredentialsAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not DltException and not OperationCanceledException)
        {
            throw Error(error);
        }
    }

    /// <summary>
    /// Forgets a session that was refused, so that the next call gets another one. Calls that are refused together forget it once: the
    /// first of them may have renewed it already.
    /// </summary>
    /// <param name="accessKey">Access key id of the session; null if it is not known.</param>
    /// <returns>False when the login has no sessions that it renews.</returns>
    public bool TryRenew(string? accessKey)
    {
        if (inner is not RefreshingAWSCredentials sessions) return false;
        lock (_lock)
        {
            if (accessKey is null || accessKey != _forgotten) sessions.ClearCredentials();
            _forgotten = accessKey;
        }

        return true;
    }

    private DltException Error(Exception error)
    {
        var (who, remedy) = AwsLogin.Describe(options);
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is DltException own) return own;   // a question to a person that nobody could answer
            if (cause is HttpRequestException)
            {
                return new(
                    $"Signing in to AWS failed with {who}, because the service was not reached: {cause.Message.TrimEnd('.')}. "
                    + "Check the network, then run again.", error)
                { IsTransient = true };
            }
        }

        var service = error.InnerException is AmazonServiceException inner
            ? $" ({inner.ErrorCode}: {AwsErrors.Shown(inner.Message).TrimEnd('.')})" : "";
        return new ConfigurationException(
            $"Signing in to AWS failed with {who}: {error.Message.TrimEnd('.')}{service}. {remedy}.",
            error)
        { File = options.Origin.File };
    }
}
