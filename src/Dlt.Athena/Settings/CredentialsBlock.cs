using System.Collections.Immutable;
using Dlt.Configuration;

namespace Dlt.Destinations;

/// <summary>Where the settings of a login stand, as errors name it: the block, the key and the file or variable.</summary>
/// <param name="Name">The section, such as destination.athena.credentials.</param>
/// <param name="File">The file where its keys belong.</param>
internal sealed record CredentialsBlock(string Name, string File)
{
    /// <summary>A block that no settings file describes: its values come from code.</summary>
    public static CredentialsBlock OfCode { get; } = new("destination.athena.credentials", Path.Combine(".dlt", "secrets.toml"));

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

    /// <summary>Where a key stands, or where it belongs if it is not set.</summary>
    public string PlaceOf(string key) => Places.TryGetValue(key, out var place) ? place : HomeOf(key);

    /// <summary>Where a key belongs: <c>region_name in [destination.athena.credentials] of …/secrets.toml</c>.</summary>
    public string HomeOf(string key) => $"{key} in [{Name}] of {File}";

    private static string Shown(LookupStep hit) =>
        hit.Provider == EnvironmentProvider.ProviderName ? $"the environment variable {hit.Key}"
            : $"'{hit.Key}' in {hit.Location ?? hit.Provider}";
}
