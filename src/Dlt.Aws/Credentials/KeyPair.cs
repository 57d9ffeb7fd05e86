namespace Dlt.Aws;

/// <summary>Checks that keys come in pairs. Half a pair is a mistake, not a request to use another login.</summary>
internal static class KeyPair
{
    /// <summary>Checks the keys of options.</summary>
    /// <exception cref="ConfigurationException">One key is set without the other, or a token without keys.</exception>
    public static void Check(AwsCredentialOptions options)
    {
        var origin = options.Origin;
        var key = origin.KeyOf(nameof(AwsCredentialOptions.AccessKeyId));
        var secret = origin.KeyOf(nameof(AwsCredentialOptions.SecretAccessKey));
        if (options is { SessionToken: not null, AccessKeyId: null, SecretAccessKey: null })
        {
            throw new ConfigurationException(
                $"{origin.PlaceOf(nameof(AwsCredentialOptions.SessionToken))} is set without keys. Nothing was run. "
                + $"Set {key} and {origin.HomeOf(nameof(AwsCredentialOptions.SecretAccessKey))} too, or remove the token.")
            { Fields = [key, secret], File = origin.File };
        }

        if (options.AccessKeyId is null == options.SecretAccessKey is null) return;
        var (there, lacking) = options.AccessKeyId is null
            ? (nameof(AwsCredentialOptions.SecretAccessKey), nameof(AwsCredentialOptions.AccessKeyId))
            : (nameof(AwsCredentialOptions.AccessKeyId), nameof(AwsCredentialOptions.SecretAccessKey));
        throw new ConfigurationException(
            $"{origin.PlaceOf(there)} is set without {origin.KeyOf(lacking)}. Nothing was run. "
            + $"Set {origin.HomeOf(lacking)}, or neither of the two to use the chain of AWS logins.")
        { Fields = [origin.KeyOf(lacking)], File = origin.File };
    }

    /// <summary>
    /// Checks the environment variables. The SDK ignores half a pair and uses the next login of the chain, which may be another identity.
    /// </summary>
    /// <exception cref="ConfigurationException">One variable is set without the other.</exception>
    public static void CheckVariables()
    {
        const string key = "AWS_ACCESS_KEY_ID";
        const string secret = "AWS_SECRET_ACCESS_KEY";
        if (AwsProfiles.Variable(key) is null == AwsProfiles.Variable(secret) is null) return;
        var (there, lacking) = AwsProfiles.Variable(key) is null ? (secret, key) : (key, secret);
        throw new ConfigurationException(
            $"The environment variable {there} is set without {lacking}. Nothing was run. Set {lacking} too, or neither of the two.")
        { Fields = [lacking] };
    }
}
