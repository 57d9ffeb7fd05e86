using System.Collections.Immutable;

namespace Dlt.Settings;

/// <summary>Maps the refresh modes to their names in the configuration and in packages.</summary>
internal static class RefreshSetting
{
    /// <summary>The names of all modes.</summary>
    public static ImmutableArray<string> All { get; } = [.. Enum.GetValues<RefreshMode>().Select(NameOf)];

    /// <summary>Parses the mode of a setting; null for none.</summary>
    /// <param name="setting">One of <see cref="All"/>, which the resolver of settings checks, an empty text or null.</param>
    public static RefreshMode? Parse(string? setting) => setting switch
    {
        "drop_sources" => RefreshMode.DropSources,
        "drop_resources" => RefreshMode.DropResources,
        "drop_data" => RefreshMode.DropData,
        _ => null,
    };

    /// <summary>Returns the name of a mode.</summary>
    public static string NameOf(RefreshMode mode) => mode switch
    {
        RefreshMode.DropSources => "drop_sources",
        RefreshMode.DropResources => "drop_resources",
        _ => "drop_data",
    };
}
