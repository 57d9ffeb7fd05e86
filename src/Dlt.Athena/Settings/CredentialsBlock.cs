using System.Collections.Immutable;
using Dlt.Aws;
using Dlt.Configuration;

namespace Dlt.Destinations;

/// <summary>Where the settings of a login stand, as errors name it: the block, the key and the file or variable.</summary>
/// <param name="section">The section, such as destination.athena.credentials.</param>
/// <param name="file">The file where its keys belong.</param>
internal sealed class CredentialsBlock(string section, string file) : AwsCredentialOrigin
{
    private const string RegionSection = "destination.athena.credentials";

    /// <summary>A block that no settings file describes: its values come from code.</summary>
    public static CredentialsBlock OfCode { get; } = new(RegionSection, Path.Combine(".dlt", "secrets.toml"));

    /// <inheritdoc/>
    public override string Name => $"[{section}]";

    /// <inheritdoc/>
    public override string File => file;

    /// <inheritdoc/>
    public override string WithoutAccount => "add --local to run without an AWS account";

    /// <summary>The places of the keys that are set, by the name of their field.</summary>
    private ImmutableDictionary<string, string> Places { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The block of a record that embeds credentials.</summary>
    /// <param name="configuration">Where the values come from.</param>
    /// <param name="section">The section of the record, such as destination.athena.</param>
    /// <param name="resolved">The record with its look-ups.</param>
    public static CredentialsBlock Of(DltConfiguration configuration, string section, ResolvedConfiguration resolved)
    {
        var native = resolved.Natives.GetValueOrDefault("credentials")?.Place;
        var places = AthenaSpecs.Credentials.Fields.Where(f => resolved.Values["credentials"]?[f.Name] is { IsNull: false })
            .Select(f => (f.Name, Place: resolved.HitOf(f.Name) is { } hit ? Shown(hit) : native is null ? null
                : $"'{f.Name}' in {native}"))
            .Where(p => p.Place is not null);
        return new(section + ".credentials", Path.Combine(configuration.Context.SettingsFolder, "secrets.toml"))
        {
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
        nameof(AwsCredentialOptions.RegionName) => "region_name",
        nameof(AwsCredentialOptions.EndpointUrl) => "endpoint_url",
        _ => member,
    };

    /// <inheritdoc/>
    public override string PlaceOf(string member) => Places.TryGetValue(KeyOf(member), out var place) ? place : HomeOf(member);

    /// <summary>Where a key belongs: <c>region_name in [destination.athena.credentials] of …/secrets.toml</c>. The documentation page of
    /// dlt sets the region in the athena block only.</summary>
    public override string HomeOf(string member) =>
        $"{KeyOf(member)} in [{(member == nameof(AwsCredentialOptions.RegionName) ? RegionSection : section)}] of {file}";

    private static string Shown(LookupStep hit) =>
        hit.Provider == EnvironmentProvider.ProviderName ? $"the environment variable {hit.Key}"
            : $"'{hit.Key}' in {hit.Location ?? hit.Provider}";
}
