using Dlt.Configuration;
using Dlt.Internal;
using Dlt.Settings;
using Microsoft.Extensions.Logging;

namespace Dlt.Logging;

/// <summary>Settings of the log: <c>log_level</c> and <c>log_format</c> in the section <c>runtime</c>.</summary>
/// <param name="Level">The lowest level that is logged.</param>
/// <param name="Format">Form of the lines.</param>
internal sealed record LogSettings(LogLevel Level, LogFormat Format)
{
    /// <summary>The settings; null when neither is set, and warnings are plain lines.</summary>
    /// <exception cref="ConfigurationException">The level or a field of the format is not known.</exception>
    public static LogSettings? Read(DltConfiguration configuration, string? pipeline)
    {
        var values = new ConfigurationResolver(configuration, [], pipeline).Resolve(StepSpecs.Log).Values;
        var level = ProgramLog.CurrentLevel ?? Text(values["log_level"]);
        var format = Text(values["log_format"]);
        return level is null && format is null ? null : new(LevelOf(level), LogFormat.Parse(format ?? LogFormat.Default));
    }

    private static string? Text(JsonValue? value) => value is { Kind: JsonKind.String } ? value.AsString() : null;

    private static LogLevel LevelOf(string? name) => name switch
    {
        "CRITICAL" => LogLevel.Critical,
        "ERROR" => LogLevel.Error,
        "INFO" => LogLevel.Information,
        "DEBUG" => LogLevel.Debug,
        _ => LogLevel.Warning,
    };
}
