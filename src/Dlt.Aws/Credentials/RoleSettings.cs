namespace Dlt.Aws;

/// <summary>Checks the members of a login that belong together: an external id or a session name needs a role.</summary>
internal static class RoleSettings
{
    /// <exception cref="ConfigurationException">A member has no effect without a role, or two logins are named.</exception>
    public static void Check(AwsCredentialOptions options)
    {
        var origin = options.Origin;
        if (options.Credentials is not null && (options.AccessKeyId ?? options.ProfileName) is not null)
        {
            throw new ConfigurationException(
                $"{origin.Name} names both an object in {nameof(AwsCredentialOptions.Credentials)} and keys or a profile. Nothing was run. "
                + "Set one of them.");
        }

        var lonely = (options.ExternalId, options.RoleSessionName) switch
        {
            _ when options.RoleArn is not null => null,
            (not null, _) => nameof(AwsCredentialOptions.ExternalId),
            (_, not null) => nameof(AwsCredentialOptions.RoleSessionName),
            _ => null,
        };
        if (lonely is null) return;
        var role = origin.KeyOf(nameof(AwsCredentialOptions.RoleArn));
        throw new ConfigurationException(
            $"{origin.PlaceOf(lonely)} is set without {role}, so no role would be assumed. Nothing was run. Set "
            + $"{origin.HomeOf(nameof(AwsCredentialOptions.RoleArn))} too, or remove it.")
        { Fields = [role], File = origin.File };
    }
}
