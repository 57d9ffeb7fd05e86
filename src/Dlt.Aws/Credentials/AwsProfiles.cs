using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace Dlt.Aws;

/// <summary>Finds profiles in the shared files of AWS.</summary>
internal static class AwsProfiles
{
    /// <summary>Name of the profile that applies if the options name none.</summary>
    public static string DefaultName => Variable("AWS_PROFILE") ?? "default";

    /// <summary>Paths of the shared files, for errors.</summary>
    public static string Files
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var credentials = Variable("AWS_SHARED_CREDENTIALS_FILE") ?? Path.Combine(home, ".aws", "credentials");
            return $"{credentials} or {Variable("AWS_CONFIG_FILE") ?? Path.Combine(home, ".aws", "config")}";
        }
    }

    /// <summary>Value of an environment variable; null if it is not set or empty.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>
    /// Finds the profile that applies to options: their own, else that of AWS_PROFILE, else the default one; null if none is named and
    /// there is no default one.
    /// </summary>
    /// <exception cref="ConfigurationException">The named profile does not exist.</exception>
    public static CredentialProfile? Find(AwsCredentialOptions options)
    {
        if (options.ProfileName is null && options.AccessKeyId is not null) return Named(DefaultName, options);   // only its region is used
        var isVariable = options.ProfileName is null && Variable("AWS_PROFILE") is not null && Variable("AWS_ACCESS_KEY_ID") is null;
        if (Named(options.ProfileName ?? DefaultName, options) is { } found)
        {
            CheckSource(found, options);
            return found;
        }

        if (options.ProfileName is not { } name)
        {
            return !isVariable ? null : throw new ConfigurationException(
                $"There is no AWS profile '{DefaultName}' in {Files}; the environment variable AWS_PROFILE names it. Nothing was run. "
                + "Create the profile, or correct AWS_PROFILE.");
        }

        throw new ConfigurationException(
            $"There is no AWS profile '{name}' in {Files}. Nothing was run. "
            + $"Create it, or correct {Place(options)}.")
        { Fields = [Field(options)], File = options.Origin.File };
    }

    /// <summary>Refuses a profile whose source profile is missing: the SDK would assume its role with any login that it finds.</summary>
    private static void CheckSource(CredentialProfile profile, AwsCredentialOptions options)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var next = profile; next.Options.SourceProfile is { Length: > 0 } source && seen.Add(source);)
        {
            next = Named(source, options) ?? throw new ConfigurationException(
                $"The AWS profile '{next.Name}' names the source_profile '{source}', which is not in {Files}. Nothing was run. "
                + $"Create it, or correct source_profile of [{next.Name}], "
                + $"or {Place(options)}.")
            { Fields = [Field(options)], File = options.Origin.File };
        }
    }

    /// <summary>How the login of a profile is mended when it fails.</summary>
    /// <param name="name">Name of the profile.</param>
    /// <param name="options">The options that use it.</param>
    public static string RemedyOf(string name, AwsCredentialOptions options) => Named(name, options)?.Options switch
    {
        { CredentialProcess: { Length: > 0 } } =>
            $"Run the command credential_process of the profile '{name}' in a terminal, and mend what it says",
        { WebIdentityTokenFile: { Length: > 0 } file } =>
            $"Check the file {file} (web_identity_token_file of the profile '{name}') and the trust policy of its role_arn",
        { SsoStartUrl: { Length: > 0 } } or { SsoSession: { Length: > 0 } } => $"Sign in again with 'aws sso login --profile {name}'",
        _ => $"Sign in again with 'aws sso login --profile {name}', or renew the keys of the profile",
    };

    /// <summary>The credentials of a profile.</summary>
    /// <exception cref="ConfigurationException">The profile has no credentials, or refers to something that does not exist.</exception>
    public static AWSCredentials CredentialsOf(CredentialProfile profile, string name, AwsCredentialOptions options)
    {
        Exception? inner = null;
        try
        {
            if (new CredentialProfileStoreChain().TryGetAWSCredentials(profile.Name, out var found)) return found;
        }
        catch (AmazonClientException error)
        {
            inner = error;
        }

        var reason = inner is null ? "has no keys, role or SSO session" : "cannot be used: " + inner.Message.TrimEnd('.');
        throw new ConfigurationException(
            $"The AWS profile '{name}' in {Files} {reason}. Nothing was run. "
            + $"Complete the profile, or correct {Place(options)}.", inner)
        { Fields = [Field(options)], File = options.Origin.File };
    }

    private static string Place(AwsCredentialOptions options) => options.Origin.LocationOf(nameof(AwsCredentialOptions.ProfileName));

    private static string Field(AwsCredentialOptions options) => options.Origin.KeyOf(nameof(AwsCredentialOptions.ProfileName));

    /// <exception cref="ConfigurationException">The profile refers to something that does not exist, such as an SSO session.</exception>
    private static CredentialProfile? Named(string name, AwsCredentialOptions options)
    {
        try
        {
            return new CredentialProfileStoreChain().TryGetProfile(name, out var found) ? found : null;
        }
        catch (AmazonClientException error)
        {
            throw new ConfigurationException(
                $"The AWS profile '{name}' in {Files} cannot be used: {error.Message.TrimEnd('.')}. Nothing was run. "
                + $"Correct [{name}] there, or {Place(options)}.", error)
            { Fields = [Field(options)], File = options.Origin.File };
        }
    }
}
