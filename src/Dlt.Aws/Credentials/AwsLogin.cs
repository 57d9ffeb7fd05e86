using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace Dlt.Aws;

/// <summary>
/// Credentials and region of a client: explicit keys, a profile, or the SDK's default chain (docs/spec/aws-apis.md 1.4, 1.5). They are
/// renewed automatically.
/// </summary>
/// <param name="Credentials">The credentials.</param>
/// <param name="Region">The region.</param>
/// <param name="Options">The options that they were made from.</param>
internal sealed record AwsLogin(AWSCredentials Credentials, RegionEndpoint Region, AwsCredentialOptions Options)
{
    /// <summary>Resolves a login. Calls a service only where that is needed to sign in.</summary>
    /// <param name="options">Keys, profile, region.</param>
    /// <param name="other">Options of the other service, which supply the region if the first ones name none.</param>
    /// <param name="same">An existing login, which is reused if the options are for the same one.</param>
    /// <exception cref="ConfigurationException">The profile is unknown, credentials or region are missing, or the login has
    /// expired.</exception>
    public static AwsLogin Resolve(AwsCredentialOptions options, AwsCredentialOptions? other = null, AwsLogin? same = null)
    {
        KeyPair.Check(options);
        RoleSettings.Check(options);
        var profile = AwsProfiles.Find(options);
        var region = AwsRegion.Of(options, other, profile);
        if (same is not null && same.Options.IsSameLogin(options)) return new(same.Credentials, region, options);
        var source = options.RoleArn is null ? options : options with { RoleArn = null, ExternalId = null, RoleSessionName = null };
        var login = Named(new(CredentialsOf(source, profile), region, source));
        return options.RoleArn is null ? login : Named(new(new RoleCredentials(login, options), region, options));
    }

    /// <summary>The login with errors that name it; fails before anything is run if it does not work.</summary>
    private static AwsLogin Named(AwsLogin login)
    {
        if (login.Credentials is BasicAWSCredentials or SessionAWSCredentials) return login;
        LoginPrompts.OfConsole.AddTo(login.Credentials);
        var named = new NamedCredentials(login.Credentials, login.Options);
        named.GetCredentials();   // the SDK caches the result
        return login with { Credentials = named };
    }

    /// <summary>Describes the login and how to renew it, for errors.</summary>
    public static (string Who, string Remedy) Describe(AwsCredentialOptions options)
    {
        var origin = options.Origin;
        var key = origin.KeyOf(nameof(AwsCredentialOptions.AccessKeyId));
        var secret = origin.KeyOf(nameof(AwsCredentialOptions.SecretAccessKey));
        if (options.RoleArn is { } role)
            return ($"the role {role} ({origin.PlaceOf(nameof(AwsCredentialOptions.RoleArn))})", "Check the role and its trust policy");
        if (options.Credentials is not null)
            return ($"the object {options.Credentials.GetType().Name} of {origin.Name}", "Renew it in the program");
        if (options.AccessKeyId is not null)
        {
            var token = origin.KeyOf(nameof(AwsCredentialOptions.SessionToken));
            var keys = options.SessionToken is null ? $"{key} and {secret}" : $"{key}, {secret} and {token}";
            var member = options.SessionToken is null
                ? nameof(AwsCredentialOptions.AccessKeyId)
                : nameof(AwsCredentialOptions.SessionToken);
            return ($"the keys of {origin.Name} ({origin.PlaceOf(member)})", $"Write new {keys} there");
        }

        if (options.ProfileName is { } profile)
            return ($"the profile '{profile}' of {AwsProfiles.Files} ({origin.PlaceOf(nameof(AwsCredentialOptions.ProfileName))})",
                AwsProfiles.RemedyOf(profile, options));
        var home = origin.HomeOf(nameof(AwsCredentialOptions.AccessKeyId));
        if (AwsProfiles.Variable("AWS_ACCESS_KEY_ID") is not null)
            return ("the environment variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
                $"Set new ones, or {home}");
        if (AwsProfiles.Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is { } file)
        {
            var remedy = $"Check the file {file} and the role of AWS_ROLE_ARN, or set {home}";
            return ("the web identity of AWS_WEB_IDENTITY_TOKEN_FILE", remedy);
        }

        return (
            $"the profile '{AwsProfiles.DefaultName}' of {AwsProfiles.Files}, or the role of this machine",
            $"{AwsProfiles.RemedyOf(AwsProfiles.DefaultName, options)}, or set {home}");
    }

    private static AWSCredentials CredentialsOf(AwsCredentialOptions options, CredentialProfile? profile)
    {
        if (options.Credentials is { } own) return own;
        if (options is { AccessKeyId: { } key, SecretAccessKey: { } secret })
            return options.SessionToken is { } token
                ? new SessionAWSCredentials(key, secret, token)
                : new BasicAWSCredentials(key, secret);
        if (options.ProfileName is { } name) return AwsProfiles.CredentialsOf(profile!, name, options);
        KeyPair.CheckVariables();
        try
        {
            return DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
        catch (AmazonClientException error)
        {
            // The SDK's chain passes over profiles that need an answer of a person.
            if (profile?.Options.MfaSerial is { Length: > 0 }) return AwsProfiles.CredentialsOf(profile, profile.Name, options);

            // An endpoint in the options is a test service; AWS_ENDPOINT_URL replaces AWS itself.
            if (options.EndpointUrl is not null) return new BasicAWSCredentials("local", "local");
            throw NotFound(options.Origin, error);
        }
    }

    private static ConfigurationException NotFound(AwsCredentialOrigin origin, Exception error)
    {
        var key = origin.KeyOf(nameof(AwsCredentialOptions.AccessKeyId));
        return new(
            "No AWS credentials were found: neither keys nor a profile are set, and the chain of AWS logins "
            + "(environment, profile, container, instance) is empty. Nothing was run. "
            + $"Set {key} and {origin.HomeOf(nameof(AwsCredentialOptions.SecretAccessKey))}, "
            + $"or sign in with the AWS CLI (profile '{AwsProfiles.DefaultName}' of {AwsProfiles.Files}){origin.OrWithoutAccount}.",
            error)
        { Fields = [key, origin.KeyOf(nameof(AwsCredentialOptions.SecretAccessKey))], File = origin.File };
    }
}
