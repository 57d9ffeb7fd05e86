using Amazon;
using Amazon.Runtime.CredentialManagement;

namespace Dlt.Aws;

/// <summary>
/// Finds the region of a client: that of its options, of the options of the other service, AWS_REGION, AWS_DEFAULT_REGION, or that of the
/// profile (its own, else the one that the other options name; for options without a profile the other one first), in this order.
/// </summary>
internal static class AwsRegion
{
    private const string OfTestServices = "us-east-1";

    /// <summary>The region of a client.</summary>
    /// <param name="options">The options of the client.</param>
    /// <param name="other">The options of the other service.</param>
    /// <param name="profile">The profile that applies to the options.</param>
    /// <exception cref="ConfigurationException">No region is set, or the name is not that of a region.</exception>
    public static RegionEndpoint Of(AwsCredentialOptions options, AwsCredentialOptions? other, CredentialProfile? profile)
    {
        if (options.RegionName is { } own) return Named(own, options);
        if (other?.RegionName is { } shared) return Named(shared, other);
        var name = AwsProfiles.Variable("AWS_REGION") ?? AwsProfiles.Variable("AWS_DEFAULT_REGION")
            ?? (options.ProfileName is null ? OfProfile(other) : null) ?? profile?.Region?.SystemName ?? OfProfile(other)
            ?? (options.EndpointUrl is null ? null : OfTestServices);
        if (name is not null) return RegionEndpoint.GetBySystemName(name);
        var origin = options.Origin;
        throw new ConfigurationException(
            $"No AWS region is set. Nothing was run. Set {origin.HomeOf(nameof(AwsCredentialOptions.RegionName))}, "
            + $"or the environment variable AWS_REGION, or region of the profile '{options.ProfileName ?? AwsProfiles.DefaultName}' "
            + $"in {AwsProfiles.Files}{origin.OrWithoutAccount}.")
        { Fields = [Field(options)], File = origin.File };
    }

    /// <summary>The region of the profile that options name.</summary>
    private static string? OfProfile(AwsCredentialOptions? options) =>
        options?.ProfileName is null ? null : AwsProfiles.Find(options)?.Region?.SystemName;

    private static RegionEndpoint Named(string name, AwsCredentialOptions options)
    {
        if (name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) return RegionEndpoint.GetBySystemName(name);
        throw new ConfigurationException(
            $"'{name}' is not the name of an AWS region. Nothing was run. "
            + $"Write one such as \"eu-central-1\": {options.Origin.LocationOf(nameof(AwsCredentialOptions.RegionName))}.")
        { Fields = [Field(options)], File = options.Origin.File };
    }

    private static string Field(AwsCredentialOptions options) => options.Origin.KeyOf(nameof(AwsCredentialOptions.RegionName));
}
