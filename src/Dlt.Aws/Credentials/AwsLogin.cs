using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Dlt.Configuration;
using Dlt.Destinations;

namespace Dlt.Aws;

/// <summary>
/// Credentials and region of a block: explicit keys, a profile, or the SDK's default chain (spec/aws-apis.md 1.4, 1.5). They refresh
/// themselves.
/// </summary>
/// <param name="Credentials">Who calls.</param>
/// <param name="Region">Where.</param>
/// <param name="Settings">The block.</param>
internal sealed record AwsLogin(AWSCredentials Credentials, RegionEndpoint Region, AwsCredentialSettings Settings)
{
    private CredentialsBlock Block => Settings.Block;

    /// <param name="settings">The block of the service.</param>
    /// <param name="other">The other block of the destination: its region counts where this one names none.</param>
    /// <param name="same">A login that is used again if it is the same one, so that one sign-in serves both.</param>
    /// <exception cref="ConfigurationException">The profile is unknown, there are no credentials or no region, or they have
    /// expired.</exception>
    public static AwsLogin Resolve(AwsCredentialSettings settings, AwsCredentialSettings? other = null, AwsLogin? same = null)
    {
        CheckPair(settings);
        var profile = AwsProfiles.Find(settings);
        var region = AwsRegion.Of(settings, other, profile);
        if (same is not null && same.Settings.IsSameLogin(settings)) return new(same.Credentials, region, settings);
        var credentials = CredentialsOf(settings, profile);
        if (credentials is BasicAWSCredentials or SessionAWSCredentials) return new(credentials, region, settings);
        var named = new NamedCredentials(credentials, settings);
        named.GetCredentials();   // who cannot sign in learns it before anything is run; the SDK keeps the answer until it ends
        return new(named, region, settings);
    }

    /// <summary>Who signs, where that stands, and how it is renewed, for errors.</summary>
    public static (string Who, string Remedy) Describe(AwsCredentialSettings settings)
    {
        var block = settings.Block;
        if (settings.AccessKeyId is not null)
        {
            var keys = settings.SessionToken is null
                ? "aws_access_key_id and aws_secret_access_key"
                : "aws_access_key_id, aws_secret_access_key and aws_session_token";
            var key = settings.SessionToken is null ? "aws_access_key_id" : "aws_session_token";
            return ($"the keys of [{block.Name}] ({block.PlaceOf(key)})", $"Write new {keys} there");
        }

        if (settings.ProfileName is { } profile)
            return ($"the profile '{profile}' of {AwsProfiles.Files} ({block.PlaceOf("profile_name")})",
                $"Sign in again with 'aws sso login --profile {profile}', or renew the keys of the profile");
        if (AwsProfiles.Variable("AWS_ACCESS_KEY_ID") is not null)
            return ("the environment variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
                $"Set new ones, or {block.HomeOf("aws_access_key_id")}");
        var login = AwsProfiles.DefaultName == "default" ? "aws sso login" : $"aws sso login --profile {AwsProfiles.DefaultName}";
        return (
            $"the profile '{AwsProfiles.DefaultName}' of {AwsProfiles.Files}, or the role of this machine",
            $"Sign in again with '{login}', or set {block.HomeOf("aws_access_key_id")}");
    }

    private static void CheckPair(AwsCredentialSettings settings)
    {
        if (settings is { SessionToken: not null, AccessKeyId: null, SecretAccessKey: null })
        {
            throw new ConfigurationException(
                $"{settings.Block.PlaceOf("aws_session_token")} is set without keys. Nothing was run. "
                + $"Set aws_access_key_id and {settings.Block.HomeOf("aws_secret_access_key")} too, or remove the token.")
            { Fields = ["aws_access_key_id", "aws_secret_access_key"], File = settings.Block.File };
        }

        if (settings.AccessKeyId is null == settings.SecretAccessKey is null) return;
        var (there, lacking) = settings.AccessKeyId is null
            ? ("aws_secret_access_key", "aws_access_key_id")
            : ("aws_access_key_id", "aws_secret_access_key");
        throw new ConfigurationException(
            $"{settings.Block.PlaceOf(there)} is set without {lacking}. Nothing was run. "
            + $"Set {settings.Block.HomeOf(lacking)}, or neither of the two to use the chain of AWS logins.")
        { Fields = [lacking], File = settings.Block.File };
    }

    /// <summary>Half a pair of variables is no login to the SDK, which goes on to the next one of the chain: somebody else's.</summary>
    private static void CheckVariables()
    {
        const string key = "AWS_ACCESS_KEY_ID";
        const string secret = "AWS_SECRET_ACCESS_KEY";
        if (AwsProfiles.Variable(key) is null == AwsProfiles.Variable(secret) is null) return;
        var (there, lacking) = AwsProfiles.Variable(key) is null ? (secret, key) : (key, secret);
        throw new ConfigurationException(
            $"The environment variable {there} is set without {lacking}. Nothing was run. Set {lacking} too, or neither of the two.")
        { Fields = [lacking] };
    }

    private static AWSCredentials CredentialsOf(AwsCredentialSettings settings, CredentialProfile? profile)
    {
        if (settings is { AccessKeyId: { } key, SecretAccessKey: { } secret })
            return settings.SessionToken is { } token
                ? new SessionAWSCredentials(key, secret, token)
                : new BasicAWSCredentials(key, secret);
        if (settings.ProfileName is { } name) return AwsProfiles.CredentialsOf(profile!, name, settings);
        CheckVariables();
        try
        {
            return DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
        catch (AmazonClientException error)
        {
            // A test service; AWS_ENDPOINT_URL stands for AWS itself.
            if (settings.EndpointUrl is not null) return new BasicAWSCredentials("local", "local");
            throw new ConfigurationException(
                "No AWS credentials were found: neither keys nor a profile are set, and the chain of AWS logins "
                + "(environment, profile, container, instance) is empty. Nothing was run. "
                + $"Set aws_access_key_id and {settings.Block.HomeOf("aws_secret_access_key")}, "
                + $"or sign in with the AWS CLI (profile '{AwsProfiles.DefaultName}' of {AwsProfiles.Files}), "
                + "or add --local to run without an AWS account.", error)
            { Fields = ["aws_access_key_id", "aws_secret_access_key"], File = settings.Block.File };
        }
    }
}
