using System.Collections.Immutable;
using Dlt.Aws;
using Dlt.Configuration;

namespace Dlt.Destinations.Settings;

/// <summary>The place of the settings of a login, as errors name it: the block, the key, and the file or variable.</summary>
/// <param name="section">The section, such as <c>destination.athena.credentials</c>.</param>
/// <param name="file">The file that its keys belong to.</param>
internal sealed class CredentialsBlock(string section, string file) : AwsCredentialOrigin
{
    private const string DefaultSection = "destination.athena.credentials";

    /// <summary>The key of the certificates, which belongs to the section of the bucket and not to its login.</summary>
    private const string Bundle = "client_kwargs.verify";

    /// <summary>The block of settings that a program sets.</summary>
    public static CredentialsBlock OfCode { get; } = new(DefaultSection, Path.Combine(".dlt", "secrets.toml"));

    /// <inheritdoc/>
    public override string Name => $"[{section}]";

    /// <inheritdoc/>
    public override string File => file;

    /// <inheritdoc/>
    public override string WithoutAccount => "add --local to run without an AWS account";

    /// <summary>The section whose region both logins use.</summary>
    private string RegionSection { get; init; } = DefaultSection;

    /// <summary>Places of the keys that are set, by the name of their field.</summary>
    private ImmutableDictionary<string, string> Places { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The credentials block of a destination.</summary>
    /// <param name="configuration">The configuration that the values come from.</param>
    /// <param name="section">The section of the destination, such as <c>destination.athena</c>.</param>
    /// <param name="resolved">The resolved settings with their look-ups.</param>
    /// <param name="regionSection">The section of the destination whose region both logins use.</param>
    public static CredentialsBlock Of(
        DltConfiguration configuration, string section, ResolvedConfiguration resolved, string regionSection)
    {
        var native = resolved.Natives.GetValueOrDefault("credentials")?.Place;
        string? PlaceOf(string name)
        {
            if (resolved.HitOf(name) is { } hit) return Shown(hit);
            return native is null ? null : $"'{name}' in {native}";
        }

        var places = AthenaSpecs.Credentials.Fields.Where(f => resolved.Values["credentials"]?[f.Name] is { IsNull: false })
            .Select(f => (f.Name, Place: PlaceOf(f.Name)))
            .Where(p => p.Place is not null);
        if (resolved.HitOf("client_kwargs") is { } client)
            places = places.Append((Bundle, (string?)Shown(client with { Key = $"{client.Key}.verify" })));
        return new(section + ".credentials", Path.Combine(configuration.Context.SettingsFolder, "secrets.toml"))
        {
            RegionSection = regionSection + ".credentials",
            Places = places.ToImmutableDictionary(p => p.Name, p => p.Place!),
        };
    }

    /// <inheritdoc/>
    public override string KeyOf(string member) => member switch
    {
        nameof(AwsCredentialOptions.AccessKeyId) => "aws_access_key_id",
        nameof(AwsCredentialOptions.SecretAccessKey) => "aws_secret_access_key",
        nameof(AwsCredentialOptions.SessionToken) => "aws_session_token",
        nameof(AwsCredentialOptions.ProfileName) => "profile_name",
        nameof(AwsCredentialOptions.RoleArn) => "role_arn",
        nameof(AwsCredentialOptions.ExternalId) => "external_id",
        nameof(AwsCredentialOptions.RoleSessionName) => "role_session_name",
        nameof(AwsCredentialOptions.RegionName) => "region_name",
        nameof(AwsCredentialOptions.EndpointUrl) => "endpoint_url",
        nameof(AwsCredentialOptions.UsesFips) => "use_fips_endpoint",
        nameof(AwsCredentialOptions.UsesDualStack) => "use_dualstack_endpoint",
        nameof(AwsCredentialOptions.CertificateBundle) => Bundle,
        _ => member,
    };

    /// <inheritdoc/>
    public override string PlaceOf(string member) => Places.TryGetValue(KeyOf(member), out var place) ? place : HomeOf(member);

    /// <summary>
    /// The place where a key belongs, such as <c>region_name in [destination.athena.credentials] of …/secrets.toml</c>. dlt's documentation
    /// page sets the region in the athena block only.
    /// </summary>
    public override string HomeOf(string member) =>
        $"{KeyOf(member)} in [{(member == nameof(AwsCredentialOptions.RegionName) ? RegionSection : section)}] of {file}";

    private static string Shown(LookupStep hit) =>
        hit.Provider == EnvironmentProvider.ProviderName ? $"the environment variable {hit.Key}"
            : $"'{hit.Key}' in {hit.Location ?? hit.Provider}";
}
