using Amazon;
using Amazon.Runtime.CredentialManagement;
using Dlt.Configuration;
using Dlt.Destinations;

namespace Dlt.Aws;

/// <summary>
/// The region of a block: its own, that of the destination's other block, AWS_REGION, AWS_DEFAULT_REGION, and that of the profile (its
/// own, else the one that the other block names), in this order. The documentation page of dlt sets it in the athena block only.
/// </summary>
internal static class AwsRegion
{
    private const string OfTestServices = "us-east-1";

    /// <param name="settings">The block.</param>
    /// <param name="other">The other block of the destination.</param>
    /// <param name="profile">The profile that applies to the block.</param>
    /// <exception cref="ConfigurationException">There is none, or it is no name of a region.</exception>
    public static RegionEndpoint Of(AwsCredentialSettings settings, AwsCredentialSettings? other, CredentialProfile? profile)
    {
        if (settings.RegionName is { } own) return Named(own, settings);
        if (other?.RegionName is { } shared) return Named(shared, other);
        var name = AwsProfiles.Variable("AWS_REGION") ?? AwsProfiles.Variable("AWS_DEFAULT_REGION")
            ?? OfOtherProfile(settings, other) ?? profile?.Region?.SystemName
            ?? (settings.EndpointUrl is null ? null : OfTestServices);
        if (name is not null) return RegionEndpoint.GetBySystemName(name);
        var home = (other is { Block.Name: "destination.athena.credentials" } ? other : settings).Block;
        throw new ConfigurationException(
            $"No AWS region is set. Nothing was run. Set {home.HomeOf("region_name")}, or the environment variable AWS_REGION, "
            + $"or region of the profile '{settings.ProfileName ?? AwsProfiles.DefaultName}' in {AwsProfiles.Files}; "
            + "or add --local to run without an AWS account.")
        { Fields = ["region_name"], File = home.File };
    }

    /// <summary>A block that names no profile takes the region of the other one's.</summary>
    private static string? OfOtherProfile(AwsCredentialSettings settings, AwsCredentialSettings? other) =>
        settings.ProfileName is null && other?.ProfileName is not null ? AwsProfiles.Find(other)?.Region?.SystemName : null;

    private static RegionEndpoint Named(string name, AwsCredentialSettings settings) =>
        name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        ? RegionEndpoint.GetBySystemName(name)
        : throw new ConfigurationException(
            $"'{name}' is no name of an AWS region. Nothing was run. "
            + $"Write one such as \"eu-central-1\": {settings.Block.PlaceOf("region_name")} (block [{settings.Block.Name}]).")
        { Fields = ["region_name"], File = settings.Block.File };
}
