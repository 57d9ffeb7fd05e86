using System.Globalization;
using Dlt.Configuration;
using Microsoft.Extensions.Logging;

namespace Dlt.Logging;

/// <summary>Writes a line to standard error for each entry, without the secrets of the configuration.</summary>
/// <param name="settings">Level and form.</param>
/// <param name="secrets">Secrets of the configuration.</param>
/// <param name="time">Clock for the times of log lines.</param>
internal sealed class TextLogger(LogSettings settings, SecretRegister secrets, TimeProvider time) : ILogger
{
    /// <summary>True when a line is a JSON object.</summary>
    public bool IsJson => settings.Format.IsJson;

    /// <summary>Opens the log of a configuration; null when it has none.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="pipeline">The pipeline, whose settings come first; null for none.</param>
    /// <param name="time">Clock for the times of log lines; null for the clock of the system.</param>
    /// <exception cref="ConfigurationException">The level or a field of the format is not known.</exception>
    public static TextLogger? Of(DltConfiguration configuration, string? pipeline = null, TimeProvider? time = null) =>
        LogSettings.Read(configuration, pipeline) is { } settings
            ? new(settings, configuration.Secrets, time ?? TimeProvider.System)
            : null;

    /// <summary>The same log with entries of all levels.</summary>
    public TextLogger WithAllLevels() => new(settings with { Level = LogLevel.Trace }, secrets, time);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= settings.Level && logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var message = secrets.Hide(formatter(state, exception));
        var line = new LogLine(time.GetLocalNow(), logLevel, LogMessages.Category, eventId, message);
        Console.Error.WriteLine(IsJson ? ToJson(line) : settings.Format.Write(line));
    }

    /// <summary>The members of dlt's formatter; <c>module</c> and <c>line_no</c> are name and id of the event.</summary>
    private static string ToJson(LogLine line)
    {
        var at = line.At.ToUniversalTime();
        return JsonText.Write(JsonValue.Object(
            ("written_at", JsonValue.String(at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))),
            ("written_ts", JsonValue.Integer((at - DateTimeOffset.UnixEpoch).Ticks * 100)),
            ("msg", JsonValue.String(line.Message)),
            ("type", JsonValue.String("log")),
            ("logger", JsonValue.String(line.Category)),
            ("thread", JsonValue.String(line.ThreadName)),
            ("level", JsonValue.String(LogFormat.NameOf(line.Level))),
            ("module", JsonValue.String(line.Event.Name ?? "")),
            ("line_no", JsonValue.Integer(line.Event.Id))));
    }
}
