using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Dlt.Configuration;
using Dlt.Destinations;

namespace Dlt.Aws;

/// <summary>Credentials and region of a block: explicit keys, a profile, or the SDK's default chain (spec/aws-apis.md 1.4, 1.5). They refresh themselves.</summary>
internal static class AwsLogin
{
    private const string FallbackRegion = "us-east-1";

    /// <exception cref="ConfigurationException">The profile is unknown, or there are no credentials or no region.</exception>
    public static (AWSCredentials Credentials, RegionEndpoint Region) Resolve(AwsCredentialSettings settings)
    {
        var isCustom = settings.EndpointUrl is not null;
        var region = settings.RegionName
            ?? Environment.GetEnvironmentVariable("AWS_REGION")
            ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION")
            ?? ProfileRegion(settings.ProfileName)
            ?? (isCustom ? FallbackRegion : null)
            ?? throw new ConfigurationException(
                "No AWS region is set. Nothing was run. Set region_name in [destination.athena.credentials], or AWS_REGION, or the region of the profile; or add --local to run without AWS.") { Fields = ["region_name"] };
        return (Credentials(settings, isCustom), RegionEndpoint.GetBySystemName(region));
    }

    public static void SetEndpoint(ClientConfig config, string? endpointUrl, RegionEndpoint region)
    {
        if (endpointUrl is null)
        {
            config.RegionEndpoint = region;
            return;
        }

        config.ServiceURL = endpointUrl;
        config.AuthenticationRegion = region.SystemName;
        config.UseHttp = endpointUrl.StartsWith("http:", StringComparison.OrdinalIgnoreCase);
    }

    private static AWSCredentials Credentials(AwsCredentialSettings settings, bool isCustom)
    {
        if (settings is { AccessKeyId: { } key, SecretAccessKey: { } secret })
            return settings.SessionToken is { } token ? new SessionAWSCredentials(key, secret, token) : new BasicAWSCredentials(key, secret);
        if (settings.AccessKeyId is not null || settings.SecretAccessKey is not null)
            throw new ConfigurationException("Only one of aws_access_key_id and aws_secret_access_key is set. Nothing was run; set both, or neither to use the default chain.") { Fields = ["aws_access_key_id", "aws_secret_access_key"] };
        if (settings.ProfileName is { } profile)
        {
            return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var found)
                ? found
                : throw new ConfigurationException($"There is no AWS profile '{profile}' in the shared files. Nothing was run; create it, or correct profile_name.") { Fields = ["profile_name"] };
        }

        try
        {
            return DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
        catch (AmazonClientException error)
        {
            if (isCustom) return new BasicAWSCredentials("local", "local");
            throw new ConfigurationException(
                "No AWS credentials were found: aws_access_key_id and aws_secret_access_key are not configured, and the default chain (environment, profile, container, instance) is empty. "
                + "Nothing was run. Fill in the credentials blocks of secrets.toml, sign in with the AWS CLI, or add --local to run without AWS.", error)
            { Fields = ["aws_access_key_id", "aws_secret_access_key"] };
        }
    }

    private static string? ProfileRegion(string? profile) =>
        new CredentialProfileStoreChain().TryGetProfile(profile ?? Environment.GetEnvironmentVariable("AWS_PROFILE") ?? "default", out var found) ? found.Region?.SystemName : null;
}
