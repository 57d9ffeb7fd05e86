using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Dlt.Aws;

/// <summary>
/// Temporary credentials of a role that another login assumes (AWS STS, AssumeRole). They last an hour and are renewed before they expire,
/// also in the middle of a load.
/// </summary>
internal sealed class RoleCredentials : RefreshingAWSCredentials
{
    private const string DefaultSessionName = "dlt";

    private readonly AwsLogin _source;
    private readonly AwsCredentialOptions _options;
    private volatile bool _hasBegun;

    /// <param name="source">The login that assumes the role.</param>
    /// <param name="options">Names the role.</param>
    public RoleCredentials(AwsLogin source, AwsCredentialOptions options)
    {
        _source = source;
        _options = options;
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    protected override CredentialsRefreshState GenerateNewCredentials() =>
        Task.Run(GenerateNewCredentialsAsync).GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        // The SDK's own client: what it throws becomes an error of the login, here or in NamedCredentials.
        using var sts = new AmazonSecurityTokenServiceClient(_source.Credentials, StsConfig.Of(_source));
        var request = new AssumeRoleRequest
        {
            RoleArn = _options.RoleArn,
            RoleSessionName = _options.RoleSessionName ?? DefaultSessionName,
            ExternalId = _options.ExternalId,
        };
        try
        {
            var keys = (await sts.AssumeRoleAsync(request).ConfigureAwait(false)).Credentials;
            _hasBegun = true;
            return new(
                new ImmutableCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken),
                keys.Expiration ?? TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1));
        }
        catch (AmazonServiceException error) when (error.StatusCode > 0)
        {
            throw Refused(error);
        }
    }

    private ConfigurationException Refused(AmazonServiceException error)
    {
        var origin = _options.Origin;
        var (who, _) = AwsLogin.Describe(_source.Options);
        var external = _options.ExternalId is null ? "a missing" : "the";
        var reason = $"{error.ErrorCode}: {AwsErrors.Shown(error.Message).TrimEnd('.')}";
        var state = _hasBegun
            ? "The session of the role ends, and its calls with it; what was written before stays"
            : "Nothing was run";
        return new(
            $"STS refused that {who} assumes the role {_options.RoleArn}: {reason}. {state}. "
            + $"Allow sts:AssumeRole on {_options.RoleArn} to that login, check the trust policy of the role and "
            + $"{external} {origin.KeyOf(nameof(AwsCredentialOptions.ExternalId))}, or correct "
            + $"{origin.LocationOf(nameof(AwsCredentialOptions.RoleArn))}.",
            AwsErrors.Inner(error))
        { Fields = [origin.KeyOf(nameof(AwsCredentialOptions.RoleArn))], File = origin.File };
    }
}
