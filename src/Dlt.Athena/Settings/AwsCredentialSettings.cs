using Dlt.Aws;
using Dlt.Configuration;

namespace Dlt.Destinations.Settings;

/// <summary>Reads the credentials of one service block (docs/spec/athena-destination.md 1.3).</summary>
internal static class AwsCredentialSettings
{
    /// <summary>Reads the credentials of a destination without its other settings.</summary>
    /// <param name="configuration">The configuration to read.</param>
    /// <param name="destination">The destination: <c>athena</c> or <c>filesystem</c>.</param>
    /// <exception cref="ConfigurationException">The credentials are malformed, or name a role.</exception>
    public static AwsCredentialOptions Read(DltConfiguration configuration, string destination)
    {
        var spec = new ConfigurationSpec(
            AthenaSpecs.Credentials.Name,
            [new("credentials") { Embedded = AthenaSpecs.Credentials, IsSecret = true }]);
        var resolved = new ConfigurationResolver(configuration, ["destination", destination], null).Resolve(spec);
        new RefusedSettings(new UnsupportedSettings(configuration, ["destination", destination], null).Check(spec, resolved).Refused)
            .Check(Stops.Tables);
        return From(configuration, "destination." + destination, resolved, DestinationBlocks.Default.AthenaSection);
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
