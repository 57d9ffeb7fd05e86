using System.Collections.Immutable;
using Dlt.Aws;

namespace Dlt.Destinations.Settings;

/// <summary>
/// Reads the members of <c>config_kwargs</c> about time limits, attempts and connections, with botocore's names (botocore documentation,
/// Config).
/// </summary>
internal static class ConnectionSettings
{
    /// <summary>Members of <c>config_kwargs</c> that are read here.</summary>
    public static readonly ImmutableArray<string> Names =
    [
        "connect_timeout", "read_timeout", Retries, "max_pool_connections", "user_agent_appid", "request_checksum_calculation",
        "response_checksum_validation",
    ];

    private const string Retries = "retries";
    private const string WhenSupported = "when_supported";
    private const int LongestAppId = 50;

    private static readonly ImmutableArray<string> Checksums = [WhenSupported, "when_required"];

    private static readonly ImmutableArray<string> Modes = ["legacy", "standard", "adaptive"];

    /// <summary>Reads the members.</summary>
    /// <param name="config">The map <c>config_kwargs</c>.</param>
    /// <exception cref="ConfigurationException">A value does not fit.</exception>
    public static S3ConnectionOptions Read(SettingMap config) => new()
    {
        ConnectTimeout = Seconds(config, "connect_timeout"),
        ReadTimeout = Seconds(config, "read_timeout"),
        MaxAttempts = AttemptsOf(new(config.NameOf(Retries), config.Map(Retries))),
        MaxConnections = config.Whole("max_pool_connections", 1),
        AppId = AppIdOf(config),
        SendsChecksums = IsWhenSupported(config, "request_checksum_calculation"),
        ComparesChecksums = IsWhenSupported(config, "response_checksum_validation"),
    };

    /// <summary>
    /// Reads the number of attempts. botocore's <c>max_attempts</c> does not count the first attempt, and <c>total_max_attempts</c>, which
    /// does, wins. The mode has no effect: waits always adapt to what the service bears.
    /// </summary>
    private static int? AttemptsOf(SettingMap retries)
    {
        retries.Only(["total_max_attempts", "max_attempts", "mode"]);
        retries.Choice("mode", Modes);
        return retries.Whole("total_max_attempts", 1) ?? (retries.Whole("max_attempts", 0) is { } further ? further + 1 : null);
    }

    private static string? AppIdOf(SettingMap config)
    {
        const string key = "user_agent_appid";
        var id = config.Text(key);
        return id is { Length: > LongestAppId } ? throw config.Wrong(key, $"at most {LongestAppId} characters long") : id;
    }

    private static TimeSpan? Seconds(SettingMap config, string key) =>
        config.Positive(key) is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(1).TotalSeconds)) : null;

    private static bool? IsWhenSupported(SettingMap config, string key) =>
        config.Choice(key, Checksums) is { } when ? when == WhenSupported : null;
}
