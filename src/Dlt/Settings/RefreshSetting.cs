namespace Dlt.Settings;

/// <summary>Maps the refresh modes to their names in the configuration and in packages.</summary>
internal static class RefreshSetting
{
    /// <summary>Parses the mode of a setting; null for none.</summary>
    /// <exception cref="ConfigurationException">The setting is not the name of a mode.</exception>
    public static RefreshMode? Parse(string? setting) => setting switch
    {
        null or "" => null,
        "drop_sources" => RefreshMode.DropSources,
        "drop_resources" => RefreshMode.DropResources,
        "drop_data" => RefreshMode.DropData,
        _ => throw new ConfigurationException(
            $"The setting refresh is '{setting}'. It can be drop_sources, drop_resources or drop_data. Nothing was run.")
        { Fields = ["refresh"] },
    };

    /// <summary>Returns the name of a mode.</summary>
    public static string NameOf(RefreshMode mode) => mode switch
    {
        RefreshMode.DropSources => "drop_sources",
        RefreshMode.DropResources => "drop_resources",
        _ => "drop_data",
    };
}
