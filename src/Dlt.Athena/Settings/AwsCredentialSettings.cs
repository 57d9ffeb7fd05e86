using Dlt.Aws;
using Dlt.Configuration;

namespace Dlt.Destinations.Settings;

/// <summary>Reads the credentials of one service block (docs/spec/athena-destination.md 1.3).</summary>
internal static class AwsCredentialSettings
{
    /// <summary>Reads the login of Glue and Athena without the other settings of a destination.</summary>
    /// <exception cref="ConfigurationException">The credentials are malformed, or name a role.</exception>
    public static AwsCredentialOptions ReadAthena(DltConfiguration configuration, DestinationBlocks blocks) =>
        Read(configuration, blocks.Athena, [], blocks);

    /// <summary>Reads the login of S3 without the other settings of a destination.</summary>
    /// <exception cref="ConfigurationException">The credentials are malformed, or name a role.</exception>
    public static AwsCredentialOptions ReadFiles(DltConfiguration configuration, DestinationBlocks blocks) =>
        Read(configuration, blocks.Filesystem, blocks.OwnFilesystems, blocks);

    private static AwsCredentialOptions Read(
        DltConfiguration configuration, string[] section, IReadOnlyList<string[]> before, DestinationBlocks blocks)
    {
        var spec = new ConfigurationSpec(
            AthenaSpecs.Credentials.Name,
            [new("credentials") { Embedded = AthenaSpecs.Credentials, IsSecret = true }]);
        var resolved = new ConfigurationResolver(configuration, section, null) { Before = before }.Resolve(spec);
        var owner = resolved.Owners.GetValueOrDefault("credentials", section);
        new RefusedSettings(new UnsupportedSettings(configuration, owner, null).Check(spec, resolved).Refused).Check(Stops.Tables);
        return From(configuration, string.Join('.', owner), resolved, blocks.AthenaSection);
    }

    /// <summary>The credentials in the resolved settings of a destination.</summary>
    /// <param name="configuration">The configuration that they come from.</param>
    /// <param name="section">The section of the destination, such as <c>destination.athena</c>.</param>
    /// <param name="resolved">The resolved settings.</param>
    /// <param name="regionSection">The section of the destination whose region both logins use.</param>
    public static AwsCredentialOptions From(
        DltConfiguration configuration, string section, ResolvedConfiguration resolved, string regionSection)
    {
        var values = resolved.Values["credentials"];
        string? Text(string name) => values?[name] is { Kind: JsonKind.String } value && value.AsString().Length > 0
            ? value.AsString()
            : null;
        bool? Flag(string name) =>
            values?[name] is { Kind: JsonKind.True or JsonKind.False } value ? value.AsBool() : null;
        return new AwsCredentialOptions
        {
            AccessKeyId = Text("aws_access_key_id"),
            SecretAccessKey = Text("aws_secret_access_key"),
            SessionToken = Text("aws_session_token"),
            ProfileName = Text("profile_name"),
            RoleArn = Text("role_arn"),
            ExternalId = Text("external_id"),
            RoleSessionName = Text("role_session_name"),
            RegionName = Text("region_name"),
            EndpointUrl = Text("endpoint_url"),
            UsesFips = Flag("use_fips_endpoint"),
            UsesDualStack = Flag("use_dualstack_endpoint"),
            Origin = CredentialsBlock.Of(configuration, section, resolved, regionSection),
        };
    }
}
