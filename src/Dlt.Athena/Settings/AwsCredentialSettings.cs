using Dlt.Configuration;
using Dlt.Json;

namespace Dlt.Destinations;

/// <summary>Credentials of one service block (spec/athena-destination.md 1.3).</summary>
internal sealed record AwsCredentialSettings
{
    public string? AccessKeyId { get; init; }

    public string? SecretAccessKey { get; init; }

    public string? SessionToken { get; init; }

    public string? ProfileName { get; init; }

    public string? RegionName { get; init; }

    public string? EndpointUrl { get; init; }

    /// <summary>Where they stand, for errors.</summary>
    public CredentialsBlock Block { get; init; } = CredentialsBlock.OfCode;

    /// <summary>The block of a destination, without the rest of its settings.</summary>
    /// <param name="configuration">Where to look.</param>
    /// <param name="destination">Name of the block: athena, filesystem.</param>
    /// <exception cref="ConfigurationException">The credentials are malformed, or name a role.</exception>
    public static AwsCredentialSettings Read(DltConfiguration configuration, string destination)
    {
        var spec = new ConfigurationSpec(
            AthenaSpecs.Credentials.Name,
            [new("credentials") { Embedded = AthenaSpecs.Credentials, IsSecret = true }]);
        var resolved = new ConfigurationResolver(configuration, ["destination", destination], null).Resolve(spec);
        new RefusedSettings(new NeglectedSettings(configuration, ["destination", destination], null).Check(spec, resolved).Refused)
            .Check(Stops.Tables);
        return From(configuration, "destination." + destination, resolved);
    }

    /// <summary>True: both sign in as one.</summary>
    public bool IsSameLogin(AwsCredentialSettings other) =>
        AccessKeyId == other.AccessKeyId && SecretAccessKey == other.SecretAccessKey && SessionToken == other.SessionToken
        && ProfileName == other.ProfileName && EndpointUrl is null == other.EndpointUrl is null;

    /// <summary>The credentials that a record embeds.</summary>
    /// <param name="configuration">Where they come from.</param>
    /// <param name="section">The section of the record, such as destination.athena.</param>
    /// <param name="resolved">The record.</param>
    public static AwsCredentialSettings From(DltConfiguration configuration, string section, ResolvedConfiguration resolved)
    {
        var values = resolved.Values["credentials"];
        string? Text(string name) => values?[name] is { Kind: JsonKind.String } value && value.AsString().Length > 0
            ? value.AsString()
            : null;
        return new()
        {
            AccessKeyId = Text("aws_access_key_id"),
            SecretAccessKey = Text("aws_secret_access_key"),
            SessionToken = Text("aws_session_token"),
            ProfileName = Text("profile_name"),
            RegionName = Text("region_name"),
            EndpointUrl = Text("endpoint_url"),
            Block = CredentialsBlock.Of(configuration, section, resolved),
        };
    }

    /// <summary>What may be shown: neither secret nor token.</summary>
    public override string ToString()
    {
        var url = EndpointUrl is null ? "" : SafeUrl.Of(EndpointUrl);
        return $"{nameof(AwsCredentialSettings)} {{ {ProfileName ?? AccessKeyId ?? "default chain"}, {RegionName}, {url} }}";
    }
}
